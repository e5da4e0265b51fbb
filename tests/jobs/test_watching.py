"""Following: heard once, in plain words, only what is news and public; silence for what was repaired before."""

import os
import signal
import subprocess
import sys
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from config.answers import load_answer_rules
from config.settings import Settings
from jobs import notices as sending
from jobs.watching import WatchClock
from models.archive_words import Life
from models.association import Association, AssociationMember
from models.campaign_words import AssociationKind, Level
from models.enterprise import Enterprise, Status
from models.follower import Follower
from models.follower_choice import NoticeGrant
from models.listing import Kind, Listing
from models.notice import Notice, NoticeStatus
from models.record import Record, RecordType, Severity
from models.watching import Watch, WatchedFirm, Watcher
from services.watching import following
from services.watching.following import Outcome, erase_followed, follow, unfollow
from services.watching.members import count_unread, mark_read, read_inbox
from tests.factories import make_enterprise, make_listing, make_record, next_revision
from tests.fake_wechat import FakeWechat
from tests.jobs.conftest import Outbox

SEND = "/cgi-bin/message/custom/send"
GRANTED = "/cgi-bin/message/subscribe/bizsend"
KEY = "a test key of more than thirty-two characters"
RULES = load_answer_rules().following
ROOT = Path(__file__).parents[2]


class Watching:
    """One follower of one firm, the clock that looks, and the sender."""

    def __init__(self, outbox: Outbox, fake: FakeWechat) -> None:
        self.outbox, self.fake, self.clock, self.database = outbox, fake, outbox.clock, outbox.database
        self.watch_clock = WatchClock(self.database, RULES, self.clock)
        with self.database.write() as session:
            self.firm_id = make_enterprise(session, "湖南稻花屿食品有限公司", "91430100MA4L2K1X70").id

    def follow(self, firm_id: int = 0) -> Outcome:
        with self.database.write() as session:
            return follow(session, self.outbox.follower_id, firm_id or self.firm_id, self.clock(), RULES.most_firms)

    def firm(self, session: Session) -> Enterprise:
        return session.get_one(Enterprise, self.firm_id)

    def penalise(self, title: str = "未按规定备案", **columns: object) -> int:
        with self.database.write() as session:
            columns = {"severity": Severity.GENERAL, "title": title} | columns
            return make_record(session, self.firm(session), RecordType.PENALTY, **columns).id

    def end(self, record_id: int, life: Life = Life.REPAIRED, reason: str = "信用修复") -> None:
        with self.database.write() as session:
            record = session.get_one(Record, record_id)
            record.life, record.withdrawn_on, record.withdrawn_reason = life, self.clock().date(), reason

    def look(self) -> list[str]:
        """An hour later: everything is compared, settled, and sent; the texts that arrive."""
        self.clock.pass_time(hours=1)
        self.watch_clock.step()
        self.clock.pass_time(minutes=RULES.settle_minutes)
        self.watch_clock.step()
        return self.deliver()

    def deliver(self) -> list[str]:
        before = len(self.fake.sent())
        self.outbox.sender.deliver()
        return [sent["text"]["content"] for sent in self.fake.sent()[before:]]


@pytest.fixture
def watching(outbox: Outbox, fake: FakeWechat) -> Watching:
    outbox.contact()
    return Watching(outbox, fake)


def test_a_new_penalty_is_heard_once_and_in_plain_words(watching: Watching) -> None:
    watching.penalise("以前的处罚")
    assert watching.follow() is Outcome.FOLLOWED
    assert watching.follow() is Outcome.ALREADY
    assert watching.look() == []
    watching.penalise(authority="长沙市商务局")
    (text,) = watching.look()
    assert "湖南稻花屿食品有限公司" in text
    assert "新增行政处罚：未按规定备案（长沙市商务局，2026年4月5日）" in text
    assert "以前的处罚" not in text
    assert watching.look() == []


def test_a_list_is_told_by_its_name_with_its_basis(watching: Watching) -> None:
    watching.follow()
    with watching.database.write() as session:
        make_listing(session, watching.firm(session))
    (text,) = watching.look()
    assert "列入：严重失信主体名单（单用途商业预付卡领域）（湖南省商务厅，2026年5月6日）" in text
    assert "依据：《示范省单用途预付卡管理条例》第二十三条" in text
    assert "黑名单" not in text


