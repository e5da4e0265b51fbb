"""Valid, signed, encrypted messages over kept connections: as fast as they are answered, or at a given rate."""

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from bot.crypto import Envelope

HOST = "127.0.0.1"
CITIZENS = 200  # who write in turn, so that hardly ever one waits for its own last message
NUMBERS = count(int(time.time()) * 1_000_000)

Say = Callable[[int], tuple[str, str]]  # of the n-th message: who (openid), what


@dataclass(frozen=True)
class Measured:
    """One run; latencies in milliseconds."""

    seconds: float
    latencies: list[float]
    wrong: int  # answers that were not 200 with an encrypted reply

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """0.5: half of the answers came within this."""
        return statistics.quantiles(self.latencies, n=1000)[int(share * 1000) - 1]


def seal_request(envelope: Envelope, openid: str, text: str) -> bytes:
    """A whole HTTP request with a message that nobody sent before."""
    second = int(time.time())
    message = (
        f"<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[{openid}]]></FromUserName>"
        f"<CreateTime>{second}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{text}]]></Content><MsgId>{next(NUMBERS)}</MsgId></xml>"
    )
    sealed = envelope.seal(message.encode(), second)
    body = f"<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[{sealed.encrypt}]]></Encrypt></xml>".encode()
    plain = envelope.sign(sealed.timestamp, sealed.nonce, "")
    query = (
        f"signature={plain}&timestamp={sealed.timestamp}&nonce={sealed.nonce}"
        f"&encrypt_type=aes&msg_signature={sealed.signature}"
    )
    lines = (
        f"POST /wechat?{query} HTTP/1.1",
        f"Host: {HOST}",
        "Content-Type: text/xml",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*lines, "", "")).encode() + body


def name_citizen(number: int, row: str = "") -> str:
    """The openid of the n-th message's writer; each row of a table has its own, who are in the middle of nothing."""
    return f"oBench{row:0>2}{number % CITIZENS:020d}"


def repeat(texts: Sequence[str], row: str = "") -> Say:
    """These texts in turn, by citizens in turn."""
    return lambda number: (name_citizen(number, row), texts[number % len(texts)])


def seal_requests(envelope: Envelope, say: Say, many: int) -> list[bytes]:
    """Sealed beforehand, so that the sealing costs the run nothing."""
    return [seal_request(envelope, *say(number)) for number in range(many)]


async def ask(line: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes) -> bool:
    """Send one request and read its answer; whether it was an encrypted reply."""
    reader, writer = line
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
    body = await reader.readexactly(length)
    return head.startswith(b"HTTP/1.1 200") and b"<Encrypt>" in body


async def drive(port: int, requests: list[bytes], connections: int, rate: float | None) -> Measured:
    """All requests over so many connections. With a rate each has its moment, and its latency begins there."""
    waiting: Iterator[tuple[int, bytes]] = iter(enumerate(requests))
    latencies: list[float] = []
    wrong = 0
    began = time.perf_counter()

    async def work() -> None:
        nonlocal wrong
        line = await asyncio.open_connection(HOST, port)
        for number, request in waiting:
            moment = time.perf_counter()
            if rate is not None:
                due = began + number / rate
                await asyncio.sleep(max(due - moment, 0))
                moment = due
            wrong += not await ask(line, request)
            latencies.append((time.perf_counter() - moment) * 1000)
        line[1].close()

    await asyncio.gather(*(work() for _ in range(connections)))
    return Measured(time.perf_counter() - began, latencies, wrong)


def send_all(port: int, requests: list[bytes], connections: int = 16, rate: float | None = None) -> Measured:
    """drive, for who has no loop."""
    return asyncio.run(drive(port, requests, connections, rate))
