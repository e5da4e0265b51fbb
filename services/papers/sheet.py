"""An official form as it is printed: the same for PDF and DOCX; plain values."""

import dataclasses
import hashlib
import json
import unicodedata
from dataclasses import dataclass
from typing import Any


def keep_printable(text: str) -> str:
    """Without what neither XML nor a printer knows: control characters, halves of pairs, non-characters."""
    return "".join(
        letter
        for letter in text
        if letter in "\n\t" or (unicodedata.category(letter) not in {"Cc", "Cs"} and ord(letter) & 0xFFFE != 0xFFFE)
    )


@dataclass(frozen=True)
class Sheet:
    """One document, every text filled in."""

    organ: str  # 示范市商务局, above the title and under the text
    title: str
    number: str  # 示商受〔2026〕1号; "" for a draft
    day: str  # 2026年11月20日
    reference: str = ""  # 事项编号 TS…, under the number; a table has it in a row
    addressee: str = ""
    body: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()  # label and value, a form's table
    notes: tuple[str, ...] = ()  # in small type at the end

    def __post_init__(self) -> None:
        """Only what can be printed is kept, whoever wrote it."""
        for field in dataclasses.fields(self):
            object.__setattr__(self, field.name, clean(getattr(self, field.name)))

    def as_json(self) -> str:
        """In one spelling, so that equal sheets have equal hashes."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False, sort_keys=True)

    def digest(self) -> bytes:
        """SHA-256 of what it says."""
        return hashlib.sha256(self.as_json().encode()).digest()


def clean(value: Any) -> Any:
    """Texts, in tuples too."""
    return keep_printable(value) if isinstance(value, str) else tuple(map(clean, value))


def read_sheet(values: dict[str, Any]) -> Sheet:
    """What `as_json` wrote."""
    known = dict(values)
    for name in ("body", "notes"):
        known[name] = tuple(known[name])
    known["rows"] = tuple((str(label), str(value)) for label, value in known["rows"])
    return Sheet(**known)