def test_nothing_else_is_news(watching: Watching) -> None:
    watching.follow()
    with watching.database.write() as session:
        firm = watching.firm(session)
        make_record(session, firm, RecordType.LICENCE)
        make_record(session, firm, RecordType.HONOUR)
        make_record(session, firm, RecordType.PENALTY, severity=Severity.MINOR, title="轻微的")
        make_record(session, firm, RecordType.COMPLAINT_SUMMARY)
        firm.address = "长沙市新路2号"
    assert watching.look() == []
    with watching.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Notice)) == 0


def test_a_repair_is_told_to_who_knew_and_names_nothing(watching: Watching) -> None:
    record_id = watching.penalise()
    watching.follow()
    watching.end(record_id)
    (text,) = watching.look()
    assert "1 条信息已按规定停止公示" in text
    assert "未按规定备案" not in text
    assert "处罚" not in text


@pytest.mark.parametrize("when", ["before the look", "before sending", "while it waits for a contact"])
def test_what_is_repaired_before_it_is_told_is_never_told(watching: Watching, when: str) -> None:
    watching.follow()
    record_id = watching.penalise()
    if when == "before the look":
        watching.end(record_id)
        assert watching.look() == []
        return
    if when == "while it waits for a contact":
        watching.clock.pass_time(hours=49)
        assert watching.look() == []
    else:
        watching.clock.pass_time(hours=1)
        watching.watch_clock.step()
        watching.clock.pass_time(minutes=RULES.settle_minutes)
        watching.watch_clock.step()
    watching.end(record_id)
    watching.outbox.contact()
    assert watching.deliver() == []
    assert watching.look() == []
    with watching.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Notice)) == 0


def test_a_correction_is_told_as_one(watching: Watching) -> None:
    record_id = watching.penalise()
    watching.follow()
    watching.end(record_id, Life.CORRECTED, "更正")
    watching.penalise("未按规定备案（更正）", corrects_id=record_id, version=2)
    (text,) = watching.look()
    assert "1 条信息已更正" in text
    assert "新增" not in text
    assert "停止公示" not in text


def test_revocations_are_told_and_expiries_are_not(watching: Watching) -> None:
    with watching.database.write() as session:
        firm = watching.firm(session)
        kept = make_record(session, firm, RecordType.LICENCE, valid_until=date(2026, 11, 20)).id
        gone = make_record(session, firm, RecordType.LICENCE).id
    watching.follow()
    watching.end(gone, Life.WITHDRAWN, "吊销许可证")
    with watching.database.write() as session:
        firm = watching.firm(session)
        firm.status, firm.revision = Status.REVOKED, next_revision(session)
    watching.clock.pass_time(hours=24)
    (text,) = watching.look()
    assert "营业执照已被吊销" in text
    assert "1 项行政许可已被吊销" in text
    assert kept


def test_a_window_that_ends_is_told_without_any_event(watching: Watching) -> None:
    watching.penalise(decided_on=date(2025, 11, 22))
    watching.follow()
    assert watching.look() == []
    watching.clock.pass_time(hours=24)
    watching.outbox.contact()
    watching.clock.pass_time(hours=24)
    assert "停止公示" in watching.look()[0]


def test_many_changes_at_many_firms_are_one_message(watching: Watching) -> None:
    with watching.database.write() as session:
        ids = [make_enterprise(session, f"湖南{name}有限公司").id for name in "甲乙丙丁戊己庚"]
    for firm_id in ids:
        watching.follow(firm_id)
    with watching.database.write() as session:
        for firm_id in ids:
            for number in range(20):
                make_record(
                    session,
                    session.get_one(Enterprise, firm_id),
                    RecordType.PENALTY,
                    severity=Severity.GENERAL,
                    title=f"第{number}次违反商品流通管理规定且情节较重" * 2,
                )
    (text,) = watching.look()
    assert len(text.encode()) <= 2048
    assert "家也有变化，发“我的关注”查看" in text
    assert watching.look() == []


def test_two_runs_before_the_next_contact_are_one_message(watching: Watching) -> None:
    watching.follow()
    watching.clock.pass_time(hours=49)
    watching.penalise("第一次")
    assert watching.look() == []
    watching.penalise("第二次")
    assert watching.look() == []
    watching.outbox.contact()
    (text,) = watching.deliver()
    assert "第一次" in text
    assert "第二次" in text
    assert watching.look() == []


