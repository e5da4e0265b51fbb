"""A program that looks at a citizen's picture: one made to do harm must not reach further."""

import json
import sys
from collections.abc import Callable
from typing import Any

from services.photos.reading import PhotoError
from services.programs import restrict


def run_program(look: Callable[[bytes], list[Any]]) -> None:
    """A whole program: the picture from standard input, what `look` finds in it as JSON to standard output."""
    restrict()
    try:
        answer: dict[str, Any] = {"found": look(sys.stdin.buffer.read())}
    except PhotoError as error:
        answer = {"trouble": error.trouble}
    sys.stdout.write(json.dumps(answer))
