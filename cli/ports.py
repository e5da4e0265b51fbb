"""Whether a port can be listened on."""

import errno
import socket

from services.errors import UserError


def check_port(host: str, port: int, setting: str = "PORT") -> None:
    """UserError with what to do when the port is taken, forbidden or the address is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as trouble:
            if trouble.errno == errno.EADDRINUSE:
                raise UserError(f"端口 {port} 已被占用，请换一个，例如 {setting}={port + 100}") from None
            if trouble.errno == errno.EACCES:
                raise UserError(f"没有权限使用端口 {port}，请用 1024 以上的端口") from None
            raise UserError(f"不能在 {host}:{port} 上监听：{trouble.strerror or trouble}") from None
