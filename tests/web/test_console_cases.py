"""A clerk's work on cases over real HTTP: taken in, accepted, assigned, answered by two, closed; nobody sees more."""

import io
import re
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from models.audit import Act, AuditEntry
from models.case import Case
from models.case_file import CaseLook
from models.case_words import Action, CaseKind, State
from models.database import Database
from models.role import Role
from services.calendar.years import seed_calendar
from services.cases.facts import act_as_citizen
from services.cases.personal import Person
from services.cases.places import tell_place
from services.cases.standing import find_case
from services.evidence.examining import examine
from services.evidence.keeping import Arrived, add_evidence, digest, limits_of
from services.evidence.store import EvidenceStore
from tests.case_desk import ASSOCIATION, DISPATCHER, FAILED, HANDLER, INTAKE, PHONE, RULES, UNIT, CaseDesk
from tests.console import Clerk, Clock, hire, make_console
from tests.evidence_files import make_photo, make_sound
from tests.web.markup import Page

SPOKEN = {
    "kind": "complaint", "channel": "phone", "notice": "y", "category": "prepaid", "urgency": "normal",
    "facts": "上月在该店充值两千元办卡，本周店铺关门，电话打不通，要求退还余额。",
    "respondent": "示范市乐享健身服务有限公司",
    "name": "欧阳小明", "phone": "138 1234 5678", "amount": "1,500.50", "requests": ["退款"],
}  # fmt: skip
STAFF = {
    "intake": (Role.INTAKE, ""), "dispatcher": (Role.DISPATCHER, ""), "handler": (Role.HANDLER, UNIT),
    "reviewer": (Role.REVIEWER, ""), "supervisor": (Role.SUPERVISOR, ""), "auditor": (Role.AUDITOR, ""),
    "mediator": (Role.MEDIATOR, ASSOCIATION), "other": (Role.HANDLER, "外资管理处"),
}  # fmt: skip


EVERY_ROLE = (Role.HANDLER, Role.INTAKE, Role.DISPATCHER, Role.REVIEWER, Role.SUPERVISOR)


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def app(database: Database, tmp_path: Path, clock: Clock) -> Flask:
    with database.write() as session:
        seed_calendar(session, clock.now)
    for login, (role, unit) in STAFF.items():
        hire(database, clock.now, login, role, name=f"某{login}", unit=unit)
    return make_console(database, tmp_path, clock)


@pytest.fixture
def desk(app: Flask, database: Database) -> CaseDesk:
    """The services beside the pages, at the same moment."""
    return CaseDesk(database)


def come(app: Flask, login: str) -> Clerk:
    clerk = Clerk(app)
    assert clerk.signs_in(login).status_code == 303
    return clerk


def do(clerk: Clerk, number: str, action: Action, **fields: str) -> int:
    """Open the form of a step and send it with the version it shows."""
    path = f"/console/cases/{number}/do/{action}"
    page = clerk.opens(path).text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version, page[-2000:]
    return clerk.sends(path, **({"version": version[1]} | fields)).status_code


def take_in(clerk: Clerk, **changes: str | list[str]) -> str:
    """By telephone; the number."""
    page = clerk.opens("/console/cases/new").text
    key = re.search(r'name="client_key" type="hidden" value="([^"]+)"', page)
    assert key
    fields: dict[str, str | list[str]] = {**SPOKEN, "client_key": key[1]} | changes
    answer = clerk.sends("/console/cases/new", **fields)
    found = re.search(r"TS\d{20}|JB\d{20}", answer.text)
    assert answer.status_code == 200, Page(answer.text).main
    assert found
    return found[0]


def state_of(database: Database, number: str) -> State:
    with database.read() as session:
        return session.scalars(select(Case.state).where(Case.number == number)).one()


