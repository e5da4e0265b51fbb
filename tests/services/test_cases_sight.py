"""Who sees what of a case, the log of looks, major events, and the changing of the key."""

import json

import pytest
from sqlalchemy import LargeBinary, event, func, select

from models import Base
from models.case import Case
from models.case_clock import CaseAlert, MajorEvent
from models.case_file import CaseLook
from models.case_words import Action, BurstCause, CaseKind, ConsentKind, Side, State
from models.database import Database
from models.role import Role
from models.vault import Vault, VaultError
from services import followers, keys
from services.cases.access import admit_by_code
from services.cases.bursts import close_event, log_sending, open_event, report_form, sendings_of
from services.cases.docket import open_docket
from services.cases.facts import Actor, act_as_citizen
from services.cases.parties import same_phone
from services.cases.personal import Person
from services.cases.sight import SIGHTS, Field, Sight, Viewer
from services.cases.view import READERS, look_at_identity, show_case, viewer_of
from services.errors import UserError
from tests.case_desk import (
    ASSOCIATION,
    AUDITOR,
    DISPATCHER,
    HANDLER,
    INTAKE,
    MEDIATOR,
    PHONE,
    REVIEWER,
    STRANGER,
    SUPERVISOR,
    CaseDesk,
    staff,
)

NAME, WORDS = "欧阳小明", "储值卡"


@pytest.fixture
def desk(database: Database) -> CaseDesk:
    return CaseDesk(database)


@pytest.fixture
def lite(sqlite: Database) -> CaseDesk:
    return CaseDesk(sqlite)


def shown(desk: CaseDesk, number: str, actor: Actor) -> str:
    with desk.docket() as docket:
        return str(show_case(docket, desk.get(number), actor))


def test_every_viewer_has_a_row_and_every_field_a_reader() -> None:
    assert set(SIGHTS) == set(Viewer)
    assert set(READERS) == set(Field)
    assert [viewer for viewer in Viewer if SIGHTS[viewer].get(Field.IDENTITY) is Sight.OPEN] == [Viewer.OWNER]


def test_the_reporter_is_seen_by_nobody_without_need(lite: CaseDesk) -> None:
    number = lite.to_in_progress()
    case = lite.get(number)
    seen = {
        "owner": shown(lite, number, lite.citizen(number)),
        "handler": shown(lite, number, HANDLER),
        "intake": shown(lite, number, INTAKE),
        "dispatcher": shown(lite, number, DISPATCHER),
        "auditor": shown(lite, number, AUDITOR),
    }
    assert NAME in seen["owner"]
    assert PHONE in seen["owner"]
    for who in ("handler", "intake", "dispatcher", "auditor"):
        assert NAME not in seen[who]
        assert PHONE not in seen[who]
        assert "人民路9号" not in seen[who]
    assert "欧阳**" in seen["handler"]
    assert "138****5678" in seen["handler"]
    assert "欧阳" not in seen["dispatcher"] + seen["auditor"]
    assert WORDS in seen["handler"]
    assert WORDS not in seen["auditor"]
    for actor in (STRANGER, MEDIATOR, staff(Role.ASSOCIATION), staff(Role.ADMINISTRATOR), act_as_citizen(case.id + 1)):
        assert viewer_of(case, actor) is Viewer.STRANGER
        assert shown(lite, number, actor) == "{}"


def test_an_association_sees_what_was_delegated_and_no_person(lite: CaseDesk) -> None:
    number = lite.to_in_progress(agrees_to_delegation=True)
    lite.consent(number, ConsentKind.MEDIATION, Side.COMPLAINANT, Side.RESPONDENT)
    lite.do(number, Action.MEDIATE, HANDLER)
    lite.do(number, Action.DELEGATE_MEDIATION, HANDLER, receiver=ASSOCIATION)
    text = shown(lite, number, MEDIATOR)
    assert "乐享" in text
    for secret in ("欧阳", "138", WORDS):
        assert secret not in text
    with lite.docket() as docket, pytest.raises(UserError, match="不能查看"):
        look_at_identity(docket, lite.get(number), MEDIATOR, "想联系他")
    lite.do(number, Action.END_MEDIATION, HANDLER, text="调解不成")
    assert shown(lite, number, MEDIATOR) == "{}"


def test_each_look_at_a_person_is_written_down_with_its_reason(desk: CaseDesk) -> None:
    number = desk.to_in_progress()
    case = desk.get(number)
    with desk.docket() as docket:
        for actor in (STRANGER, DISPATCHER, AUDITOR):
            with pytest.raises(UserError, match="不能查看"):
                look_at_identity(docket, case, actor, "看看是谁举报的")
        with pytest.raises(UserError, match="理由"):
            look_at_identity(docket, case, HANDLER, " 看 ")
        assert look_at_identity(docket, case, HANDLER, "电话核实办卡时间")[0].name == NAME
        assert look_at_identity(docket, case, desk.citizen(number), "")[0].phone == PHONE
    with desk.docket() as docket:
        assert docket.session.scalar(select(func.count()).select_from(CaseLook)) == 1
        for viewer in (AUDITOR, SUPERVISOR, desk.citizen(number)):
            (look,) = show_case(docket, case, viewer)[Field.LOOKS]
            assert (look["by"], look["reason"]) == (HANDLER.key, "电话核实办卡时间")
        assert Field.LOOKS not in show_case(docket, case, HANDLER)


def test_the_public_sees_only_what_was_published(lite: CaseDesk) -> None:
    number = lite.to_answered(agrees_to_publish=True)
    lite.do(number, Action.CONFIRM, lite.citizen(number), score=5)
    nobody = Actor(frozenset(), "public")
    assert shown(lite, number, nobody) == "{}"
    lite.do(number, Action.PUBLISH, REVIEWER, text="某健身公司退还预付款")
    with lite.docket() as docket:
        assert show_case(docket, lite.get(number), nobody) == {Field.PUBLIC: "某健身公司退还预付款"}


