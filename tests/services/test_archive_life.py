"""The life of records and listings: who may take which step, what must be there, what is written down."""

from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from models.archive_words import ArchiveAction, Life, Subject
from models.database import Database
from models.listing import Listing
from models.record import Record
from services.cases.facts import SYSTEM
from services.credit.advance import ArchiveError, advance, note_repair
from services.credit.drafting import draft_correction, edit_draft
from services.credit.history import history_of
from services.credit.life import TABLE, LifeFacts, LifeRefusal, decide
from services.credit.negative import find_negative_in_force
from services.credit.report import compose_report
from tests.archive_desk import APPROVER, BOTH, CLERK, ArchiveDesk

A, L, S = ArchiveAction, Life, Subject


@pytest.fixture
def desk(database: Database) -> ArchiveDesk:
    return ArchiveDesk(database)


def penalties(desk: ArchiveDesk) -> list[str | None]:
    """Document numbers that a citizen sees today."""
    with desk.database.read() as session:
        report = compose_report(session, desk.enterprise_id, desk.today)
        assert report is not None
        return [item.document_number for item in report.items_of("penalty")]


def test_a_listing_is_drafted_by_one_and_approved_by_another(desk: ArchiveDesk) -> None:
    row = (S.LISTING, desk.draft())
    assert desk.do(row, A.SUBMIT, CLERK) is L.PENDING_REVIEW
    assert desk.do(row, A.RETURN, APPROVER, "事由写详细些") is L.DRAFT
    desk.publish(row)
    found = desk.get(row)
    assert (found.life, found.drafted_by, found.approved_by) == (L.PUBLISHED, "staff:1", "staff:2")
    assert found.published_from == desk.today  # not before it was approved
    with desk.database.read() as session:
        told = [(event.action, event.actor, event.reason) for event in history_of(session, *row)]
    assert told == [
        (A.DRAFT, "staff:1", ""),
        (A.SUBMIT, "staff:1", ""),
        (A.RETURN, "staff:2", "事由写详细些"),
        (A.SUBMIT, "staff:1", ""),
        (A.APPROVE, "staff:2", ""),
    ]


def test_nobody_approves_what_they_drafted_or_changed_last(desk: ArchiveDesk) -> None:
    row = (S.LISTING, desk.draft(actor=BOTH))
    desk.do(row, A.SUBMIT, BOTH)
    with pytest.raises(ArchiveError, match="不能审核自己起草"):
        desk.do(row, A.APPROVE, BOTH)
    desk.do(row, A.RETURN, APPROVER, "改文号")
    other = (S.LISTING, desk.draft(actor=CLERK))
    with desk.ledger() as ledger:
        edit_draft(ledger, ledger.session.get_one(Listing, other[1]), {"reason": "改过的事由"}, BOTH)
    desk.do(other, A.SUBMIT, CLERK)
    with pytest.raises(ArchiveError, match="不能审核自己起草"):
        desk.do(other, A.APPROVE, BOTH)
    assert desk.do(other, A.APPROVE, APPROVER) is L.PUBLISHED


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ({"document_number": " "}, "列入决定书文号"),
        ({"authority": ""}, "决定机关"),
        ({"reason": ""}, "列入事由"),
        ({"notified_on": None}, "告知日期"),
        ({"objection_result": ""}, "异议处理结果"),
        ({"removal_condition": None}, "移出条件"),
        ({"notified_on": date(2026, 11, 11)}, "先告知，再决定"),
    ],
)
def test_without_one_of_its_parts_a_listing_is_refused_by_name(desk: ArchiveDesk, value: dict, named: str) -> None:
    row = (S.LISTING, desk.draft(**value))
    with pytest.raises(ArchiveError, match=named):
        desk.do(row, A.SUBMIT, CLERK)
    assert desk.get(row).life is L.DRAFT


def test_a_list_that_no_law_knows_cannot_be_made(desk: ArchiveDesk) -> None:
    with pytest.raises(ArchiveError, match="不能自行设立名单"):
        desk.draft("本局黑名单")
    row = (S.LISTING, desk.draft())
    with desk.ledger() as ledger:
        ledger.session.get_one(Listing, row[1]).list_name = "示范市商务局黑名单"
    with pytest.raises(ArchiveError, match="不在本局的名单目录里"):
        desk.do(row, A.SUBMIT, CLERK)


def test_a_record_that_is_entered_by_hand_needs_two_people_too(desk: ArchiveDesk) -> None:
    row = (S.RECORD, desk.draft_record())
    assert penalties(desk) == []
    desk.do(row, A.SUBMIT, CLERK)
    assert penalties(desk) == []
    desk.do(row, A.APPROVE, APPROVER)
    assert penalties(desk) == ["长商罚〔2026〕12号"]


def test_a_correction_takes_the_place_of_the_old_version_in_one_moment(desk: ArchiveDesk) -> None:
    old = (S.RECORD, desk.penalty())
    with desk.ledger() as ledger:
        row = ledger.session.get_one(Record, old[1])
        with pytest.raises(ArchiveError, match="理由"):
            draft_correction(ledger, row, {}, CLERK, " ")
        newer = draft_correction(ledger, row, {"document_number": "长商罚〔2026〕13号"}, CLERK, "文号录错").id
        with pytest.raises(ArchiveError, match="已经有一份更正"):
            draft_correction(ledger, row, {}, CLERK, "再改")
    assert penalties(desk) == ["长商罚〔2026〕12号"]
    desk.publish((S.RECORD, newer))
    assert penalties(desk) == ["长商罚〔2026〕13号"]
    assert (desk.get(old).life, desk.get((S.RECORD, newer)).version) == (L.CORRECTED, 2)