def test_a_case_from_the_telephone_to_its_end(app: Flask, database: Database, desk: CaseDesk) -> None:
    intake, dispatcher, handler = come(app, "intake"), come(app, "dispatcher"), come(app, "handler")
    reviewer = come(app, "reviewer")
    number = take_in(intake)
    assert number in intake.opens("/console/cases").text
    page = Page(intake.opens(f"/console/cases/{number}").text)
    main = [link for link in page.all("a") if "weui-btn_primary" in link.attributes.get("class", "")]
    assert [link.text.strip() for link in main] == ["受理"], "one main button: what the law wants next"
    assert do(intake, number, Action.ACCEPT) == 303
    assert number in dispatcher.opens("/console/cases").text
    dispatcher.sends("/console/cases/assign", number=[number], unit="*")
    assert state_of(database, number) is State.ASSIGNED
    assert "现在不能做的" in handler.opens(f"/console/cases/{number}").text, "begin waits for the first contact"
    assert do(handler, number, Action.LOG_CONTACT, way="电话", outcome="reached", note="已核实") == 303
    assert do(handler, number, Action.BEGIN) == 303
    answer = {"result": "settled", "recovered": "1500", "text": "商家已退还余额，您表示满意。"}
    assert do(handler, number, Action.PROPOSE_ANSWER, **answer) == 303
    assert number not in handler.opens("/console/cases").text, "waits for the reviewer now"
    assert number in reviewer.opens("/console/cases").text
    assert "商家已退还余额" in reviewer.opens(f"/console/cases/{number}/do/approve_answer").text
    assert do(reviewer, number, Action.APPROVE_ANSWER) == 303
    assert desk.do(number, Action.CONFIRM, act_as_citizen(desk.get(number).id), score=5) is State.CLOSED
    closed = Page(intake.opens(f"/console/cases/{number}").text).main
    for words in ("双方和解", "1,500.00 元", "5 分", "市民评价 5 分，办结", "按期完成", "某handler"):
        assert words in closed, words
    with database.read() as session:
        steps = session.scalars(select(AuditEntry.subject).where(AuditEntry.act == Act.CASE_STEP)).all()
        assert steps == [number] * 7


def test_who_drafted_an_answer_does_not_approve_it(
    app: Flask, database: Database, desk: CaseDesk, clock: Clock
) -> None:
    hire(database, clock.now, "both", Role.HANDLER, Role.REVIEWER, unit=UNIT)
    number = desk.to_in_progress()
    both = come(app, "both")
    assert do(both, number, Action.PROPOSE_ANSWER, result="explained", text="已经说明有关规定。") == 303
    page = both.opens(f"/console/cases/{number}").text
    assert "提出人与审批人不能是同一人" in page
    assert do(both, number, Action.APPROVE_ANSWER) == 422
    assert state_of(database, number) is State.IN_PROGRESS


def test_two_clerks_meet_and_nothing_typed_is_lost(app: Flask, desk: CaseDesk) -> None:
    number = desk.file().number
    one, other = come(app, "intake"), come(app, "intake")
    path = f"/console/cases/{number}/do/ask_more"
    other.opens(path)
    version = re.search(r'name="version" value="(\d+)"', other.page.text)
    assert version
    assert do(one, number, Action.AMEND, summary="预付卡退费", note="补写摘要", category="", urgency="") == 303
    answer = other.sends(path, version=version[1], text="请补充付款凭证，写了很久的一段话")
    assert answer.status_code == 409
    assert "某intake已经做了“更正登记”" in answer.text
    assert "请补充付款凭证，写了很久的一段话" in answer.text
    fresh = re.search(r'name="version" value="(\d+)"', answer.text)
    assert fresh
    assert other.sends(path, version=fresh[1], text="请补充付款凭证").status_code == 303


def test_personal_data_is_named_with_its_place(app: Flask, desk: CaseDesk) -> None:
    number = desk.file().number
    intake = come(app, "intake")
    assert do(intake, number, Action.ASK_MORE, text="请欧阳小明补充付款凭证") == 422
    assert "“欧阳小明”（姓名，第2个字）" in intake.page.text
    assert "请欧阳小明补充付款凭证" in intake.page.text
    assert do(intake, number, Action.ASK_MORE, text="请补充【什么】") == 422
    assert "还有没填的空：【什么】" in intake.page.text
    assert do(intake, number, Action.ASK_MORE, text="请打13900001111", is_checked="y") == 422, "a telephone never goes"
    assert do(intake, number, Action.ASK_MORE, text="请欧阳女士补充", is_checked="y") == 303


