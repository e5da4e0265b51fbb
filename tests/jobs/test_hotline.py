"""The exchange with a hotline over real HTTP: nothing lost, nothing doubled, whatever fails between."""

import hashlib
import itertools
import threading
from collections import Counter as Count
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.cases import CaseClock
from jobs.hotline import Answer, Line
from models.audit import Act, AuditEntry
from models.case import Case
from models.case_clock import CaseAlert
from models.case_words import Action, CaseKind, Channel, ConsentKind, Rung, State
from models.database import Database
from models.hotline import HotlineSending, HotlineStatus, SendingKind, SendingState, StatusOutcome
from services.cases.advance import advance
from services.cases.facts import Step
from services.cases.history import read_history, verify_history
from services.cases.reach import waits_for
from services.cases.standing import find_case
from services.evidence.store import EvidenceStore
from services.hotline import outbox
from services.hotline.forgetting import forget_exchange
from simulator.hotline import SCRIPT
from tests.case_desk import DISPATCHER, HANDLER, INTAKE, PHONE, REACHED, RULES, UNIT
from tests.evidence_files import AMR, make_photo
from tests.hotline_room import PATIENCE, RECEIVER, Bureau, Control, open_room

MANY = 60


@pytest.fixture
def room(database: Database) -> Iterator[tuple[Bureau, Control]]:
    with open_room(database) as opened:
        yield opened


@pytest.fixture
def lite(sqlite: Database) -> Iterator[tuple[Bureau, Control]]:
    with open_room(sqlite) as opened:
        yield opened


def make_order(number: int = 1, **parts: object) -> dict[str, object]:
    return {
        "source_no": f"H2026112000{number:04}",
        "kind": "complaint",
        "category_code": "prepaid",
        "received_at": "2026-11-20T09:58:00+08:00",
        "appeal_content": "健身房关门，储值卡余额1500元不退，要求退款。",
        "respondent": {"name": "示范市乐享健身服务有限公司"},
        "appellant": {"name": "欧阳小明", "phone": PHONE},
    } | parts


def test_a_referral_goes_out_and_comes_back_acknowledged(room: tuple[Bureau, Control]) -> None:
    bureau, hotline = room
    number = bureau.refer(with_identity=True)
    other = bureau.desk.file().number  # stays with us
    assert bureau.sender.work() == 1
    assert bureau.sender.work() == 0
    order = hotline.figures()["orders"][number]
    body = order["bodies"][next(iter(order["bodies"]))]
    assert body["appellant"] == {"name": "欧阳小明", "phone": PHONE, "confidential": False}
    assert body["respondent"]["name"] == "示范市乐享健身服务有限公司"
    assert body["received_at"] == "2026-11-20T10:00:00+08:00"
    assert body["legal_due_at"] == "2026-12-02T00:00:00+08:00"  # 1 December is the seventh working day
    assert bureau.count_actions(number, Action.ACKNOWLEDGE_REFERRAL) == 1
    assert bureau.count_actions(other, Action.ACKNOWLEDGE_REFERRAL) == 0
    with bureau.database.read() as session:
        sent = session.query(HotlineSending).one()
        assert (sent.state, sent.remote_number) == (SendingState.SENT, order["remote_no"])
        assert sent.body_sealed is None  # its persons are not kept twice


def test_without_consent_no_person_goes_out(lite: tuple[Bureau, Control]) -> None:
    bureau, hotline = lite
    number = bureau.refer()
    bureau.sender.work()
    order = hotline.figures()["orders"][number]
    body = next(iter(order["bodies"].values()))
    assert body["appellant"] is None
    assert "欧阳" not in str(body)
    assert PHONE not in str(body)
    assert "储值卡" not in body["appeal_content"]  # the citizen's own words may name persons


