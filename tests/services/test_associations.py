"""Associations: every pasted line accounted for, one code signs once, none sees another's, what is shown follows."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.archive import load_archive_rules
from models.association import Commitment
from models.campaign_words import CommitmentKind, HonourLevel, Performance, Review, WorkKind
from models.database import Database
from models.enterprise import Enterprise
from models.record import InfoClass, Polarity, RecordType
from models.staff import StaffAccount
from services.associations import deciding, statements, works
from services.associations.home import (
    AssociationError,
    AssociationWords,
    Contact,
    Wanted,
    close_association,
    contact_of,
    find_own,
    is_stale,
    list_standings,
    save_association,
)
from services.associations.members import LineState, add_members, count_lines, end_membership, list_members, read_list
from services.associations.statements import Praise, Promise
from services.credit.report import compose_report
from services.enterprises.index import NameIndex
from tests.factories import make_enterprise, make_record
from tests.press_room import BOSS, UNIT, Press

CODES = ("91430100MA4L1ABC2X", "91430100MA4L2ABC2R")


@pytest.fixture
def press(database: Database, tmp_path: Path, now: object) -> Press:
    return Press(database, tmp_path, now)  # type: ignore[arg-type]


@pytest.fixture
def session(press: Press) -> Iterator[Session]:
    """In the same database."""
    with press.database.write() as opened:
        yield opened


def join(press: Press, session: Session, *names: str) -> list[Enterprise]:
    """Firms that are members of the first association."""
    firms = [make_enterprise(session, name, f"91430100MA4L{at}ABC2X") for at, name in enumerate(names)]
    association = press.association(session)
    add_members(session, association, [one.id for one in firms], BOSS, press.key("xiehui"), now=press.now)
    return firms


def promise(press: Press, firm: Enterprise, **parts: object) -> Promise:
    values = {"kind": CommitmentKind.GENERAL, "text": "货真价实", "signed_on": press.today, "file_id": None} | parts
    return Promise(enterprise_id=firm.id, **values)  # type: ignore[arg-type]


def test_every_line_of_a_pasted_list_is_accounted_for(press: Press, session: Session, tmp_path: Path) -> None:
    (member,) = join(press, session, "长沙麦朵坊食品有限公司")
    known = make_enterprise(session, "长沙青柚湾家居有限公司", "91430100MA5L1ABC2X")
    make_enterprise(session, "湘潭橙子湾便利店有限公司")
    make_enterprise(session, "株洲橙子湾便利店有限公司")
    index = NameIndex(tmp_path / "index")
    index.make_ready(session)
    text = f"1、{known.name}\n\n{member.name}\n{known.credit_code}\n橙子湾便利店\n91310000MA1FL5Q97X"
    association = press.association(session)
    lines = read_list(session, text, association, index, picked={}, today=press.today)
    states = [line.state for line in lines]
    assert states == [
        LineState.FOUND,
        LineState.EMPTY,
        LineState.MEMBER,
        LineState.TWICE,
        LineState.CHOOSE,
        LineState.NONE,
    ]
    assert sum(count_lines(lines).values()) == 6
    picked = {5: lines[4].candidates[1].enterprise_id, 6: known.id}  # the sixth line never offered that one
    again = read_list(session, text, association, index, picked=picked, today=press.today)
    assert (again[4].state, again[4].firm, again[5].state) == (LineState.FOUND, lines[4].candidates[1], LineState.NONE)
    with pytest.raises(AssociationError, match="500"):
        read_list(session, "\n" * 501, association, index, picked={}, today=press.today)


def test_who_left_comes_back_and_is_a_member_once(press: Press, session: Session) -> None:
    (firm,) = join(press, session, "甲公司")
    association = press.association(session)
    end_membership(session, association, firm.id, BOSS, reason="申请退会", now=press.now)
    assert list_members(session, association, press.today) == []
    assert [
        add_members(session, association, [firm.id, firm.id], BOSS, "staff:1", now=press.now) for _ in range(2)
    ] == [1, 0]
    assert len(list_members(session, association, press.today)) == 1


def test_only_a_member_may_commit_and_only_with_a_signed_sheet(press: Press, session: Session) -> None:
    stranger = make_enterprise(session, "外人公司", CODES[0])
    (firm,) = join(press, session, "甲公司")
    association, by = press.association(session), press.key("xiehui")
    for who, parts, field in (
        (stranger, {"file_id": 1}, "firm"),
        (firm, {}, "file"),
        (firm, {"file_id": 1, "text": " "}, "text"),
        (firm, {"file_id": 1, "signed_on": press.today + timedelta(days=1)}, "signed_on"),
    ):
        said = promise(press, who, **parts)
        with pytest.raises(AssociationError) as refused:
            statements.hand_in_commitment(session, association, said, BOSS, by, now=press.now)
        assert refused.value.field == field


def test_one_code_signs_once_for_a_campaign_whoever_hands_it_in(press: Press, session: Session) -> None:
    (firm,) = join(press, session, "甲公司")
    campaign = press.start_campaign(session)
    said = promise(press, firm, campaign_id=campaign.id)
    first = statements.sign(session, firm, said, "h5", association_id=None, now=press.now)
    with pytest.raises(AssociationError, match="只签一次"):
        statements.sign(session, firm, said, "staff:1", association_id=press.associations[0], now=press.now)
    deciding.decide(session, first, BOSS, "staff:3", is_approved=False, reason="章不清楚", now=press.now)
    again = statements.sign(session, firm, said, "h5", association_id=None, now=press.now)
    assert (again.id, again.state) == (first.id, Review.SUBMITTED)
    values = {
        "enterprise_id": firm.id,
        "credit_code": firm.credit_code,
        "campaign_id": campaign.id,
        "kind": CommitmentKind.GENERAL,
        "text": "",
        "signed_on": press.today,
        "state": Review.SUBMITTED,
        "added_by": "h5",
        "added_at": press.now,
    }
    with session.begin_nested() as nested:
        session.add(Commitment(**values))
        with pytest.raises(IntegrityError):  # the database itself keeps the rule between two doors
            session.flush()
        nested.rollback()
    for _ in range(2):
        statements.sign(session, firm, promise(press, firm), "h5", association_id=None, now=press.now)


def test_what_is_approved_stands_in_the_archive_and_what_is_withdrawn_is_gone_at_once(
    press: Press, session: Session
) -> None:
    (firm,) = join(press, session, "甲公司")
    association, by = press.association(session), press.key("xiehui")
    praise = Praise(firm.id, "年度诚信门店", "评价办法", press.today, HonourLevel.STORE, "示餐协〔2026〕3号")
    honour = statements.hand_in_honour(session, association, praise, BOSS, by, now=press.now)
    commitment = statements.sign(session, firm, promise(press, firm), by, association_id=association.id, now=press.now)

    def shown() -> dict[str, tuple[InfoClass, str]]:
        report = compose_report(session, firm.id, press.today)
        assert report is not None
        return {
            block.key: (section.info_class, block.items[0].title)
            for section in report.sections
            for block in section.blocks
            if block.items
        }

    assert shown() == {}
    with pytest.raises(AssociationError, match="提交的人"):
        deciding.decide(session, honour, BOSS, by, is_approved=True, reason="", now=press.now)
    for row in (honour, commitment):
        deciding.decide(session, row, BOSS, press.key("xuanchuan"), is_approved=True, reason="", now=press.now)
    assert shown() == {
        "association_rating": (InfoClass.SELF_DISCIPLINE, "年度诚信门店"),
        "commitment": (InfoClass.SELF_DISCIPLINE, "综合信用承诺"),
    }
    with pytest.raises(AssociationError, match="已经办过"):
        deciding.decide(session, honour, BOSS, "staff:3", is_approved=False, reason="再想想", now=press.now)
    rules = load_archive_rules()
    deciding.withdraw(session, honour, BOSS, reason="弄虚作假", rules=rules, now=press.now)
    assert list(shown()) == ["commitment"]


def test_no_honour_for_a_firm_with_a_record_in_force_and_no_broken_promise_without_one(
    press: Press, session: Session
) -> None:
    firm, other = join(press, session, "甲公司", "乙公司")
    association, by = press.association(session), press.key("xiehui")
    columns = {"polarity": Polarity.NEGATIVE, "title": "罚款", "published_until": date(2027, 4, 5)}
    record = make_record(session, firm, RecordType.PENALTY, **columns)
    praise = Praise(firm.id, "诚信企业", "评价办法", press.today)
    with pytest.raises(AssociationError, match="失信记录"):
        statements.hand_in_honour(session, association, praise, BOSS, by, now=press.now)
    row = statements.sign(session, other, promise(press, other), by, association_id=association.id, now=press.now)
    with pytest.raises(AssociationError) as refused:
        deciding.note_performance(session, row, Performance.BROKEN, BOSS, record_id=record.id, now=press.now)
    assert refused.value.field == "record"
    own = statements.sign(session, firm, promise(press, firm), by, association_id=association.id, now=press.now)
    deciding.note_performance(session, own, Performance.BROKEN, BOSS, record_id=record.id, now=press.now)
    assert own.broken_record_id == record.id


def test_staff_belong_to_one_association_also_after_it_is_renamed_and_to_none_after_it_is_closed(
    press: Press, session: Session
) -> None:
    association = press.association(session)
    said = AssociationWords("新名称协会", association.level, association.kind, contact=Contact("某甲", "0731-1"))
    save_association(session, association, said, BOSS, press.now)
    account = session.get_one(StaffAccount, press.ids["xiehui"])
    assert (account.unit, find_own(session, account.unit)) == ("新名称协会", association)
    assert contact_of(session, association) == Contact("某甲", "0731-1")
    assert b"0731" not in (association.contact_sealed or b"")
    close_association(session, association, BOSS, "注销", press.now)
    assert find_own(session, account.unit) is None
    assert find_own(session, "") is None


def test_the_overview_is_red_on_the_ninety_first_day(press: Press, session: Session) -> None:
    assert [is_stale(press.now - timedelta(days=days), press.now, 90) for days in (90, 91)] == [False, True]
    association = press.association(session)
    association.updated_at = press.now - timedelta(days=91)
    session.flush()
    rows = list_standings(session, Wanted(), press.now, 90)
    assert [(row.association.name == UNIT, row.is_stale) for row in rows] == [(True, True), (False, False)]
    assert [row.association.id for row in list_standings(session, Wanted(is_stale=True), press.now, 90)] == [
        association.id
    ]
    works.add_work(
        session,
        association,
        WorkKind.LOG,
        press.today,
        "开了一次会",
        file_id=None,
        actor=BOSS,
        by="staff:1",
        now=press.now,
    )
    assert list_standings(session, Wanted(is_stale=True), press.now, 90) == []
    with pytest.raises(AssociationError, match="上传文件"):
        works.add_work(
            session,
            association,
            WorkKind.PLAN,
            press.today,
            "年度计划",
            file_id=None,
            actor=BOSS,
            by="staff:1",
            now=press.now,
        )