def test_a_correction_of_what_was_repaired_meanwhile_is_not_published(desk: ArchiveDesk) -> None:
    old = (S.RECORD, desk.penalty())
    with desk.ledger() as ledger:
        newer = draft_correction(ledger, ledger.session.get_one(Record, old[1]), {"title": "改过"}, CLERK, "录错").id
    desk.do((S.RECORD, newer), A.SUBMIT, CLERK)
    desk.do(old, A.REPAIR, SYSTEM, "信用中国已修复")
    with pytest.raises(ArchiveError, match="已修复"):
        desk.do((S.RECORD, newer), A.APPROVE, APPROVER)
    assert penalties(desk) == []


def test_repair_waits_for_its_day_and_its_conditions(desk: ArchiveDesk) -> None:
    """domain.md §2.4 (a) and (c): a general penalty of 2026-04-10 from 2026-07-10 on."""
    row = (S.RECORD, desk.penalty())
    desk.now = desk.now.replace(month=7, day=9)
    with pytest.raises(ArchiveError, match="缺最短公示期满、义务履行完毕"):
        desk.do(row, A.REPAIR, CLERK, "申请材料齐全")
    with desk.ledger() as ledger:
        found = ledger.session.get_one(Record, row[1])
        note_repair(ledger, found, CLERK, duties_done_on=date(2026, 5, 1), promised_on=date(2026, 7, 1))
    with pytest.raises(ArchiveError, match="还不能修复：缺最短公示期满。"):
        desk.do(row, A.REPAIR, CLERK, "申请材料齐全")
    desk.now += timedelta(days=1)
    with pytest.raises(ArchiveError, match="理由"):
        desk.do(row, A.REPAIR, CLERK)
    assert penalties(desk) != []
    assert desk.do(row, A.REPAIR, CLERK, "申请材料齐全") is L.REPAIRED
    assert penalties(desk) == []
    assert desk.get(row).withdrawn_on == date(2026, 7, 10)


def test_conditions_of_repair_are_not_of_the_future(desk: ArchiveDesk) -> None:
    row = desk.penalty()
    with desk.ledger() as ledger:
        record = ledger.session.get_one(Record, row)
        with pytest.raises(ArchiveError, match="不能晚于今天"):
            note_repair(ledger, record, CLERK, duties_done_on=date(2026, 11, 21), promised_on=None)


def test_what_has_ended_does_not_come_back(desk: ArchiveDesk) -> None:
    row = (S.RECORD, desk.penalty())
    desk.do(row, A.WITHDRAW, CLERK, "决定被撤销")
    for action, actor in ((A.OBJECT, CLERK), (A.REPAIR, SYSTEM), (A.APPROVE, APPROVER), (A.EDIT, CLERK)):
        with pytest.raises(ArchiveError, match="现在是“已撤回”"):
            desk.do(row, action, actor, "再来")


def test_every_step_that_the_table_does_not_know_is_refused() -> None:
    allowed = {(source, move.action) for move in TABLE for source in move.sources}
    everybody = frozenset(one for move in TABLE for one in move.who)
    actor = type(CLERK)(everybody, "staff:9")
    for life, action in product([None, *L], A):
        facts = LifeFacts(S.RECORD, life, date(2026, 11, 20), drafted_by="staff:1")
        if (life, action) in allowed:
            assert decide(action, facts, actor, "理由") in L
        else:
            with pytest.raises(LifeRefusal):
                decide(action, facts, actor, "理由")


def test_history_cannot_be_changed(desk: ArchiveDesk) -> None:
    desk.do((S.RECORD, desk.penalty()), A.WITHDRAW, CLERK, "决定被撤销")
    with pytest.raises(DatabaseError, match="append-only"), desk.database.write() as session:
        session.execute(text("UPDATE archive_events SET reason = 'x'"))


def test_a_step_is_an_event_of_its_own_row_only(desk: ArchiveDesk) -> None:
    first, second = desk.penalty(), desk.penalty()
    desk.do((S.RECORD, first), A.WITHDRAW, CLERK, "一")
    with desk.database.read() as session:
        seen = len(history_of(session, S.RECORD, second))
    desk.do((S.RECORD, second), A.REPAIR, SYSTEM, "二")
    with desk.database.read() as session:
        (event,) = history_of(session, S.RECORD, second)[seen:]
    assert (event.action, event.from_life, event.to_life, event.subject_id) == (
        A.REPAIR,
        L.PUBLISHED,
        L.REPAIRED,
        second,
    )
    assert event.enterprise_id == desk.enterprise_id


def test_a_firm_is_named_negatively_only_while_its_record_is_public(desk: ArchiveDesk) -> None:
    row = (S.RECORD, desk.penalty())

    def named() -> list[str]:
        with desk.database.read() as session:
            return [one.document_number for one in find_negative_in_force(session, desk.enterprise_id, desk.today)]

    assert named() == ["长商罚〔2026〕12号"]
    desk.do(row, A.REPAIR, SYSTEM, "信用中国已修复")
    assert named() == []


def test_a_step_reads_the_row_anew(desk: ArchiveDesk) -> None:
    row = desk.penalty()
    with desk.database.read() as session:
        stale = session.get_one(Record, row)
    desk.do((S.RECORD, row), A.WITHDRAW, CLERK, "先到")
    with desk.ledger() as ledger:
        held = ledger.session.merge(stale, load=False)
        with pytest.raises(ArchiveError, match="已撤回"):
            advance(ledger, held, A.REPAIR, SYSTEM, "后到")
