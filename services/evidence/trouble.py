"""Why evidence is not taken or not shown, with the words for it."""

import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Any

from services.errors import UserError

WORDS: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


class Trouble(StrEnum):
    """The reasons; each has its words in words.toml."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY = "too_many"
    UNKNOWN_KIND = "unknown_kind"
    OLD_OFFICE = "old_office"
    MACROS = "macros"
    BROKEN = "broken"
    HARMFUL = "harmful"  # two kinds in one, or made to burst
    INFECTED = "infected"
    DISK_FULL = "disk_full"
    BUSY = "busy"
    EXPIRED = "expired"  # WeChat has forgotten it
    UNREACHABLE = "unreachable"
    UPLOAD_GONE = "upload_gone"
    OUT_OF_STEP = "out_of_step"  # a piece that does not follow what is here
    INCOMPLETE = "incomplete"
    TOO_LATE = "too_late"
    MISSING = "missing"
    DAMAGED = "damaged"
    LINK_EXPIRED = "link_expired"


class EvidenceError(UserError):
    """Evidence that is not taken or not shown; the message is for who sent it or wants to see it."""

    def __init__(self, trouble: Trouble, **values: Any) -> None:
        super().__init__(WORDS["trouble"][trouble].format_map(values))
        self.trouble, self.values = trouble, values
