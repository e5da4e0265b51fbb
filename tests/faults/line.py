"""A line between two programs that can be cut, delayed and led elsewhere: a TCP proxy in threads."""

import itertools
import socket
import struct
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

HOST = "127.0.0.1"
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close with RST, as a line that breaks


class Line:
    """Listens on `port` and leads to the first of `targets`, in turn, that takes the connection."""

    def __init__(self, targets: Sequence[int]) -> None:
        self.targets, self.turn = list(targets), itertools.count()
        self.delay_seconds = 0.0  # before each piece of an answer
        self.cut_every = 0  # every n-th piece of an answer is cut in the middle, and the connection with it
        self.answers = itertools.count(1)
        self.is_down = False
        self.cut_count = 0
        self.ends: set[socket.socket] = set()
        self.listener = socket.create_server((HOST, 0), backlog=512)
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        """Until closed."""
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                threading.Thread(target=self.carry, args=(near,), daemon=True).start()

    def carry(self, near: socket.socket) -> None:
        """One connection."""
        number = next(self.turn)
        far = None if self.is_down else self.reach(number)
        if far is None:
            break_off(near)
            return
        self.ends |= {near, far}
        back = threading.Thread(target=self.pump, args=(far, near), daemon=True)
        back.start()
        self.pump(near, far, is_answer=False)
        back.join()
        self.ends -= {near, far}
        for end in (near, far):
            end.close()

    def reach(self, number: int) -> socket.socket | None:
        """A connection to one that listens."""
        for place in range(len(self.targets)):
            with suppress(OSError):
                return socket.create_connection((HOST, self.targets[(number + place) % len(self.targets)]), timeout=60)
        return None

    def pump(self, source: socket.socket, target: socket.socket, *, is_answer: bool = True) -> None:
        """From one end to the other, until either is closed."""
        with suppress(OSError):
            while piece := source.recv(65_536):
                if is_answer and self.delay_seconds:
                    time.sleep(self.delay_seconds)
                if is_answer and self.cut_every and next(self.answers) % self.cut_every == 0:
                    self.cut_count += 1
                    target.sendall(piece[: len(piece) // 2])
                    break_off(target)
                    break
                target.sendall(piece)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        """Every connection there is, at once."""
        for end in list(self.ends):
            self.cut_count += 1
            break_off(end)

    def close(self) -> None:
        """For good."""
        self.is_down = True
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.cut()


def break_off(end: socket.socket) -> None:
    """Close with a reset."""
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        end.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        end.close()
