"""Programs of our own for what strangers send: they see no secret and write no file; their memory and time end."""

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PYTHONIOENCODING": "utf-8",
    # A thread of a numeric library takes addresses of its own: on many cores more than the program may have.
    "OMP_NUM_THREADS": "2",
    "OPENBLAS_NUM_THREADS": "2",
}
MOST_MEMORY = 3 << 30  # bytes of addresses, of which the models that read photos use a quarter
MOST_SECONDS = 40  # of CPU
NICE = 10  # citizens who write are answered first


def ask_program(program: str, content: bytes, seconds: float) -> bytes:
    """What it answers to its input; SubprocessError or OSError where it finds no end."""
    done = subprocess.run(  # noqa: S603 - a program of ours, the content is its input
        [sys.executable, "-B", "-m", program],
        input=content,
        capture_output=True,
        timeout=seconds,
        cwd=ROOT,
        env=surroundings(),
        check=True,
    )
    return done.stdout


def start_program(program: str, word: str, source: BinaryIO) -> subprocess.Popen[bytes]:
    """One that answers while it reads an open file; whoever starts it ends it."""
    return subprocess.Popen(  # noqa: S603 - a program of ours, the file is its input
        [sys.executable, "-B", "-m", program, word],
        stdin=source.fileno(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=surroundings(),
    )


def surroundings() -> dict[str, str]:
    """All that it sees of our environment."""
    return {"PATH": os.environ.get("PATH", "")} | ENVIRONMENT


def restrict(memory: int = MOST_MEMORY, seconds: int = MOST_SECONDS, nice: int = NICE) -> None:
    """Within the program, before it reads: no file can be written, no core dumped; memory and time end."""
    os.nice(nice)
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
