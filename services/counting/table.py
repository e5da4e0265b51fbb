"""The 活动统计表 of a campaign: counted, changed by hand with a reason, rolled up with what others handed in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.taking_part import CountingRules
from models.article import Campaign
from models.counting import ReportingUnit, TableChange, TableSubmission
from services.counting.addends import Addends, counted, gather
from services.counting.rows import BY_CODE, ROWS, Cell, Row, add_up
from services.errors import UserError

LARGEST = 2_000_000_000


class TableError(UserError):
    """Why a change or a file is not taken."""


@dataclass(frozen=True)
class Line:
    """A row as it stands."""

    row: Row
    counted: Cell
    shown: Cell
    changes: tuple[TableChange, ...]  # that hold now, by measure
    addends: int


@dataclass(frozen=True)
class Sheet:
    """The whole table of one unit."""

    year: int
    unit: str
    cells: dict[str, Cell]


def read_table(session: Session, campaign: Campaign, rules: CountingRules, now: datetime) -> tuple[list[Line], Addends]:
    """Each row with what was counted, what holds and why."""
    found = gather(session, campaign, rules, now)
    cells, changes = counted(found), changes_of(session, campaign.id)
    lines = []
    for row in ROWS:
        mine = {place: changes[row.code, place] for place in range(len(row.units)) if (row.code, place) in changes}
        numbers = tuple(
            mine[place].value if place in mine else number for place, number in enumerate(cells[row.code].numbers)
        )
        lines.append(
            Line(row, cells[row.code], Cell(numbers, cells[row.code].ways), tuple(mine.values()), len(found[row.code]))
        )
    return lines, found


def changes_of(session: Session, campaign_id: int) -> dict[tuple[str, int], TableChange]:
    """The change that holds for each number: the newest, unless it gave the counted one back."""
    wanted = select(TableChange).where(TableChange.campaign_id == campaign_id).order_by(TableChange.id)
    newest = {(change.row, change.measure): change for change in session.scalars(wanted)}
    return {key: change for key, change in newest.items() if change.value is not None}


def history_of(session: Session, campaign_id: int, code: str) -> list[TableChange]:
    """All changes of a row, newest first."""
    wanted = select(TableChange).where(TableChange.campaign_id == campaign_id, TableChange.row == code)
    return list(session.scalars(wanted.order_by(TableChange.id.desc())))


def change_number(
    session: Session,
    line: Line,
    campaign: Campaign,
    measure: int,
    *,
    value: int | None,
    reason: str,
    by: str,
    now: datetime,
) -> TableChange:
    """Put a number in place of the counted one, or (None) give it back; the counted one is kept beside it."""
    if not 0 <= measure < len(line.row.units):
        raise TableError("没有这一项")
    if value is not None and not 0 <= value <= LARGEST:
        raise TableError("请填 0 以上的数")
    if len(reason.strip()) < 2:
        raise TableError("请写明修改原因，例：补录线下登记的份数")
    change = TableChange(
        campaign_id=campaign.id,
        row=line.row.code,
        measure=measure,
        counted=line.counted.numbers[measure],
        value=value,
        reason=reason.strip()[:300],
        changed_by=by,
        changed_at=now,
    )
    session.add(change)
    session.flush()
    return change


def own_sheet(lines: list[Line], campaign: Campaign, unit: str) -> Sheet:
    """What we hand in ourselves."""
    return Sheet(campaign.year, unit, {line.row.code: line.shown for line in lines})


def submissions_of(session: Session, campaign_id: int) -> list[TableSubmission]:
    """What others handed in last."""
    wanted = select(TableSubmission).where(
        TableSubmission.campaign_id == campaign_id, TableSubmission.replaced_at.is_(None)
    )
    return list(session.scalars(wanted.order_by(TableSubmission.unit)))


def roll_up(own: Sheet, submissions: list[TableSubmission]) -> Sheet:
    """Ours and theirs, row by row."""
    sheets = [own.cells, *(load_cells(one) for one in submissions)]
    return Sheet(own.year, own.unit, {row.code: add_up(row, [cells[row.code] for cells in sheets]) for row in ROWS})


def load_cells(submission: TableSubmission) -> dict[str, Cell]:
    """From the stored JSON."""
    return {code: Cell(tuple(values["numbers"]), tuple(values["ways"])) for code, values in submission.cells.items()}


def take_in(
    session: Session, campaign: Campaign, sheet: Sheet, file_hash: bytes, by: str, *, now: datetime
) -> TableSubmission:
    """A table of another bureau; one handed in before is replaced, the same file again changes nothing."""
    if sheet.year != campaign.year:
        raise TableError(f"这份是{sheet.year}年的统计表，现在收的是{campaign.year}年的")
    old = next((one for one in submissions_of(session, campaign.id) if one.unit == sheet.unit), None)
    if old is not None and old.file_hash == file_hash:
        return old
    if old is not None:
        old.replaced_at = now
    cells = {code: {"numbers": list(cell.numbers), "ways": list(cell.ways)} for code, cell in sheet.cells.items()}
    row = TableSubmission(
        campaign_id=campaign.id,
        unit=sheet.unit,
        year=sheet.year,
        cells=cells,
        file_hash=file_hash,
        received_by=by,
        received_at=now,
    )
    session.add(row)
    session.flush()
    return row


def missing_units(session: Session, campaign_id: int) -> list[str]:
    """Who has to hand in and has not."""
    named = session.scalars(
        select(ReportingUnit.name).where(ReportingUnit.campaign_id == campaign_id).order_by(ReportingUnit.id)
    ).all()
    there = {one.unit for one in submissions_of(session, campaign_id)}
    return [name for name in named if name not in there]


def set_units(session: Session, campaign_id: int, names: list[str]) -> None:
    """Who has to hand in, in this order."""
    for row in session.scalars(select(ReportingUnit).where(ReportingUnit.campaign_id == campaign_id)):
        session.delete(row)
    session.flush()
    for name in dict.fromkeys(name.strip()[:60] for name in names if name.strip()):
        session.add(ReportingUnit(campaign_id=campaign_id, name=name))
    session.flush()


def line_of(lines: list[Line], code: str) -> Line:
    """One row; TableError for a word that is none."""
    if code not in BY_CODE:
        raise TableError("没有这一行")
    return next(line for line in lines if line.row.code == code)
