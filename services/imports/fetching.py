"""Asking an address for a sheet: https only, allowed hosts only, no private network, bounded in size and time."""

import ipaddress
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import urlsplit

import certifi
import urllib3
from urllib3.exceptions import HTTPError

from services.errors import UserError
from services.imports.reading import MOST_BYTES

CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 5.0, 30.0, 300.0
PIECE = 64 * 1024
HTTPS_PORT = 443


def is_public(address: str) -> bool:
    """Not of this machine, of a private network, or of any other special use; also behind an IPv6 form."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        hidden = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if hidden is not None:
            return False
    return ip.is_global and not ip.is_multicast


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host."""
    return sorted({str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})


@dataclass(frozen=True)
class Fetcher:
    """Fetches files; what is allowed can be told otherwise for tests only."""

    allowed_hosts: frozenset[str]
    is_allowed: Callable[[str], bool] = is_public
    resolve: Callable[[str, int], list[str]] = resolve
    ca_certs: str = field(default_factory=certifi.where)
    most_bytes: int = MOST_BYTES
    whole_seconds: float = WHOLE_SECONDS

    def fetch(self, url: str, target: BinaryIO, etag: str = "", token: str = "") -> str | None:
        """Write what the address gives into `target`; its ETag, or None when it is as it was. UserError if it fails."""
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or HTTPS_PORT
        if parts.scheme != "https" or host not in self.allowed_hosts:
            raise UserError(f"{host} 不在允许的主机中，没有访问")
        headers = {"Host": parts.netloc, "User-Agent": "chengxin", "Accept": "*/*"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        # The connection goes to the address that was looked at: a second answer of the name server cannot lead away.
        pool = urllib3.HTTPSConnectionPool(
            self.find_address(host, port), port, timeout=urllib3.Timeout(CONNECT_SECONDS, READ_SECONDS), retries=False,
            cert_reqs="CERT_REQUIRED", ca_certs=self.ca_certs, server_hostname=host, assert_hostname=host,
        )  # fmt: skip
        try:
            answer = pool.request("GET", path, headers=headers, preload_content=False, redirect=False)
            return self.take(answer, host, target)
        except (HTTPError, OSError) as error:
            raise UserError(f"{host} 没有给出文件（{type(error).__name__}）") from None
        finally:
            pool.close()

    def find_address(self, host: str, port: int) -> str:
        """Where the host is; UserError when any of its addresses is not public."""
        try:
            addresses = self.resolve(host, port)
        except OSError:
            raise UserError(f"{host} 的地址查不到") from None
        if not addresses or not all(map(self.is_allowed, addresses)):
            raise UserError(f"{host} 指向内部网络，没有访问")
        return addresses[0]

    def take(self, answer: urllib3.BaseHTTPResponse, host: str, target: BinaryIO) -> str | None:
        """The body, piece by piece."""
        if answer.status == 304:
            return None
        if answer.status != 200:
            raise UserError(f"{host} 回答 HTTP {answer.status}")
        began, size = time.monotonic(), 0
        for piece in answer.stream(PIECE, decode_content=True):
            size += len(piece)
            if size > self.most_bytes:
                raise UserError(f"{host} 的文件超过 {self.most_bytes >> 20} MB")
            if time.monotonic() - began > self.whole_seconds:
                raise UserError(f"{host} 太慢，{self.whole_seconds:.0f} 秒内没有传完")
            target.write(piece)
        target.flush()
        return answer.headers.get("ETag", "")[:200]
