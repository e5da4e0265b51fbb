"""The command line: reads options and environment, serves until it is told to stop."""

import argparse
import dataclasses
import os
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from simulator import saving
from simulator.app import create_simulator
from simulator.config import Config, ConfigError, Mode

OPTIONS: dict[str, tuple[Any, str]] = {
    "host": (str, "address to listen on / 监听地址"),
    "port": (int, "port to listen on / 端口"),
    "webhook": (str, "your server's URL, which receives the messages / 你的服务器地址 (URL)"),
    "app_id": (str, "AppID"),
    "notice_template": (str, "template id of the notice 活动开始提醒 / 订阅通知“活动开始提醒”的模板编号"),
    "app_secret": (str, "AppSecret; better by environment, command lines are visible / 建议用环境变量"),
    "token": (str, "令牌 (Token)"),
    "aes_key": (str, "消息加解密密钥 (EncodingAESKey), 43 characters"),
    "mode": (Mode, "plain, compatible or safe / 明文、兼容、安全"),
    "account_name": (str, "the name in the chat's title / 公众号名称"),
    "account_id": (str, "原始ID, gh_…"),
    "state": (Path, "JSON file that keeps users, menu and quotas / 状态文件"),
    "wait_seconds": (float, "how long WeChat waits for an answer / 等待秒数"),
    "tries": (int, "deliveries of one message in all / 总投递次数 (1-4)"),
    "event_delay": (float, "seconds before results such as MASSSENDJOBFINISH are pushed / 结果事件延迟"),
}


class QuietHandler(WSGIRequestHandler):
    """Keeps connections open and writes no access log: the inspector shows more."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's own name
        if type == "error":
            sys.stderr.write(f"{message % args if args else message}\n")


def read_config(arguments: Sequence[str]) -> Config:
    """Options win over SIMULATOR_… variables, which win over the defaults."""
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description="A WeChat to practise against. Every option is also SIMULATOR_<NAME> in the environment.",
    )
    defaults = {f.name: f.default for f in dataclasses.fields(Config) if f.default is not dataclasses.MISSING}
    for name, (kind, words) in OPTIONS.items():
        shown = f" (default {defaults[name]})" if defaults.get(name) else ""
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, help=words + shown)
    given = vars(parser.parse_args(arguments))
    values = {name: _value(name, given[name], defaults.get(name, "")) for name in OPTIONS}
    config = Config(**values)
    config.check()
    return config


def _value(name: str, given: Any, default: Any) -> Any:
    if given is not None:
        return given
    text = os.environ.get(f"SIMULATOR_{name.upper()}", "")
    if not text:
        return default
    try:
        return OPTIONS[name][0](text)
    except ValueError as error:
        raise ConfigError(f"SIMULATOR_{name.upper()} is not valid / 无效: {text}") from error


def bind(config: Config) -> socket.socket:
    """Take the port, or say plainly that it is taken."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((config.host, config.port))
    except OSError as error:
        listener.close()
        raise ConfigError(
            f"cannot listen on {config.host}:{config.port} / 端口被占用或不可用: {error.strerror}"
        ) from error
    listener.listen(128)
    return listener


def build_server(config: Config, listener: socket.socket) -> BaseWSGIServer:
    """Werkzeug with a thread per connection: cutting one needs the real socket, and a phone needs little."""
    app = create_simulator(config)
    return make_server(
        config.host,
        config.port,
        app,
        threaded=True,
        request_handler=QuietHandler,
        fd=listener.fileno(),
    )


def serve(config: Config) -> None:
    """Serve until SIGINT or SIGTERM."""
    listener = bind(config)
    server = build_server(config, listener)
    world = server.app.extensions["simulator"]  # type: ignore[attr-defined]
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        threading.Thread(target=server.shutdown).start()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    if config.state:
        saving.load(world, config.state)
        threading.Thread(target=saving.keep_saving, args=(world, config.state, stopped), daemon=True).start()
    sys.stdout.write(f"手机 phone      {config.base_url}/\n")
    sys.stdout.write(f"接口 platform   {config.base_url}/cgi-bin/…\n")
    sys.stdout.write(f"回调 webhook    {config.webhook} ({config.mode})\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.1)
    stopped.set()
    if config.state:
        saving.save(world, config.state)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, or 1 with one line for a mistake of the person who started it."""
    try:
        serve(read_config(sys.argv[1:] if arguments is None else arguments))
    except ConfigError as error:
        sys.stderr.write(f"simulator: {error}\n")
        return 1
    return 0