def test_ten_complaints_in_a_day_open_one_event(desk: CaseDesk) -> None:
    for n in range(desk.rules.bursts.count + 2):
        desk.file(follower=False, persons=(Person(f"甲{n}", f"1390000{n:04}"),))
        with desk.docket() as docket:
            events = docket.session.scalars(select(MajorEvent)).all()
            assert len(events) == int(n + 1 >= desk.rules.bursts.count)
    with desk.docket() as docket:
        (major,) = docket.session.scalars(select(MajorEvent))
        assert major.cause is BurstCause.MANY_CASES
        alerts = docket.session.scalars(select(CaseAlert)).all()
        assert len(alerts) == 2, "duty officer and leader, once"
        assert "乐享" in alerts[0].text
        form = report_form(docket, major)
        assert form["投诉举报件数"] == "12"
        assert form["涉及金额（元）"] == "18000.00"
        assert "甲" not in json.dumps(form, ensure_ascii=False)
        with pytest.raises(UserError, match="已采取的措施"):
            log_sending(docket, major, SUPERVISOR, "市人民政府", "公文")
        major.measures = "约谈负责人，冻结备付金"
        sending = log_sending(docket, major, SUPERVISOR, "市人民政府", "公文")
        assert sending.form["已采取的措施"] == "约谈负责人，冻结备付金"
        assert [one.receiver for one in sendings_of(docket, major)] == ["市人民政府"]
        close_event(docket, major)
    desk.pass_time(days=2)
    number = desk.file(follower=False).number
    with desk.docket() as docket:
        assert docket.session.scalar(select(func.count()).select_from(MajorEvent)) == 1
        case = docket.session.merge(desk.get(number))
        opened = open_event(docket, case, BurstCause.BY_HAND, SUPERVISOR.key)
        assert open_event(docket, case, BurstCause.BY_HAND, SUPERVISOR.key).id == opened.id


def test_filing_reads_none_of_the_many_other_cases_on_the_firm(lite: CaseDesk) -> None:
    read: list[Case] = []

    def note(case: Case, _: object) -> None:
        read.append(case)

    for n in range(lite.rules.bursts.count + 3):
        event.listen(Case, "load", note)
        try:
            lite.file(follower=False, persons=(Person(f"甲{n}", f"1390000{n:04}"),))
        finally:
            event.remove(Case, "load", note)
    assert len(read) == 0, "a shop that closes brings thousands"
    with lite.docket() as docket:
        assert set(docket.session.scalars(select(Case.major_event_id))) == {1}, "those before it too"


@pytest.mark.parametrize(
    ("changes", "count", "cause"),
    [
        ({"category": "prepaid_closure"}, 3, BurstCause.PREPAID_CLOSURE),
        ({"amount_fen": 50_000_000}, 2, BurstCause.AMOUNT),
    ],
)
def test_other_causes_of_a_major_event(
    lite: CaseDesk, changes: dict[str, object], count: int, cause: BurstCause
) -> None:
    for n in range(count):
        with lite.docket() as docket:
            assert docket.session.scalar(select(func.count()).select_from(MajorEvent)) == 0, n
        lite.file(**changes)
    with lite.docket() as docket:
        assert docket.session.scalars(select(MajorEvent.cause)).all() == [cause]


def test_the_key_can_be_changed(desk: CaseDesk) -> None:
    receipt = desk.file(key="a key before the change")
    number = receipt.number
    old = desk.database.vault
    fresh = "another key of more than thirty-two characters"
    both, new = Vault(fresh, "a test key of more than thirty-two characters"), Vault(fresh)
    try:
        desk.database.vault = both
        with desk.docket() as docket:
            assert same_phone(docket.session, PHONE), "found by the old key's index while it is changed"
        first = keys.reseal_database(desk.database)
        assert keys.reseal_database(desk.database) == first, "again does no harm"
        assert first["cases"] == first["followers"] == first["case_parties"] == 1
        assert desk.file(key="a key before the change").query_code == receipt.query_code
        desk.database.vault = new
        with desk.database.read() as session:
            docket = open_docket(session, desk.rules, desk.now)
            (person,) = show_case(docket, desk.get(number), desk.citizen(number))[Field.IDENTITY]
            assert person.phone == PHONE
            assert len(same_phone(session, PHONE)) == 1
            assert followers.is_follower(session, "o_complainant")
            assert admit_by_code(docket, number, receipt.query_code, "x").case, "codes outlive the key"
        desk.database.vault = old
        with desk.docket() as docket, pytest.raises(VaultError):
            show_case(docket, desk.get(number), desk.citizen(number))
    finally:
        desk.database.vault = old


def test_what_is_sealed_is_named_so() -> None:
    """What is binary and neither sealed, hashed nor an index would be forgotten when the key changes."""
    named = {(table.name, column) for table, columns in keys.sealed_tables() for column in columns}
    assert ("cases", "facts_sealed") in named
    plain = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    } - named
    plain -= {("activity_photos", "content"), ("evaluation_evidence", "content")}  # made to be published; of no person
    assert all(name.endswith(("_hash", "_index", "key", "seal", "sha256", "digest")) for _, name in plain), plain
    assert {table for table, _ in keys.INDEXES} == {table for table, name in plain if name.endswith("_index")}


def test_reports_are_confidential(lite: CaseDesk) -> None:
    assert lite.get(lite.file(kind=CaseKind.REPORT).number).is_confidential
    assert lite.get(lite.file().number).state is State.SUBMITTED
