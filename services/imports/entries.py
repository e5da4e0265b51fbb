"""A row of a records sheet, understood; `understanding.py` makes it (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from models.archive_words import Life
from models.importing import ImportKind
from models.record import RecordType
from services.imports.faults import Fault
from services.imports.fields import Field

LISTS = frozenset({ImportKind.RED, ImportKind.BLACK})


class End(NamedTuple):
    """That a record is public no more, since when and why."""

    life: Life
    on: date
    reason: str


@dataclass
class Entry:
    """What a row says; only what was filled in stands in `said` and `details`."""

    number: int
    name: str = ""
    key: str = ""  # the normalised name
    name_hash: int = 0
    code: str = ""  # credit code or registration number, cleaned
    is_code_right: bool = False
    is_legal: bool = False  # 类别 says 法人
    type: RecordType | None = None  # None: an entry of a list
    said: dict[str, Any] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)
    end: End | None = None
    cells: dict[str, str] = field(default_factory=dict)  # field → cell, for quarantine
    faults: list[Fault] = field(default_factory=list)
    masked_count: int = 0


@dataclass(frozen=True)
class Sheetwide:
    """What holds for all rows of a file."""

    kind: ImportKind
    today: date
    units: Mapping[Field, str] = field(default_factory=dict)
    is_new: bool = False  # the licences' sheet of today, by its 许可证书名称
    issued: frozenset[str] = frozenset()  # codes of the batch whose check characters are known to hold