def test_a_look_at_the_reporter_needs_a_reason_and_is_written(app: Flask, database: Database, desk: CaseDesk) -> None:
    number = desk.file().number
    intake = come(app, "intake")
    page = intake.opens(f"/console/cases/{number}").text
    assert PHONE not in page
    assert "138****5678" in page
    intake.sends(f"/console/cases/{number}/identity", reason="看")
    with database.read() as session:
        assert session.scalars(select(CaseLook)).all() == []
    intake.opens(f"/console/cases/{number}")
    assert PHONE in intake.sends(f"/console/cases/{number}/identity", reason="电话核实情况").text
    assert PHONE not in intake.opens(f"/console/cases/{number}").text, "the next page hides it again"
    assert "电话核实情况" in come(app, "auditor").opens(f"/console/cases/{number}").text


def test_nobody_reaches_what_the_table_hides(app: Flask, desk: CaseDesk) -> None:
    number = desk.to_in_progress()
    for login in ("other", "mediator"):
        clerk = come(app, login)
        assert number not in clerk.opens("/console/cases?scope=all&state=").text
        assert clerk.opens(f"/console/cases/{number}").status_code == 404
        assert clerk.opens(f"/console/cases/{number}/do/propose_answer").status_code == 404
    auditor = come(app, "auditor")
    page = auditor.opens(f"/console/cases/{number}").text
    assert "店铺关门" not in page
    assert "/do/" not in page, "an auditor has no buttons"
    assert auditor.opens(f"/console/cases/{number}/do/accept").status_code == 303


def test_the_list_is_found_by_filters_words_and_telephone(app: Flask, desk: CaseDesk, database: Database) -> None:
    one, two = desk.file().number, desk.file(category="oil", respondent_name="示范市加油站有限公司").number
    intake = come(app, "intake")
    assert one in intake.opens("/console/cases?scope=all&state=open&category=prepaid").text
    assert two not in intake.page.text
    assert two in intake.opens("/console/cases?scope=all&state=&text=加油").text
    assert one not in intake.page.text
    assert "还有 7 个工作日" in intake.opens("/console/cases").text
    found = intake.sends("/console/cases/search", text="13812345678")
    assert one in found.text
    assert PHONE not in found.text
    intake.opens("/console/cases")
    assert intake.sends("/console/cases/search", text=f"请查 {one}").location.endswith(one)
    with database.read() as session:
        assert session.scalars(select(AuditEntry).where(AuditEntry.act == Act.PHONE_SEARCHED)).one()
    assert intake.opens("/console/cases?scope=x&state=y&after=z&urgent=1&kind=2").status_code == 200


def test_a_telephone_form_says_what_is_missing_and_is_taken_once(app: Flask, database: Database) -> None:
    intake = come(app, "intake")
    intake.opens("/console/cases/new")
    key = "a key that nobody can guess"
    bad: dict[str, str | list[str]] = {**SPOKEN, "phone": "12", "facts": "短", "amount": "很多", "client_key": key}
    answer = intake.sends("/console/cases/new", **bad)
    assert answer.status_code == 422
    for words in ("请填写能联系到您的手机", "不少于10个字", "请填写金额", "欧阳小明"):
        assert words in answer.text
    silent = {name: said for name, said in SPOKEN.items() if name != "notice"}
    unread = intake.sends("/console/cases/new", **silent, client_key=key)
    assert "请先把上面这句话说给对方听" in unread.text
    assert "请先阅读并同意" not in unread.text
    numbers = {re.findall(r"TS\d{20}", intake.sends("/console/cases/new", **SPOKEN, client_key=key).text)[0]}
    intake.opens("/console/cases/new")
    numbers |= {re.findall(r"TS\d{20}", intake.sends("/console/cases/new", **SPOKEN, client_key=key).text)[0]}
    assert len(numbers) == 1, "the same form again is the same case"
    intake.opens("/console/cases/new")
    again = intake.sends("/console/cases/new", **SPOKEN, client_key="another key, as good as it")
    assert again.status_code == 422
    assert numbers.pop() in again.text, "a second case on the same firm is asked about"


