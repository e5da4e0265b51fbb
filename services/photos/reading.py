"""What a photo was found to say (pure)."""

from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """Why a photo told nothing; decides the wording."""

    EXPIRED = "expired"  # WeChat keeps what citizens send for three days
    UNREACHABLE = "unreachable"  # it could not be fetched from WeChat
    TOO_BIG = "too_big"  # bytes or pixels
    NOT_A_PHOTO = "not_a_photo"  # no picture, a broken one, or a kind that is not read
    NO_TEXT = "no_text"
    UNCLEAR = "unclear"  # words, but neither a code nor a name among them
    FAILED = "failed"  # it took too long or needed too much


@dataclass(frozen=True)
class Reading:
    """Which enterprise a photo asks for. Nothing of the people named on a licence or an identity card."""

    code: str = ""  # a code as printed, perhaps with a slip
    names: tuple[str, ...] = ()  # what could be its name, the best first
    is_sure: bool = True  # every character of the first name was read clearly
    is_person: bool = False  # it holds a resident's identity number
    trouble: Trouble | None = None


class PhotoError(Exception):
    """It cannot be looked at; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble
