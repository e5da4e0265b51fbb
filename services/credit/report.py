"""The report of one enterprise as a citizen may see it today; composed when it is shown, never stored."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.enterprise import Enterprise, EnterpriseName, NameKind, Status
from models.prepared import Prepared, table_of
from models.record import Dataset, InfoClass
from services.calendar.telling import date_words
from services.credit import standing
from services.credit.blocks import Block, BlockState, Item, Section, items_in_force, section_of
from services.credit.words import BLOCK_WORDS, NAME_WORDS, STATUS_NOTES, STATUS_WORDS
from services.enterprises.parts import parent_end

__all__ = ["Block", "BlockState", "Item", "Report", "Section", "compose_report"]

REGISTER = "register"
FIRMS, OTHERS = table_of(Enterprise), table_of(EnterpriseName)
BEARING = Prepared(
    select(*FIRMS.c, OTHERS.c.kind.label("other_kind"), OTHERS.c.name.label("other_name"))
    .outerjoin_from(FIRMS, OTHERS, OTHERS.c.enterprise_id == FIRMS.c.id)
    .where(FIRMS.c.id == bindparam("wanted_id"))
    .order_by(OTHERS.c.id)
)
DATASETS = Prepared(select(*table_of(Dataset).c))


@dataclass(frozen=True)
class OtherName:
    """A former name, short name or shop sign."""

    kind: NameKind
    name: str

    @property
    def word(self) -> str:
        """曾用名, 简称 or 店招."""
        return NAME_WORDS[self.kind]


@dataclass(frozen=True)
class Report:
    """What a citizen is shown of one enterprise."""

    enterprise_id: int
    name: str
    credit_code: str  # empty for old registrations
    status: Status
    status_word: str
    kind: str
    registered_on: date | None
    province: str
    city: str
    address: str
    capital: str
    scope: str
    other_names: tuple[OtherName, ...]
    parent_name: str  # of a branch; else empty
    register_source: str  # empty when nobody stated it
    register_data_on: date
    sections: tuple[Section, ...]
    composed_on: date

    @property
    def region(self) -> str:
        """Province and city in one, without saying 北京市北京市."""
        return self.city if self.city.startswith(self.province) else self.province + self.city

    @property
    def status_note(self) -> str:
        """The status and what it means."""
        return STATUS_NOTES[self.status]

    @property
    def is_self_employed(self) -> bool:
        """个体工商户: what would be the firm's before a court is a person's."""
        return not standing.is_block_shown("court", self.kind)

    @property
    def code_word(self) -> str:
        """What kind of code credit_code is."""
        return "统一社会信用代码" if len(self.credit_code) == 18 else "注册号"

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks in order."""
        return tuple(block for section in self.sections for block in section.blocks)

    def words_in(self, keys: list[str], state: BlockState) -> list[str]:
        """The words of those of these blocks that are in one state, in the order of `keys`."""
        states = {block.key: block.state for block in self.blocks}
        return [BLOCK_WORDS[key] for key in keys if states.get(key) == state]

    def is_stale(self, key: str) -> bool:
        """True when a block's data may have changed since it was fetched."""
        return any(block.is_stale for block in self.blocks if block.key == key)

    def stale_words(self, keys: list[str]) -> list[str]:
        """The words of those of these blocks in which nothing was found, in data that is too old to be sure."""
        stale = {block.key for block in self.blocks if block.is_stale and block.state is BlockState.NOT_FOUND}
        return [BLOCK_WORDS[key] for key in keys if key in stale]

    def word_of(self, key: str) -> str:
        """The word of a kind of block."""
        return BLOCK_WORDS[key]

    def counts_without(self, keys: list[str]) -> list[str]:
        """行政许可 3 条 and so on, for the blocks in which something was found, `keys` left out."""
        return [f"{block.word} {block.count} 条" for block in self.blocks if block.items and block.key not in keys]

    def items_of(self, key: str) -> list[Item]:
        """All items of one kind, of whatever class."""
        return [item for block in self.blocks if block.key == key for item in block.items]

    @property
    def uncollected(self) -> list[str]:
        """The words of the blocks that nobody searched."""
        return [block.word for block in self.blocks if block.state is BlockState.NOT_COLLECTED]

    @property
    def sources(self) -> list[tuple[str, str]]:
        """Each source unit with the words and data dates of its blocks."""
        told: dict[str, dict[date, list[str]]] = defaultdict(lambda: defaultdict(list))
        for block in self.blocks:
            if block.data_on:
                told[block.source_unit][block.data_on].append(block.word)
        return [
            (unit, "、".join(words) + f"（截至{date_words(day)}）")
            for unit, days in told.items()
            for day, words in days.items()
        ]

    @property
    def source_words(self) -> str:
        """The source units in a few words."""
        units = list(dict.fromkeys(block.source_unit for block in self.blocks if block.source_unit))
        return units[0] + (f"等{len(units)}个单位" if len(units) > 1 else "") if units else ""

    @property
    def data_dates(self) -> tuple[date, date]:
        """The oldest and the newest data date of what was searched, the register included."""
        days = [block.data_on for block in self.blocks if block.data_on] + [self.register_data_on]
        return min(days), max(days)

    @property
    def data_words(self) -> str:
        """When what was searched was collected, in words that fit behind 截至."""
        oldest, newest = self.data_dates
        if oldest == newest:
            return date_words(newest)
        until = date_words(newest)
        return f"{date_words(oldest)}至{until.removeprefix(f'{oldest.year}年')}（各项不同）"

    @property
    def disclaimer(self) -> str:
        """What this report is and is not."""
        return f"本结果依据截至{self.data_words}归集的数据，不代表对企业信用的全面评价。"


def compose_report(session: Session, enterprise_id: int, today: date) -> Report | None:
    """The report, in four queries; None when no such enterprise is in the register."""
    rows = BEARING.run(session, wanted_id=enterprise_id)  # one for each of its other names
    if not rows or rows[0].status is Status.REMOVED:
        return None
    enterprise = rows[0]
    datasets = {row.block: row for row in DATASETS.run(session)}
    items = items_in_force(session, enterprise_id, today, enterprise.kind or "")
    keys = [key for key in BLOCK_WORDS if standing.is_block_shown(key, enterprise.kind or "")]
    sections = [section_of(info, keys, items, datasets, today) for info in InfoClass]
    register = datasets.get(REGISTER)
    return Report(
        enterprise_id=enterprise.id,
        name=enterprise.name,
        credit_code=enterprise.credit_code or "",
        status=enterprise.status,
        status_word=STATUS_WORDS[enterprise.status],
        kind=enterprise.kind or "",
        registered_on=enterprise.registered_on,
        province=enterprise.province or "",
        city=enterprise.city or "",
        address=enterprise.address or "",
        capital=enterprise.capital or "",
        scope=enterprise.scope or "",
        other_names=tuple(OtherName(row.other_kind, row.other_name) for row in rows if row.other_kind),
        parent_name=parent_of(enterprise.name),
        register_source=register.source_unit if register else "",
        register_data_on=enterprise.data_on,
        sections=tuple(section for section in sections if section.blocks),
        composed_on=today,
    )


def parent_of(name: str) -> str:
    """The parent's full name that a branch's name begins with; empty for a firm that is no branch."""
    end = parent_end(name)
    return name[:end] if end < len(name) else ""
