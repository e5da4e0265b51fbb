"""Opens a foreign address to see whether it opens: public hosts only, wherever it leads, nothing read, nothing told."""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from models.campaign_words import LinkState

MOST_HOPS = 4
PORTS = {"http": 80, "https": 443}
GONE = {404, 410}
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
AGENT = "Mozilla/5.0 (compatible; ChengxinLinkCheck/1.0)"
# The first that fits; all of it may pass, or be ours.
FAULTS: tuple[tuple[type[Exception], str], ...] = (
    (socket.gaierror, "查不到这个域名"),
    (TimeoutError, "很久没有回答"),
    (ssl.SSLError, "安全证书有问题"),
    (Exception, "连不上"),
)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Allows = Callable[[Address], bool]


@dataclass(frozen=True)
class Look:
    """What is known of an address, with words for the editor."""

    state: LinkState
    note: str = ""


class RefusedError(Exception):
    """We do not go there: it is not on the public net."""


def is_public(address: Address) -> bool:
    """Neither this machine, nor this network, nor anything special (RFC 6890); NAT64 and mapped addresses too."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


def is_standard(parts: SplitResult) -> bool:
    """The usual port of the scheme: no way to try the doors of other services."""
    return parts.port in {None, PORTS[parts.scheme]}


def look_at_address(
    url: str, seconds: float, allows: Allows = is_public, goes_to: Callable[[SplitResult], bool] = is_standard
) -> Look:
    """Whether the address opens. Only what is sure is said to be dead; everything else is not known."""
    try:
        for _ in range(MOST_HOPS):
            status, further = ask(url, seconds, allows, goes_to)
            if not further:
                return judge(status)
            url = urljoin(url, further)
        return Look(LinkState.UNKNOWN, "转了太多次")
    except RefusedError as error:
        return Look(LinkState.DEAD, str(error))
    except (OSError, http.client.HTTPException, ValueError, UnicodeError) as error:
        return Look(LinkState.UNKNOWN, next(words for kind, words in FAULTS if isinstance(error, kind)))


def judge(status: int) -> Look:
    """By the answer's status (RFC 9110)."""
    if status < 400:
        return Look(LinkState.ALIVE)
    if status in GONE:
        return Look(LinkState.DEAD, "对方说没有这个页面")
    return Look(LinkState.UNKNOWN, f"对方回答 {status}")


def ask(url: str, seconds: float, allows: Allows, goes_to: Callable[[SplitResult], bool]) -> tuple[int, str]:
    """One request: its status, and where it leads to ("" for nowhere). The body is not read."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise RefusedError("不是网址")
    if parts.username or parts.password or not goes_to(parts):
        raise RefusedError("网址带有口令或特殊端口")
    host, port = parts.hostname.encode("idna").decode(), parts.port or PORTS[parts.scheme]
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    connection.sock = connect(host, port, seconds, allows, is_secret=parts.scheme == "https")
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", encode(path), headers={"User-Agent": AGENT, "Accept": "*/*"})
        answer = connection.getresponse()
        is_moved = answer.status in {301, 302, 303, 307, 308}
        return answer.status, (answer.getheader("Location") or "") if is_moved else ""
    finally:
        connection.close()


def connect(host: str, port: int, seconds: float, allows: Allows, *, is_secret: bool) -> socket.socket:
    """To the very address that was looked at: a name that answers otherwise the second time leads nowhere."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(one[4][0]).split("%")[0]) for one in found]
    if not addresses or not all(map(allows, addresses)):
        raise RefusedError("是内网地址，市民打不开")
    plain = socket.create_connection((str(addresses[0]), port), timeout=seconds)
    if not is_secret:
        return plain
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def encode(path: str) -> str:
    """Chinese letters in an address as browsers send them."""
    return "".join(
        letter if letter.isascii() else "".join(f"%{byte:02X}" for byte in letter.encode()) for letter in path
    )
