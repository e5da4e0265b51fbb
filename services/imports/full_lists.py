"""全量名单: what a source's newer full list no longer holds is public no more; a partial file never ends anything."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from config.sources import Source
from models.archive_words import Life, Subject
from models.enterprise import Enterprise
from models.importing import ImportRun, RunState
from models.record import Record, RecordType
from services.errors import UserError
from services.imports.drafts import Terms
from services.imports.entries import End, Entry
from services.imports.known import IN_LIFE, MISSING, last_sequences
from services.imports.matching import load_firms
from services.imports.planning import Older, Planner, Step

BATCH = 2_000
MOST_NAMED = 10
NEWER = "已导入过数据日期更新的全量名单，这一份只补充，没有停止公示任何记录"
BLIND = "有 {count} 行既没有代码也没有名称，看不出是哪一家，所以没有停止公示名单中缺少的记录"
ENDS = "全量名单中已没有、停止公示的 {count} 条{named}"
TOO_MANY = (
    "这份全量名单里没有的，占现在公示的 {held} 条中的 {missing} 条，超过了 {most:.0%}，像是不完整，没有写入任何数据。"
    "请核对文件；确实如此的，请管理员在 config/sources.toml 调高这个来源的 most_missing 再导入"
)


@dataclass
class FullList:
    """What a file that is a full list was seen to hold."""

    source: Source
    present: set[int] = field(default_factory=set)  # records that a row of the file is about
    spared: set[int] = field(default_factory=set)  # firms that a row names which could not be used
    blind_count: int = 0  # rows that name nobody

    def note_unclear(self, session: Session, entries: Sequence[Entry]) -> None:
        """Rows with faults, or whose firm nobody knows: what they may be about is not missing."""
        self.blind_count += sum(not (entry.code or entry.key) for entry in entries)
        for told in (entries, [replace(entry, code="", is_code_right=False) for entry in entries]):
            firms = load_firms(session, told)
            self.spared |= {firm.id for firm in firms.by_code.values()}
            self.spared |= {firm.id for namesakes in firms.by_name.values() for firm in namesakes}

    def end_missing(self, session: Session, planner: Planner) -> list[str]:
        """Plan the end of what is missing; notes for the reader. UserError for more than the source may end."""
        terms = planner.terms
        if has_newer(session, self.source, terms):
            return [NEWER]
        if self.blind_count:
            return [BLIND.format(count=self.blind_count)]
        held = session.execute(of_source(self.source, terms)).all()
        missing = [row for row in held if row.id not in self.present and row.enterprise_id not in self.spared]
        if len(missing) > self.source.most_missing * len(held):
            values = {"held": len(held), "missing": len(missing), "most": self.source.most_missing}
            raise UserError(TOO_MANY.format(**values))
        end = End(Life.REMOVED, terms.data_on, MISSING)
        for start in range(0, len(missing), BATCH):
            rows = missing[start : start + BATCH]
            sequences = last_sequences(session, Subject.RECORD, [row.id for row in rows])
            ended = [Older(row.id, row.enterprise_id, row.life, sequences.get(row.id, 0), end) for row in rows]
            planner.steps.put(Step(ended=ended))
        planner.counts.ended += len(missing)
        return [tell(missing)] if missing else []


def tell(missing: Sequence[Row[int, int, Life, str]]) -> str:
    """How many, and the first of them by name."""
    names = "、".join(row.name for row in missing[:MOST_NAMED])
    return ENDS.format(count=len(missing), named=f"：{names}{' 等' if len(missing) > MOST_NAMED else ''}")


def of_source(source: Source, terms: Terms) -> Select[int, int, Life, str]:
    """What is public of this source: entered from its files, or bearing its unit; not what is newer than the file."""
    runs = select(ImportRun.id).where(ImportRun.source == source.code)
    return (
        select(Record.id, Record.enterprise_id, Record.life, Enterprise.name)
        .join(Enterprise, Enterprise.id == Record.enterprise_id)
        .where(
            Record.type == RecordType(source.kind),
            Record.life.in_(IN_LIFE),
            Record.data_on <= terms.data_on,
            or_(Record.import_run_id.in_(runs), Record.source_unit == source.unit),
        )
        .order_by(Record.id)
    )


def has_newer(session: Session, source: Source, terms: Terms) -> bool:
    """A full list of a later day was imported before."""
    newer = select(ImportRun.id).where(
        ImportRun.source == source.code, ImportRun.state == RunState.DONE, ImportRun.data_on > terms.data_on
    )
    return session.scalar(newer.limit(1)) is not None