def test_three_failed_calls_on_three_days_close_a_case(app: Flask, desk: CaseDesk, clock: Clock) -> None:
    number = desk.file().number
    desk.do(number, Action.ACCEPT, INTAKE)
    desk.do(number, Action.ASSIGN, DISPATCHER, unit=UNIT)
    for _ in range(2):
        desk.do(number, Action.LOG_CONTACT, HANDLER, FAILED)
        desk.pass_time(days=1)
    clock.now = desk.now
    handler = come(app, "handler")
    assert "至少三次联系不上" in handler.opens(f"/console/cases/{number}").text
    assert do(handler, number, Action.LOG_CONTACT, way="电话", outcome="failed", note="无人接听") == 303
    assert "已在 3 个不同的日子联系不上" in handler.opens(f"/console/cases/{number}").text
    assert do(handler, number, Action.CLOSE_UNREACHABLE) == 303
    assert desk.get(number).state is State.CLOSED


def test_statistics_count_what_is_seen_and_go_out_as_text(app: Flask, desk: CaseDesk, database: Database) -> None:
    desk.to_answered(category="retail", respondent_name="=HYPERLINK(1)店")
    desk.file(kind=CaseKind.REPORT, category="oil")
    intake, other = come(app, "intake"), come(app, "other")
    main = Page(intake.opens("/console/cases/statistics").text).main
    for words in ("2026年11月", "零售商促销、零供交易", "市场秩序处", "尚未派办", "长沙市（本级）", "未评价"):
        assert words in main, words
    assert "这段时间没有收到" in other.opens("/console/cases/statistics").text, "another unit's figures are not theirs"
    book = load_workbook(io.BytesIO(intake.opens("/console/cases/statistics.xlsx").data))
    assert [[cell.value for cell in row][:3] for row in book["按类型"].iter_rows(min_row=2)] == [
        ["举报", 1, 0],
        ["投诉", 1, 1],
    ]
    listed = load_workbook(io.BytesIO(intake.opens("/console/cases/list.xlsx?scope=all&state=").data)).worksheets[0]
    cells = {cell.value: cell.data_type for row in listed.iter_rows() for cell in row}
    assert cells["=HYPERLINK(1)店"] == "s", "text, not a formula"
    assert "欧阳小明" not in cells
    assert intake.opens("/console/cases/statistics?first=2026-12-01&last=2026-01-01").status_code == 200
    assert intake.opens("/console/cases/statistics?first=x").status_code == 200


def test_a_major_event_is_told_reported_and_closed(app: Flask, desk: CaseDesk, database: Database) -> None:
    for number in range(3):
        desk.file(follower=False, category="prepaid_closure", persons=(Person("某人", f"1380000000{number}"),))
    intake = come(app, "intake")
    assert "预付卡商家停业" in intake.opens("/console/cases/alerts").text
    intake.opens("/console/cases/events")
    path = re.search(r"/console/cases/events/\d+", intake.page.text)
    assert path
    assert "3" in intake.opens(path[0]).text
    intake.sends(path[0], do="send", receiver="省商务厅", way="公文系统", measures="")
    assert "请先填写“已采取的措施”" in intake.opens(path[0]).text
    intake.sends(path[0], do="send", receiver="省商务厅", way="公文系统", measures="已约谈商家，冻结预收资金")
    assert "省商务厅（公文系统）" in intake.opens(path[0]).text
    intake.sends(path[0], do="paper")
    paper = re.search(r"/console/cases/events/\d+/\d+/docx", intake.opens(path[0]).text)
    assert paper
    assert intake.opens(paper[0]).data[:2] == b"PK"
    intake.opens(path[0])
    intake.sends(path[0], do="close")
    assert "已结束" in intake.opens(path[0]).text
    assert come(app, "auditor").opens(path[0]).status_code == 403


def test_official_forms_are_numbered_and_saved(app: Flask, desk: CaseDesk, database: Database) -> None:
    number = desk.file().number
    desk.do(number, Action.ACCEPT, INTAKE)
    intake = come(app, "intake")
    intake.opens(f"/console/cases/{number}")
    intake.sends(f"/console/cases/{number}/papers", form="acceptance")
    page = intake.opens(f"/console/cases/{number}").text
    assert "受〔2026〕1号" in page
    paper = re.search(rf"/console/cases/{number}/papers/\d+", page)
    assert paper
    assert intake.opens(f"{paper[0]}/docx").data[:2] == b"PK"
    assert intake.opens(f"{paper[0]}/pdf").data[:5] == b"%PDF-"
    assert come(app, "dispatcher").opens(f"{paper[0]}/docx").status_code == 403, "it names the complainant"
    with database.read() as session:
        assert session.scalars(select(CaseLook.reason)).one() == "制作投诉受理决定书"


