"""The floor of a message: check, decrypt, parse, reply, encrypt; ours beside wechatpy's, in one process."""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence

from wechatpy import parse_message as peer_parse
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply

from bot.crypto import Envelope
from bot.messages import parse_message
from bot.replies import Text, render_reply
from bot.xml import read_fields

TOKEN, APP_ID, KEY = "r7Tq2Lx9Vb4N", "wx5a1b2c3d4e5f6071", "Zk3vT9bQm5LxR2wYc8NfH7jDpE4sGaU6iKoV1yBtXrM"
MESSAGE = (
    "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[oABCDEFGHIJKLMNOPQRSTUVWXYZ1]]>"
    "</FromUserName><CreateTime>1795226253</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[湖南稻花屿食品有限公司]]></Content><MsgId>23000000000000001</MsgId></xml>"
)
ANSWER = "湖南稻花屿食品有限公司\n登记状态：存续\n" * 6
SECOND = 1795226253
ROUNDS, TIMES = 7, 400


def ours(envelope: Envelope, signature: str, body: bytes) -> None:
    """One message through this project's codec."""
    encrypt = read_fields(body)["Encrypt"]
    if not envelope.is_signed(signature, str(SECOND), "nonce", encrypt):
        raise ValueError("signature")
    message = parse_message(envelope.open(encrypt))
    envelope.seal(render_reply(Text(ANSWER), message.openid, message.account, SECOND), SECOND).render()


def theirs(crypto: WeChatCrypto, signature: str, body: bytes) -> None:
    """One message through wechatpy's."""
    message = peer_parse(crypto.decrypt_message(body, signature, str(SECOND), "nonce"))
    crypto.encrypt_message(TextReply(content=ANSWER, message=message).render(), "nonce", str(SECOND))


def microseconds(act: Callable[[], None]) -> float:
    """Median CPU time of one call, over several rounds."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(TIMES):
            act()
        rounds.append((time.process_time() - began) / TIMES * 1e6)
    return statistics.median(rounds)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print both and their ratio."""
    argparse.ArgumentParser(description=__doc__).parse_args(arguments)
    envelope, crypto = Envelope(TOKEN, APP_ID, [KEY]), WeChatCrypto(TOKEN, KEY, APP_ID)
    sealed = envelope.seal(MESSAGE.encode(), SECOND)
    encrypt = read_fields(sealed.render())["Encrypt"]
    body = f"<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>".encode()
    signature = envelope.sign(str(SECOND), "nonce", encrypt)
    peer = microseconds(lambda: theirs(crypto, signature, body))
    own = microseconds(lambda: ours(envelope, signature, body))
    print(f"wechatpy {peer:.0f} µs a message, ours {own:.0f} µs: {own / peer:.2f} of it")


if __name__ == "__main__":
    main()
