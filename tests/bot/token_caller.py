"""Threads of one process that all send at once, whenever a line comes: `python -m tests.bot.token_caller URL API`."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from bot.api_errors import GatewayError
from bot.gateway import Gateway
from models.database import Database
from tests.citizen import make_settings, real_now
from tests.conftest import VAULT

THREADS = 8
HELLO = {"msgtype": "text", "text": {"content": "您好"}}


def main(url: str, api: str) -> None:
    """Says `ready`, then for each line how many of the threads have sent."""
    gateway = Gateway(make_settings(wechat_api_url=api), Database(url, VAULT), real_now)
    barrier = threading.Barrier(THREADS)

    def send(_: int) -> bool:
        barrier.wait()
        try:
            gateway.send_customer_service("o1", HELLO)
        except GatewayError:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        answer("ready")
        for _ in sys.stdin:
            answer(str(sum(pool.map(send, range(THREADS)))))


def answer(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