def test_what_wechat_refused_is_composed_anew(watching: Watching) -> None:
    watching.follow()
    record_id = watching.penalise("第一次")
    watching.fake.answers[SEND] = [{"errcode": 45015}, {"errcode": 0}]
    watching.look()
    watching.end(record_id)
    watching.penalise("第二次")
    watching.outbox.contact()
    (text,) = watching.deliver()
    assert "第二次" in text
    assert "第一次" not in text


def test_a_change_while_a_notice_is_on_its_way_is_told_after_it(watching: Watching) -> None:
    watching.follow()
    watching.penalise("第一次")

    def change_meanwhile(call: object) -> dict[str, int]:
        watching.penalise("第二次")
        watching.clock.pass_time(hours=1)
        watching.watch_clock.step()
        return {"errcode": 0}

    watching.fake.answers[SEND] = [change_meanwhile, {"errcode": 0}]
    (first,) = watching.look()
    texts = watching.look() + watching.look()
    assert "第一次" in first
    assert len(texts) == 1
    assert "第二次" in texts[0]
    assert "第一次" not in texts[0]


def test_out_of_reach_a_grant_is_used_and_counted(watching: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "FOLLOWING", RULES.model_copy(update={"template_id": "T-news"}))
    watching.follow()
    with watching.database.write() as session:
        grant = NoticeGrant(
            follower_id=watching.outbox.follower_id, template_id="T-news", left_count=1, changed_at=watching.clock()
        )
        session.add(grant)
    watching.clock.pass_time(hours=49)
    watching.penalise()
    assert watching.look() == []
    (call,) = [call.json for call in watching.fake.calls if call.path == GRANTED]
    assert call["template_id"] == "T-news"
    assert call["data"]["thing1"]["value"] == "湖南稻花屿食品有限公司"
    assert call["data"]["thing2"]["value"] == "新增行政处罚"
    watching.penalise("第二次")
    watching.look()
    assert len([call for call in watching.fake.calls if call.path == GRANTED]) == 1
    with watching.database.read() as session:
        assert session.scalars(select(NoticeGrant.left_count)).one() == 0
        assert session.scalars(select(Notice.status).order_by(Notice.id.desc())).first() is NoticeStatus.WAITING


def test_who_wants_to_hear_nothing_hears_nothing(watching: Watching) -> None:
    watching.follow()
    with watching.database.write() as session:
        assert following.mute(session, watching.outbox.follower_id, watching.clock())
    watching.penalise()
    assert watching.look() == []
    assert watching.follow() is Outcome.ALREADY
    with watching.database.write() as session:
        assert unfollow(session, watching.outbox.follower_id, watching.firm_id)
    watching.penalise("又一次")
    assert watching.look() == []
    with watching.database.write() as session:
        assert erase_followed(session, watching.outbox.follower_id) == 0
        assert session.scalar(select(func.count()).select_from(Watcher)) == 0


def test_following_has_a_limit_and_no_firm_that_is_gone(watching: Watching) -> None:
    with watching.database.write() as session:
        others = [make_enterprise(session, f"{number}号店").id for number in range(3)]
        gone = make_enterprise(session, "不在了的公司", status=Status.REMOVED).id
        me, now = watching.outbox.follower_id, watching.clock()
        assert [follow(session, me, firm_id, now, 2) for firm_id in others] == ["followed", "followed", "full"]
        assert follow(session, me, gone, now, 50) is Outcome.GONE