def test_evidence_goes_out_by_links_that_end(sqlite: Database, tmp_path: Path) -> None:
    store, content = EvidenceStore(tmp_path / "evidence", reserve_bytes=0), make_photo()
    with open_room(sqlite, store) as (bureau, hotline):
        given, kept_back = (bureau.desk.file().number for _ in range(2))
        for number in (given, kept_back):
            bureau.add_evidence(number, content)
            bureau.give_away(number, with_identity=number == given)
        bureau.sender.work()
        orders = hotline.figures()["orders"]
        (kept_body,), (body,) = orders[kept_back]["bodies"].values(), orders[given]["bodies"].values()
        assert kept_body["attachments"] == [], "no consent, no file"
        (file,) = body["attachments"]
        assert (file["name"], file["size"]) == ("小票.jpg", len(content))
        assert file["expires_at"] == "2026-11-27T10:00:00+08:00"
        answer = requests.get(file["url"], timeout=10)
        assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]
        assert "nosniff" in answer.headers["X-Content-Type-Options"]
        assert requests.get(file["url"][:-1] + "x", timeout=10).status_code == 410
        with sqlite.read() as session:
            assert [one.subject for one in session.query(AuditEntry).filter_by(act=Act.EVIDENCE_OPENED)] == [given]
        bureau.desk.do(
            given, Action.RECORD_CONSENT, INTAKE, consent=ConsentKind.TRANSFER, side="complainant", is_given=False
        )
        assert requests.get(file["url"], timeout=10).json()["error"] == "expired", "consent taken back"
        bureau.desk.pass_time(days=8)
        assert requests.get(file["url"], timeout=10).status_code == 410


def test_evidence_that_comes_later_follows_its_order_once(database: Database, tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path / "evidence", reserve_bytes=0)
    with open_room(database, store) as (bureau, hotline):
        number = bureau.desk.file().number
        bureau.add_evidence(number, make_photo(), "先交的.jpg")
        bureau.give_away(number, with_identity=True)
        bureau.add_evidence(number, AMR, "后到的.amr")
        hotline.fault("api", "http", status=500, count=2)
        bureau.work_until_quiet()
        bureau.work_until_quiet()
        bureau.add_evidence(number, make_photo(seed=1), "再到的.jpg")
        bureau.add_evidence(number, make_photo(seed=2), "还有.jpg")
        hotline.fault("api", "cut", when="after")  # taken, and we do not learn of it
        bureau.work_until_quiet()
        bureau.work_until_quiet()
        order = hotline.figures()["orders"][number]
        bodies = [body for _, body in sorted(order["bodies"].items(), key=lambda item: int(item[0]))]
        names = [[file["name"] for file in body["attachments"]] for body in bodies]
        assert names == [["先交的.jpg"], ["后到的.amr"], ["再到的.jpg", "还有.jpg"]]
        assert bodies[1]["appeal_content"] == "补充证据：录音 1 件，见附件。"
        assert bodies[2]["appeal_content"] == "补充证据：照片 2 件，见附件。"
        assert [body["appellant"]["phone"] for body in bodies] == [PHONE] * 3
        assert requests.get(bodies[1]["attachments"][0]["url"], timeout=10).content == AMR
        assert bureau.count_actions(number, Action.FORWARD_EVIDENCE) == 2
        with bureau.desk.docket() as docket:
            case = find_case(docket.session, number)
            assert case is not None
            assert verify_history(docket, case) == []
            told = [entry.staff_text for entry in read_history(docket, case)]
        assert f"转交后收到的录音 1 件已列入发往{RECEIVER}的补充" in told


def test_without_consent_nothing_follows_an_order(sqlite: Database, tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path / "evidence", reserve_bytes=0)
    with open_room(sqlite, store) as (bureau, hotline):
        without, taken_back = bureau.refer(), bureau.refer(with_identity=True)
        bureau.work_until_quiet()
        bureau.desk.do(
            taken_back, Action.RECORD_CONSENT, INTAKE, consent=ConsentKind.TRANSFER, side="complainant", is_given=False
        )
        for number in (without, taken_back):
            bureau.add_evidence(number, make_photo())
        bureau.work_until_quiet()
        for number in (without, taken_back):
            assert len(hotline.figures()["orders"][number]["bodies"]) == 1
            assert bureau.count_actions(number, Action.FORWARD_EVIDENCE) == 0


def test_what_comes_after_a_referral_by_hand_is_told_once(sqlite: Database, tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path / "evidence", reserve_bytes=0)
    with open_room(sqlite, store) as (bureau, _):
        number = bureau.desk.file().number
        bureau.add_evidence(number, make_photo())
        bureau.give_away(number, receiver="示范市市场监督管理局")
        bureau.add_evidence(number, AMR)
        clock = CaseClock(sqlite, RULES, lambda: bureau.desk.now)
        assert clock.tend() == 0, "more may be coming"
        bureau.desk.pass_time(minutes=11)
        clock.tend()
        clock.tend()
        with sqlite.read() as session:
            told = list(session.scalars(select(CaseAlert.text).where(CaseAlert.rung == Rung.LATE_EVIDENCE)))
        assert told == [f"【转交后的证据】{number} 转交示范市市场监督管理局之后又收到录音 1 件，请送交对方。"]