def test_an_association_mediates_what_was_delegated_and_sees_no_person(app: Flask, desk: CaseDesk) -> None:
    number = desk.to_in_progress()
    handler = come(app, "handler")
    assert "须先记录双方都同意调解" in handler.opens(f"/console/cases/{number}").text
    for side in ("complainant", "respondent"):
        assert do(handler, number, Action.RECORD_CONSENT, consent="mediation", side=side, is_given="yes") == 303
    assert do(handler, number, Action.MEDIATE) == 303
    assert (
        do(handler, number, Action.AMEND, summary="预付卡余额争议", note="供协会调解", category="", urgency="") == 303
    )
    assert do(handler, number, Action.DELEGATE_MEDIATION, receiver=ASSOCIATION) == 422
    assert "须先记录投诉人同意委托调解" in handler.page.text
    assert do(handler, number, Action.RECORD_CONSENT, consent="delegation", side="complainant", is_given="yes") == 303
    assert do(handler, number, Action.DELEGATE_MEDIATION, receiver=ASSOCIATION) == 303
    mediator = come(app, "mediator")
    assert number in mediator.opens("/console/cases").text
    page = mediator.opens(f"/console/cases/{number}").text
    assert "预付卡余额争议" in page
    for hidden in ("店铺关门", "欧阳", "5678", "办理记录", "/evidence/", "/papers"):
        assert hidden not in page, hidden
    assert do(mediator, number, Action.REPORT_MEDIATION, note="双方同意退还一半") == 303
    assert do(handler, number, Action.RECORD_CONSENT, consent="delegation", side="complainant", is_given="no") == 303
    assert "双方同意退还一半" in handler.opens(f"/console/cases/{number}").text


def test_an_extension_wants_two_persons_and_tells_the_new_day(app: Flask, desk: CaseDesk) -> None:
    number = desk.to_in_progress(kind=CaseKind.REPORT)
    handler, supervisor = come(app, "handler"), come(app, "supervisor")
    assert do(handler, number, Action.PROPOSE_EXTENSION, text="需要向外地核查") == 303
    assert number in supervisor.opens("/console/cases").text
    assert "需要向外地核查" in supervisor.opens(f"/console/cases/{number}").text
    assert do(supervisor, number, Action.DECLINE_PROPOSAL, note="请先联系举报人") == 303
    assert do(handler, number, Action.PROPOSE_EXTENSION, text="需要向外地核查") == 303
    assert do(supervisor, number, Action.APPROVE_EXTENSION) == 303
    assert "已延长15个工作日" in handler.opens(f"/console/cases/{number}").text


def test_two_letters_on_one_matter_are_merged(app: Flask, desk: CaseDesk) -> None:
    kept, other = desk.file().number, desk.file(category="retail").number
    dispatcher = come(app, "dispatcher")
    assert kept in dispatcher.opens(f"/console/cases/{other}/do/merge").text, "the earlier one is offered"
    assert do(dispatcher, other, Action.MERGE, parent_number=kept) == 422
    assert do(dispatcher, other, Action.MERGE, parent_number=kept, is_same_matter="y") == 303
    assert kept in dispatcher.opens(f"/console/cases/{other}").text
    assert other in dispatcher.opens(f"/console/cases/{kept}").text


def test_assigning_many_says_which_were_not(app: Flask, desk: CaseDesk, database: Database) -> None:
    ready, not_yet = desk.file().number, desk.file(category="ecommerce").number
    desk.do(ready, Action.ACCEPT, INTAKE)
    dispatcher, intake = come(app, "dispatcher"), come(app, "intake")
    dispatcher.opens("/console/cases")
    dispatcher.sends("/console/cases/assign", number=[ready, not_yet, "TS1"], unit="*")
    page = dispatcher.opens("/console/cases?scope=all&state=").text
    assert "已办 1 件" in page
    assert f"{not_yet}：事项现在是“已提交”" in page
    assert state_of(database, ready) is State.ASSIGNED
    intake.opens("/console/cases")
    assert intake.sends("/console/cases/assign", number=[not_yet], unit="*").status_code == 403


