"""A peer under load: Flask and wechatpy as wechatpy's documents show, a constant reply, nothing stored."""

import os
import sys

from flask import Flask, request
from granian import Granian
from granian.constants import Interfaces
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply

ANSWER = "发企业名称，查它的信用档案。\n" * 8


def create_app() -> Flask:
    """One route."""
    app = Flask(__name__)
    crypto = WeChatCrypto(os.environ["WECHAT_TOKEN"], os.environ["WECHAT_AES_KEY"], os.environ["WECHAT_APP_ID"])

    @app.post("/wechat")
    def receive() -> str:
        signature, timestamp = request.args["msg_signature"], request.args["timestamp"]
        message = parse_message(crypto.decrypt_message(request.data, signature, timestamp, request.args["nonce"]))
        reply = TextReply(content=ANSWER, message=message).render()
        sealed: str = crypto.encrypt_message(reply, request.args["nonce"], timestamp)
        return sealed

    return app


if __name__ == "__main__":
    Granian(
        "benchmarks.peer_server:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address="127.0.0.1",
        port=int(sys.argv[1]),
        workers=1,
        log_enabled=False,
    ).serve()
