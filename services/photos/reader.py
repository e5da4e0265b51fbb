"""Reads a photo in a program of its own, within limits: what goes wrong there goes wrong there only."""

import json
import logging
import subprocess
from importlib.util import find_spec
from typing import Any

from services.photos.licence import read_scanned, understand
from services.photos.lines import Line
from services.photos.reading import PhotoError, Reading, Trouble
from services.programs import ask_program

MOST_BYTES = 10 << 20  # WeChat's own limit of a picture
SCAN_SECONDS, READ_SECONDS = 10, 40
NEEDED = ("PIL", "onnxruntime", "rapidocr", "zxingcpp")  # the extra [ocr]

log = logging.getLogger(__name__)


def can_read() -> bool:
    """Whether the extra [ocr] is installed."""
    return all(find_spec(name) for name in NEEDED)


def read_photo(content: bytes) -> Reading:
    """What a photo asks for, or its trouble; takes seconds. A QR code with a code in it is enough.

    The picture is in memory only, here and there.
    """
    if len(content) > MOST_BYTES:
        return Reading(trouble=Trouble.TOO_BIG)
    try:
        scanned = run("services.photos.scanning", content, SCAN_SECONDS)
        reading = read_scanned(scanned)
        if reading.code:
            return reading
        found = run("services.photos.recognising", content, READ_SECONDS)
    except PhotoError as error:
        return Reading(trouble=error.trouble)
    lines = [Line(text, score, tuple((x, y) for x, y in corners)) for text, score, corners in found]
    return understand(lines, scanned)


def run(program: str, content: bytes, seconds: float) -> list[Any]:
    """What a program finds in a picture; PhotoError when it finds no end. It is given no secret of ours."""
    try:
        answer = json.loads(ask_program(program, content, seconds))
    except (subprocess.SubprocessError, ValueError, OSError) as error:
        log.error("a photo could not be read: %s of %s", type(error).__name__, program)
        raise PhotoError(Trouble.FAILED) from None
    if "trouble" in answer:
        raise PhotoError(Trouble(answer["trouble"]))
    found: list[Any] = answer["found"]
    return found
