"""What a program that looks at a citizen's picture may use: a picture made to do harm must not reach further."""

import json
import os
import resource
import sys
from collections.abc import Callable
from typing import Any

from services.photos.reading import PhotoError

MOST_MEMORY = 3 << 30  # bytes of addresses, of which the models use a quarter
MOST_SECONDS = 40  # of CPU
NICE = 10  # citizens who write are answered first


def run_program(look: Callable[[bytes], list[Any]]) -> None:
    """A whole program: the picture from standard input, what `look` finds in it as JSON to standard output."""
    restrict()
    try:
        answer: dict[str, Any] = {"found": look(sys.stdin.buffer.read())}
    except PhotoError as error:
        answer = {"trouble": error.trouble}
    sys.stdout.write(json.dumps(answer))


def restrict() -> None:
    """No file can be written, no core dumped; memory and time end."""
    os.nice(NICE)
    for kind, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