def test_many_are_given_to_a_person_and_taken(app: Flask, desk: CaseDesk, database: Database) -> None:
    first, second, third = desk.file().number, desk.to_in_progress(), desk.to_in_progress()
    desk.do(first, Action.ACCEPT, INTAKE)
    dispatcher, supervisor, handler = come(app, "dispatcher"), come(app, "supervisor"), come(app, "handler")
    page = dispatcher.opens("/console/cases?scope=all").text
    assert "市场秩序处的承办人" in page
    me = re.search(r'<option value="(staff:\d+)">某handler', page)
    assert me
    dispatcher.sends("/console/cases/assign", number=[first, second], unit=me[1])
    assert [find(database, one).handler for one in (first, second, third)] == [me[1], me[1], ""]
    page = handler.opens("/console/cases?scope=own&state=open").text
    assert (first in page, second in page, third in page) == (True, True, False)
    assert third in handler.opens("/console/cases?scope=free").text
    handler.sends("/console/cases/assign", number=[third, second], unit="me")
    assert "已经是您承办的" in handler.opens("/console/cases").text
    assert find(database, third).handler == me[1]
    supervisor.opens("/console/cases?scope=all")
    supervisor.sends("/console/cases/assign", number=[third], unit="staff:99")
    assert find(database, third).handler == me[1]
    assert "某handler承办" in supervisor.opens(f"/console/cases/{third}").text
    assert do(supervisor, third, Action.APPOINT, handler=me[1]) == 422, "it is theirs already"


def test_all_of_a_page_takes_nothing_out_of_peoples_hands(app: Flask, desk: CaseDesk, database: Database) -> None:
    waiting, worked = desk.file().number, desk.file().number
    for one in (waiting, worked):
        desk.do(one, Action.ACCEPT, INTAKE)
    desk.do(worked, Action.ASSIGN, DISPATCHER, unit="外资管理处")
    dispatcher = come(app, "dispatcher")
    dispatcher.opens("/console/cases?scope=all")
    dispatcher.sends("/console/cases/assign", number=[waiting, worked], unit="*")
    assert "1 件已经在办，没有动" in dispatcher.opens("/console/cases").text
    assert [find(database, one).unit for one in (waiting, worked)] == [UNIT, "外资管理处"]


def find(database: Database, number: str) -> Case:
    with database.read() as session:
        found = find_case(session, number)
        assert found
        return found


def test_evidence_is_shown_redrawn_and_saved_as_it_came(
    app: Flask, desk: CaseDesk, database: Database, tmp_path: Path
) -> None:
    number, photo = desk.file().number, make_photo()
    store, examined = EvidenceStore(tmp_path / "evidence"), examine(photo)
    with desk.docket() as docket:
        case = find_case(docket.session, number)
        assert case
        kept = store.keep(photo, examined.view)
        arrived = Arrived(examined, kept, digest(photo), len(photo), "门口.jpg", "citizen")
        evidence_id = add_evidence(docket.session, case, arrived, limits_of(RULES), docket.now).id
    intake = come(app, "intake")
    path = f"/console/cases/{number}/evidence/{evidence_id}"
    assert f'src="{path}/view"' in intake.opens(f"/console/cases/{number}").text
    view = intake.opens(f"{path}/view")
    assert view.mimetype == "image/jpeg"
    assert b"SecretCamera" not in view.data
    assert "sandbox" in view.headers["Content-Security-Policy"]
    original = intake.opens(f"{path}/original")
    assert original.data == photo
    assert original.headers["Content-Disposition"].startswith("attachment")
    other_case = desk.file(category="oil").number
    assert intake.opens(f"/console/cases/{other_case}/evidence/{evidence_id}/original").status_code == 404
    assert come(app, "dispatcher").opens(f"{path}/original").status_code == 403
    with database.read() as session:
        assert session.scalars(select(AuditEntry).where(AuditEntry.act == Act.EVIDENCE_OPENED)).one().subject == number