def test_many_followers_are_served_in_batches_and_nobody_twice(watching: Watching) -> None:
    count = 700
    with watching.database.write() as session:
        rows = [
            {"openid_index": number.to_bytes(32), "openid_sealed": b"", "subscribed": True, "seen_at": watching.clock()}
            for number in range(count)
        ]
        session.execute(insert(Follower), rows)
        ids = list(session.scalars(select(Follower.id).where(Follower.openid_sealed == b"")))
        session.execute(insert(Watcher), [{"follower_id": one} for one in ids])
        columns = {"enterprise_id": watching.firm_id, "began_at": watching.clock(), "told": []}
        session.execute(insert(Watch), [columns | {"follower_id": one} for one in ids])
        following.look_at(session, watching.firm_id, [], watching.clock())
    watching.penalise()
    watching.clock.pass_time(hours=1)
    watching.watch_clock.step()
    watching.clock.pass_time(minutes=RULES.settle_minutes)
    clocks = [WatchClock(watching.database, RULES, watching.clock) for _ in range(2)]
    threads = [threading.Thread(target=clock.step) for clock in clocks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    watching.watch_clock.step()
    with watching.database.read() as session:
        keys = set(session.scalars(select(Notice.idempotency_key)))
        assert keys == {f"watch:{one}:1" for one in ids}
        assert session.scalars(select(WatchedFirm.due_at)).one() is None


KILLED = """
import os, signal, sys
from datetime import datetime
from sqlalchemy import event
from config.answers import load_answer_rules
from jobs.watching import WatchClock
from models.database import Database
from models.vault import Vault
url, key, at, moment = sys.argv[1:]
database, count = Database(url, Vault(key)), 0
@event.listens_for(database.engine, "before_cursor_execute")
def die(*_):
    global count
    count += 1
    if count == int(at):
        os.kill(os.getpid(), signal.SIGKILL)
rules = load_answer_rules().following.model_copy(update={"batch": 2})
WatchClock(database, rules, lambda: datetime.fromisoformat(moment)).step()
"""


def test_killed_anywhere_everybody_hears_once(watching: Watching, settings: Settings) -> None:
    watching.follow()
    with watching.database.write() as session:
        others = []
        for number in range(4):
            other = Follower(openid_index=bytes([number]) * 32, openid_sealed=b"", seen_at=watching.clock())
            session.add(other)
            session.flush()
            others.append(other.id)
            follow(session, other.id, watching.firm_id, watching.clock(), 50)
    watching.penalise()
    watching.clock.pass_time(hours=1)
    watching.watch_clock.step()
    watching.clock.pass_time(minutes=RULES.settle_minutes)
    url = watching.database.engine.url.render_as_string(hide_password=False)
    for at in (14, 30):
        done = subprocess.run(
            [sys.executable, "-c", KILLED, url, KEY, str(at), watching.clock().isoformat()],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=False,
        )
        assert done.returncode in {0, -signal.SIGKILL}, done.stderr.decode()
    watching.watch_clock.step()
    with watching.database.read() as session:
        told = sorted(session.scalars(select(Notice.follower_id)))
    assert told == sorted([watching.outbox.follower_id, *others])


def test_a_removed_red_entry_says_no_name(watching: Watching) -> None:
    with watching.database.write() as session:
        listing_id = make_listing(session, watching.firm(session), Kind.RED, list_name="诚信兴商典型名单").id
    watching.follow()
    with watching.database.write() as session:
        listing = session.get_one(Listing, listing_id)
        listing.life, listing.withdrawn_on = Life.REMOVED, watching.clock().date() - timedelta(days=1)
    (text,) = watching.look()
    assert "停止公示" in text
    assert "诚信兴商典型名单" not in text


def test_an_association_hears_of_all_its_members(watching: Watching) -> None:
    watching.penalise("入会以前的")
    with watching.database.write() as session:
        association = Association(
            name="示范市餐饮行业协会",
            level=next(iter(Level)),
            kind=next(iter(AssociationKind)),
            created_at=watching.clock(),
            updated_at=watching.clock(),
        )
        session.add(association)
        session.flush()
        member = AssociationMember(
            association_id=association.id,
            enterprise_id=watching.firm_id,
            joined_on=date(2026, 1, 1),
            added_by="staff:1",
            added_at=watching.clock(),
        )
        session.add(member)
        association_id = association.id
    watching.look()
    record_id = watching.penalise()
    watching.look()
    today = date(2026, 11, 20)
    with watching.database.write() as session:
        assert count_unread(session, association_id) == 1
        (line,) = read_inbox(session, association_id, today)
        assert [entry.title for entry in line.news.added] == ["未按规定备案"]
    watching.end(record_id)
    with watching.database.write() as session:
        (line,) = read_inbox(session, association_id, today)
        assert not line.news, "what was repaired is gone from the inbox in the same second"
    watching.look()
    with watching.database.write() as session:
        assert count_unread(session, association_id) == 0, "nobody had read it: it is taken back"
    watching.penalise("又一次")
    watching.look()
    with watching.database.write() as session:
        assert mark_read(session, association_id, "staff:7", watching.clock()) == 1
        assert read_inbox(session, association_id, today)[0].is_seen
        session.scalars(select(AssociationMember)).one().left_on = today
    watching.penalise("离会以后的")
    watching.look()
    with watching.database.write() as session:
        assert count_unread(session, association_id) == 0