def test_an_anonymous_report_goes_out_without_what_could_betray_its_writer(lite: tuple[Bureau, Control]) -> None:
    bureau, hotline = lite
    said = f"加油站计量不准，加100元少2升。我的电话{PHONE}。"
    number = bureau.refer(kind=CaseKind.REPORT, is_anonymous=True, persons=(), facts=said)
    bureau.sender.work()
    body = next(iter(hotline.figures()["orders"][number]["bodies"].values()))
    assert body["appellant"] is None
    assert "加油站计量不准" in body["appeal_content"]
    assert PHONE not in str(body)


def test_what_is_sealed_goes_when_the_case_is_archived(lite: tuple[Bureau, Control]) -> None:
    bureau, hotline = lite
    number = bureau.refer(with_identity=True)
    hotline.fault("api", "http", times=None, status=500, path="/orders")
    bureau.sender.work()
    parts = {"remote_no": "R1", "status": "accepted", "occurred_at": "2026-11-20T10:00:00+08:00", "text": "已受理"}
    hotline.post("/statuses", source_no=number, **parts)
    with bureau.desk.docket() as docket:
        forget_exchange(docket.session, docket.now)
        assert docket.session.query(HotlineSending).one().body_sealed is not None
        docket.session.query(Case).update({"state": State.ARCHIVED})
        forget_exchange(docket.session, docket.now)
    with bureau.database.read() as session:
        assert session.query(HotlineSending).one().body_sealed is None
        assert session.query(HotlineStatus).one().text_sealed is None


def test_a_step_that_was_rolled_back_is_not_told(lite: tuple[Bureau, Control]) -> None:
    bureau, hotline = lite
    number = bureau.desk.file().number
    step = Step(receiver=RECEIVER, legal_basis="国办发〔2020〕53号")

    def refer_and_fail() -> None:
        with bureau.desk.docket() as docket:
            advance(docket, number, Action.REFER, INTAKE, step)
            raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        refer_and_fail()
    assert bureau.sender.work() == 0
    assert hotline.figures()["orders"] == {}


