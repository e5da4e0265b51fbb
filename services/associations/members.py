"""Members of an association: picked one by one, or read from a pasted list of which every line is accounted for."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.association import Association, AssociationMember
from models.enterprise import Enterprise, Status
from services.associations.home import AssociationError, touch, write_down
from services.audit import Actor
from services.calendar.working_days import day_of
from services.enterprises.finding import Candidate, Verdict
from services.enterprises.index import NameIndex
from services.enterprises.search import find

MOST_LINES = 500
LIST_NUMBER = re.compile(r"^[(（]?\d{1,3}[)）.．、\t ]+")  # 12、 before a name


class LineState(StrEnum):
    """What became of a line of a pasted list."""

    FOUND = "found"  # the very name or code
    MEMBER = "member"  # is one already
    TWICE = "twice"  # the same firm stands above
    CHOOSE = "choose"  # one of several: somebody must pick
    NONE = "none"
    EMPTY = "empty"


@dataclass(frozen=True)
class Line:
    """A line as it was pasted, and what it means."""

    number: int
    text: str
    state: LineState
    candidates: tuple[Candidate, ...] = ()

    @property
    def firm(self) -> Candidate | None:
        """The firm, where it is certain."""
        return self.candidates[0] if self.state in {LineState.FOUND, LineState.MEMBER, LineState.TWICE} else None


def read_list(
    session: Session, text: str, association: Association, index: NameIndex, *, picked: dict[int, int], today: date
) -> list[Line]:
    """Every line of a pasted list, none left out; `picked` says which candidate was picked for a line's number.

    AssociationError for more lines than one page can bear.
    """
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise AssociationError("text", f"一次最多 {MOST_LINES} 行，这里有 {len(lines)} 行，请分几次粘贴")
    members = {row.enterprise_id for row in list_members(session, association, today)}
    found: list[Line] = []
    for number, said in enumerate(lines, 1):
        line = read_line(session, number, said, index, picked.get(number))
        if line.firm is not None:
            above = {one.firm.enterprise_id for one in found if one.firm is not None}
            line = place(line, line.firm.enterprise_id, members, above)
        found.append(line)
    return found


def read_line(session: Session, number: int, said: str, index: NameIndex, picked: int | None) -> Line:
    """One line: a name or a code, perhaps with a number before it."""
    text = LIST_NUMBER.sub("", said.strip())
    if not text:
        return Line(number, said, LineState.EMPTY)
    finding = find(session, text, index)
    offered = tuple(finding.offered)
    if picked is not None and (chosen := [one for one in offered if one.enterprise_id == picked]):
        return Line(number, said, LineState.FOUND, (chosen[0],))
    if finding.verdict is Verdict.MATCH:
        return Line(number, said, LineState.FOUND, (finding.candidates[0],))
    if finding.verdict is Verdict.CHOOSE and offered:
        return Line(number, said, LineState.CHOOSE, offered)
    return Line(number, said, LineState.NONE)


def place(line: Line, enterprise_id: int, members: set[int], above: set[int]) -> Line:
    """Already a member, or named twice."""
    if enterprise_id in members:
        return Line(line.number, line.text, LineState.MEMBER, line.candidates)
    if enterprise_id in above:
        return Line(line.number, line.text, LineState.TWICE, line.candidates)
    return line


def count_lines(lines: list[Line]) -> dict[LineState, int]:
    """How many of each; together all lines."""
    return {state: sum(line.state is state for line in lines) for state in LineState}


def add_members(
    session: Session, association: Association, enterprise_ids: list[int], actor: Actor, by: str, *, now: datetime
) -> int:
    """Take firms in; how many were none before. Who had left comes back."""
    today, added = day_of(now), 0
    for enterprise_id in dict.fromkeys(enterprise_ids):
        firm = session.get(Enterprise, enterprise_id)
        if firm is None or firm.status is Status.REMOVED:
            raise AssociationError("firm", "有一家企业已不在登记资料中，请重新选择")
        row = find_row(session, association, enterprise_id)
        if row is None:
            row = AssociationMember(
                association_id=association.id, enterprise_id=enterprise_id, joined_on=today, added_by=by, added_at=now
            )
            session.add(row)
        elif row.left_on is None:
            continue
        else:
            row.left_on, row.joined_on = None, today
        added += 1
    if added:
        touch(association, now)
        session.flush()
        write_down(session, actor, association, f"登记会员 {added} 家", now)
    return added


def end_membership(
    session: Session, association: Association, enterprise_id: int, actor: Actor, *, reason: str, now: datetime
) -> None:
    """The firm leaves today."""
    row = find_row(session, association, enterprise_id)
    if row is None or row.left_on is not None:
        raise AssociationError("firm", "这家企业不是现在的会员")
    if len(reason.strip()) < 2:
        raise AssociationError("reason", "请写明原因，例：企业注销、申请退会")
    row.left_on = day_of(now)
    touch(association, now)
    firm = session.get_one(Enterprise, enterprise_id)
    write_down(session, actor, association, "会员退出", now, reason=reason, about=firm.name)


def find_row(session: Session, association: Association, enterprise_id: int) -> AssociationMember | None:
    """The row of a firm, left or not."""
    return session.scalar(
        select(AssociationMember).where(
            AssociationMember.association_id == association.id, AssociationMember.enterprise_id == enterprise_id
        )
    )


def list_members(session: Session, association: Association, today: date) -> list[AssociationMember]:
    """Those who have not left, by when they came."""
    row = AssociationMember
    wanted = select(row).where(row.association_id == association.id, row.left_on.is_(None) | (row.left_on > today))
    return list(session.scalars(wanted.order_by(row.joined_on, row.id)))


def is_member(session: Session, association: Association, enterprise_id: int, today: date) -> bool:
    """The firm is a member on this day."""
    row = find_row(session, association, enterprise_id)
    return row is not None and (row.left_on is None or row.left_on > today)