def test_a_place_is_shown_with_a_link_to_the_map(app: Flask, desk: CaseDesk) -> None:
    told = tell_place("五一广场", 28.228209, 112.938814)
    number = desk.file(place=told).number
    page = come(app, "intake").opens(f"/console/cases/{number}").text
    assert told in page
    link = re.search(r'href="(https://apis\.map\.qq\.com/[^"]+)" target="_blank" rel="noopener noreferrer"', page)
    assert link
    assert "coord:28.22821,112.93881" in link[1]
    assert "五一广场" not in link[1]
    assert "apis.map" not in come(app, "intake").opens(f"/console/cases/{desk.file(place='五一广场').number}").text


def test_a_voice_message_is_heard_on_the_page(app: Flask, desk: CaseDesk, database: Database, tmp_path: Path) -> None:
    number, voice = desk.file().number, make_sound("libopencore_amrnb", "amr", 8000)
    store, examined = EvidenceStore(tmp_path / "evidence"), examine(voice)
    with desk.docket() as docket:
        case = find_case(docket.session, number)
        assert case
        kept = store.keep(voice, examined.view)
        arrived = Arrived(examined, kept, digest(voice), len(voice), "", "citizen")
        evidence_id = add_evidence(docket.session, case, arrived, limits_of(RULES), docket.now).id
    intake = come(app, "intake")
    path = f"/console/cases/{number}/evidence/{evidence_id}"
    page = intake.opens(f"/console/cases/{number}")
    assert f'<audio src="{path}/view" controls' in page.text
    assert "media-src 'self'" in page.headers["Content-Security-Policy"]
    heard = intake.opens(f"{path}/view")
    assert (heard.mimetype, heard.data) == ("audio/mpeg", examined.view)
    assert heard.headers["Content-Disposition"] == "inline"
    beginning = intake.opens(f"{path}/view", Range="bytes=0-1")  # as an iPhone asks
    assert (beginning.status_code, beginning.data) == (206, examined.view[:2])
    assert beginning.headers["Content-Range"] == f"bytes 0-1/{len(examined.view)}"
    assert intake.opens(f"{path}/original").data == voice


def test_every_form_of_every_step_opens(app: Flask, desk: CaseDesk, database: Database, clock: Clock) -> None:
    hire(database, clock.now, "all", *EVERY_ROLE, unit=UNIT)
    clerk, seen = come(app, "all"), set()
    for number in (desk.file().number, desk.to_in_progress(kind=CaseKind.REPORT), desk.to_answered()):
        page = clerk.opens(f"/console/cases/{number}").text
        for action in re.findall(rf"/console/cases/{number}/do/(\w+)", page):
            assert clerk.opens(f"/console/cases/{number}/do/{action}").status_code == 200, action
            assert clerk.sends(f"/console/cases/{number}/do/{action}", version="0").status_code in {409, 422}, action
            seen.add(action)
    assert len(seen) >= 15
    assert clerk.opens(f"/console/cases/{number}/do/nothing").status_code == 404


def test_a_closed_case_is_followed_up_and_published_with_consent_only(app: Flask, desk: CaseDesk) -> None:
    number = desk.to_answered()
    desk.do(number, Action.CONFIRM, desk.citizen(number), score=4)
    intake, reviewer = come(app, "intake"), come(app, "reviewer")
    assert "已经办完" in intake.opens(f"/console/cases/{number}").text
    assert do(intake, number, Action.FOLLOW_UP, outcome="reached", note="退款已到账") == 303
    assert "退款已到账" in intake.opens(f"/console/cases/{number}").text
    assert do(reviewer, number, Action.PUBLISH, text="商家已退还预付卡余额。") == 422
    assert do(intake, number, Action.RECORD_CONSENT, consent="publish", side="complainant", is_given="yes") == 303
    assert do(reviewer, number, Action.PUBLISH, text="商家已退还欧阳小明的余额。") == 422
    assert "“欧阳小明”（姓名" in reviewer.page.text
    assert do(reviewer, number, Action.PUBLISH, text="商家已退还预付卡余额。") == 303
    assert desk.get(number).public_summary == "商家已退还预付卡余额。"