def test_nothing_is_lost_or_doubled_under_all_faults(
    room: tuple[Bureau, Control], capsys: pytest.CaptureFixture[str]
) -> None:
    bureau, hotline = room
    hotline.post("/script", statuses=SCRIPT)
    numbers = [bureau.refer(with_identity=turn % 2 == 0) for turn in range(MANY)]
    for kind in ("http", "slow", "garbage", "cut"):
        for when in ("before", "after"):
            hotline.fault("api", kind, when=when, path="/orders", times=5, seconds=2 * PATIENCE, status=500)
    hotline.fault("webhook", "duplicate", times=80, count=3)
    hotline.fault("webhook", "reorder", times=80)
    senders = [threading.Thread(target=bureau.make_sender().work) for _ in range(3)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    rounds = bureau.work_until_quiet()
    assert hotline.post("/settle")["settled"]
    figures = hotline.figures()
    orders, states = figures["orders"], bureau.count_states()
    arrivals = sum(order["arrivals"] for order in orders.values())
    acknowledged = Count(bureau.count_actions(number, Action.ACKNOWLEDGE_REFERRAL) for number in numbers)
    statuses = Count(len(bureau.statuses(number)) for number in numbers)
    with capsys.disabled():
        print(  # noqa: T201 - the figures of the run
            f"\n{bureau.database.engine.dialect.name}: {MANY} cases pushed in {rounds} rounds, "
            f"{len(orders)} orders there, {arrivals} arrivals, lost {MANY - len(orders)}, "
            f"doubled {sum(len(order['bodies']) > 1 for order in orders.values())}; "
            f"{figures['calls']} callbacks for {MANY * len(SCRIPT)} statuses, lost {figures['lost_calls']}"
        )
    assert set(orders) == set(numbers)
    assert all(len(order["bodies"]) == 1 for order in orders.values())
    assert arrivals > MANY, "no fault happened"
    assert figures["calls"] > MANY * len(SCRIPT), "no callback was doubled"
    assert states == {SendingState.SENT: MANY}
    assert acknowledged == {1: MANY}
    assert statuses == {len(SCRIPT): MANY}
    assert figures["lost_calls"] == 0
    assert all([one.status for one in bureau.statuses(number)] == list(SCRIPT) for number in numbers)


def test_what_is_tried_in_vain_is_dead_told_and_sent_again(room: tuple[Bureau, Control]) -> None:
    bureau, hotline = room
    number = bureau.refer()
    hotline.fault("api", "http", times=None, status=500, path="/orders")
    moments = []
    for _ in range(7):
        assert bureau.sender.work() == 1
        with bureau.database.read() as session:
            sending = session.query(HotlineSending).one()
        moments.append(sending.not_before)
        bureau.desk.now = max(bureau.desk.now, sending.not_before)
    waits = [(later - before).total_seconds() / 60 for before, later in itertools.pairwise(moments)]
    assert waits[:5] == [5, 30, 120, 360, 1440]
    assert bureau.count_states() == {SendingState.DEAD: 1}
    with bureau.database.read() as session:
        alert = session.query(CaseAlert).filter(CaseAlert.key.startswith("hotline:dead")).one()
        assert number in alert.text
        assert "HTTP 500" in alert.text
    hotline.clear()
    assert bureau.sender.work() == 0
    with bureau.desk.docket() as docket:
        (dead,) = outbox.list_dead(docket.session)
        outbox.send_again(docket, dead)
    assert bureau.sender.work() == 1
    assert bureau.count_states() == {SendingState.SENT: 1}
    assert len(hotline.figures()["orders"]) == 1


def test_a_refusal_for_good_is_not_tried_again(lite: tuple[Bureau, Control]) -> None:
    bureau, hotline = lite
    bureau.refer()
    hotline.fault("api", "http", status=422, path="/orders")
    bureau.sender.work()
    assert bureau.count_states() == {SendingState.DEAD: 1}


def test_a_sender_that_dies_after_sending_sends_no_second_case(lite: tuple[Bureau, Control]) -> None:
    bureau, hotline = lite
    number = bureau.refer()

    class Dying(Line):
        def post(self, *given: object, **named: object) -> Answer:
            super().post(*given, **named)  # type: ignore[arg-type]
            raise KeyboardInterrupt

    line = bureau.sender.line
    assert line is not None
    dying = bureau.make_sender(Dying(line.url, line.credentials, line.http, line.read_seconds))
    with pytest.raises(KeyboardInterrupt):
        dying.work()
    assert bureau.sender.work() == 0  # leased
    bureau.desk.pass_time(minutes=3)
    assert bureau.sender.work() == 1
    order = hotline.figures()["orders"][number]
    assert (order["arrivals"], len(order["bodies"])) == (2, 1)
    assert bureau.count_actions(number, Action.ACKNOWLEDGE_REFERRAL) == 1


def test_an_order_of_theirs_becomes_one_case_however_often_it_comes(room: tuple[Bureau, Control]) -> None:
    bureau, hotline = room
    answers: list[dict[str, object]] = []
    threads = [
        threading.Thread(target=lambda n=n: answers.append(hotline.post("/orders", **make_order(n % 5))))
        for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({answer["remote_no"] for answer in answers}) == 5
    assert sum(answer["http_status"] == 201 for answer in answers) == 5
    case = bureau.desk.get(str(answers[0]["remote_no"]))
    assert (case.channel, case.state, case.kind) == (Channel.HOTLINE, State.SUBMITTED, CaseKind.COMPLAINT)
    assert case.category == "prepaid"


def test_the_hotline_hears_every_step_of_its_order(room: tuple[Bureau, Control]) -> None:
    bureau, hotline = room
    number = str(hotline.post("/orders", **make_order())["remote_no"])
    hotline.fault("api", "http", times=2, when="after", path="/statuses", status=500)
    desk = bureau.desk
    for action, actor, parts in (
        (Action.ACCEPT, INTAKE, {}),
        (Action.ASSIGN, DISPATCHER, {"unit": UNIT}),
        (Action.LOG_CONTACT, HANDLER, {"way": REACHED.way, "outcome": REACHED.outcome}),
        (Action.BEGIN, HANDLER, {}),
    ):
        desk.pass_time(minutes=1)
        desk.do(number, action, actor, **parts)
        bureau.sender.work()
    bureau.work_until_quiet()
    told = sorted(hotline.figures()["statuses"], key=lambda one: one["seq"])
    assert [one["status"] for one in told] == ["received", "accepted", "dispatched", "in_progress"]
    assert {one["source_no"] for one in told} == {"H20261120000001"}
    assert {one["remote_no"] for one in told} == {number}
    assert max(one["arrivals"] for one in told) > 1
    assert told[1]["due_at"]
    with bureau.database.read() as session:
        assert {one.kind for one in session.query(HotlineSending)} == {SendingKind.STATUS}


def test_a_status_before_its_case_waits_and_is_applied(lite: tuple[Bureau, Control]) -> None:
    bureau, hotline = lite
    moment = "2026-11-20T10:00:00+08:00"
    early = {"remote_no": "R00000001", "status": "returned", "occurred_at": moment, "seq": 3, "text": "不属于受理范围"}
    assert hotline.post("/statuses", **early)["outcome"] == StatusOutcome.WAITING
    number = bureau.refer()
    bureau.sender.work()  # the hotline's first order has the number R00000001
    (status,) = bureau.statuses(number)
    assert status.outcome is StatusOutcome.APPLIED
    case = bureau.desk.get(number)
    assert case.state is State.SUBMITTED, "what the hotline gives back is ours again"
    with bureau.database.read() as session:
        assert waits_for_intake(session, case)
    with bureau.database.read() as session:
        texts = [alert.text for alert in session.query(CaseAlert)]
    assert any("退回" in text and "不属于受理范围" in text for text in texts)


def waits_for_intake(session: Session, case: Case) -> bool:
    return session.scalar(select(Case.id).where(Case.id == case.id, waits_for(INTAKE))) is not None


def test_a_case_goes_out_again_after_it_came_back(lite: tuple[Bureau, Control]) -> None:
    """The second referral is a new revision, and an old refusal that is repeated does not bring it back."""
    bureau, hotline = lite
    number = bureau.refer()
    bureau.sender.work()
    refusal = {"source_no": number, "remote_no": "R00000001", "status": "rejected", "text": "材料不足", "seq": 1}
    refusal["occurred_at"] = "2026-11-20T10:01:00+08:00"
    assert hotline.post("/statuses", **refusal)["outcome"] == StatusOutcome.APPLIED
    bureau.desk.pass_time(hours=1)
    bureau.desk.do(number, Action.REFER, INTAKE, receiver=RECEIVER, legal_basis="国办发〔2020〕53号")
    bureau.sender.work()
    assert len(hotline.figures()["orders"][number]["bodies"]) == 2
    assert hotline.post("/statuses", **refusal)["repeated"]
    assert bureau.desk.get(number).state is State.REFERRED
    assert bureau.count_actions(number, Action.TAKE_BACK) == 1


def test_an_old_status_that_comes_late_alarms_nobody(lite: tuple[Bureau, Control]) -> None:
    bureau, hotline = lite
    number = bureau.refer()
    bureau.sender.work()
    parts = {"source_no": number, "remote_no": "R00000001"}
    hotline.post("/statuses", **parts, status="closed", occurred_at="2026-11-22T10:00:00+08:00", seq=9)
    late = hotline.post("/statuses", **parts, status="returned", occurred_at="2026-11-21T10:00:00+08:00", seq=5)
    again = hotline.post("/statuses", **parts, status="returned", occurred_at="2026-11-21T02:00:00Z", seq=5)
    strange = hotline.post("/statuses", **parts, status="sent_to_moon", occurred_at="2026-11-23T10:00:00+08:00")
    assert (late["outcome"], late["repeated"]) == ("kept", False)
    assert (again["outcome"], again["repeated"]) == ("kept", True)
    assert (strange["outcome"], strange["http_status"]) == ("kept", 200)
    assert [one.status for one in bureau.statuses(number)] == ["returned", "closed", "sent_to_moon"]


def test_a_later_revision_is_added_to_its_case(lite: tuple[Bureau, Control]) -> None:
    bureau, hotline = lite
    number = str(hotline.post("/orders", **make_order())["remote_no"])
    more = make_order(revision=2, appeal_content="补充：店主已换电话。")
    assert hotline.post("/orders", **more)["repeated"] is False
    assert hotline.post("/orders", **more)["repeated"] is True
    file = {"name": "小票.jpg", "sha256": "0" * 64, "size": 1, "url": "https://hotline.example/f/1"}
    hotline.post("/orders", **make_order(revision=3, appeal_content="补充照片。", attachments=[file]))
    with bureau.desk.docket() as docket:
        case = find_case(docket.session, number)
        assert case is not None
        assert "小票.jpg https://hotline.example/f/1" in read_history(docket, case)[-1].staff_text
    assert bureau.count_actions(number, Action.SUPPLEMENT) == 2


def test_files_are_exchanged_without_a_line(lite: tuple[Bureau, Control]) -> None:
    bureau, _ = lite
    number = bureau.refer()
    bureau.sender.line = None
    assert bureau.sender.work() == 0
    assert bureau.count_states() == {SendingState.NEW: 1}
    assert bureau.count_actions(number, Action.ACKNOWLEDGE_REFERRAL) == 0
