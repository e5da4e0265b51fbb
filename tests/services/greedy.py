"""In place of a program that looks at pictures: one that a hostile picture has taken over."""

import os
import time
from pathlib import Path

from services.photos.bounds import run_program


def take(content: bytes) -> list[str]:
    """What the picture says: memory, a file, time, an end without a word; or what it can see of our secrets."""
    match content:
        case b"memory":
            return [str(len(bytearray(8 << 30)))]
        case b"time":
            time.sleep(60)
        case b"end":
            os.kill(os.getpid(), 9)
        case path if path.startswith(b"/"):
            Path(os.fsdecode(path)).write_bytes(content)
    return sorted(os.environ)


if __name__ == "__main__":
    run_program(take)
