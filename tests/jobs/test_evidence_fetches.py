"""Evidence sent to the chat: fetched within three days, kept once, given up only with a word to the citizen."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.gateway import Gateway
from config.settings import Settings
from jobs.evidence import EvidenceFetcher
from models.case_arrival import EvidenceFetch
from models.database import Database
from models.notice import Notice
from models.platform import ApiPause
from services import followers, notices
from services.cases.docket import open_docket
from services.cases.drafts import discard_draft
from services.cases.facts import act_as_citizen
from services.cases.intake import file_case
from services.evidence import fetches
from services.evidence.examining import Examined, examine
from services.evidence.kinds import EvidenceKind
from services.evidence.serving import serve_original, serve_view
from services.evidence.trouble import EvidenceError, Trouble
from tests.case_desk import FILING, CaseDesk
from tests.evidence_files import AMR, GOOD, make_movie, make_photo
from tests.evidence_room import KEY, LIMITS, RULES, EvidenceRoom, examine_here
from tests.fake_wechat import FakeWechat

MEDIA = "/cgi-bin/media/get"
PHOTO = GOOD["jpg"]
VOICE = ("audio/amr", AMR)
BUSY, GONE, LIMIT = {"errcode": -1}, {"errcode": 40007, "errmsg": "invalid media_id"}, {"errcode": 45009}


class FetchRoom(EvidenceRoom):
    """A citizen who sends files to the chat."""

    def __init__(self, database: Database, settings: Settings, fake: FakeWechat) -> None:
        super().__init__(database, settings.data_dir)
        self.settings, self.fake = settings, fake

    def send(self, kind: EvidenceKind = EvidenceKind.PHOTO, media_id: str = "M1") -> int:
        with self.database.write() as session:
            return fetches.put_off(
                session,
                session.merge(self.draft()),
                media_id,
                kind,
                LIMITS,
                follower_id=self.follower_id,
                added_by="citizen",
                sent_at=self.now,
                now=self.now,
            )

    def fetcher(self, look: Callable[[bytes], Examined] = examine_here) -> EvidenceFetcher:
        gateway = Gateway(self.settings, self.database, self.clock, lambda _: None)
        return EvidenceFetcher(gateway, self.database, self.store, LIMITS, examine=look, clock=self.clock)

    def waiting(self) -> list[EvidenceFetch]:
        with self.database.read() as session:
            return list(session.scalars(select(EvidenceFetch)))

    def told(self) -> list[str]:
        with self.database.read() as session:
            found = session.scalars(select(Notice).order_by(Notice.id))
            return [notices.payload_of(session, notice)["text"]["content"] for notice in found]


@pytest.fixture
def room(database: Database, settings: Settings, fake: FakeWechat) -> FetchRoom:
    return FetchRoom(database, settings, fake)


@pytest.fixture
def lite(sqlite: Database, settings: Settings, fake: FakeWechat) -> FetchRoom:
    return FetchRoom(sqlite, settings, fake)


def test_what_a_citizen_sends_is_fetched_and_kept(room: FetchRoom) -> None:
    movie = make_movie(size=50_000)
    answers: list[Any] = [PHOTO, VOICE, {"video_url": f"{room.fake.url}/mmbiz/V1"}]
    room.fake.answers[MEDIA], room.fake.answers["/mmbiz/V1"] = answers, [("video/mp4", movie)]
    assert [room.send(), room.send(EvidenceKind.VOICE), room.send(EvidenceKind.VIDEO)] == [1, 1, 2]
    assert room.fetcher(examine).step() == 3
    assert [(row.kind, row.mime, row.size_bytes) for row in room.rows()] == [
        ("photo", "image/jpeg", len(PHOTO)),
        ("voice", "audio/amr", len(AMR)),
        ("video", "video/mp4", len(movie)),
    ]
    assert room.waiting() == room.told() == []
    with room.database.read() as session:
        photo, voice, video = room.rows()
        for row, content in ((photo, PHOTO), (voice, AMR), (video, movie)):
            assert b"".join(serve_original(session, room.store, row).pieces) == content
        assert b"".join(serve_view(session, room.store, photo).pieces)[:3] == b"\xff\xd8\xff"
    assert [call.token for call in room.fake.calls if call.path == "/mmbiz/V1"] == [""], "our token goes nowhere else"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1.evil.example/v", "file:///etc/passwd", "http://qq.com.evil.example/", "http://xqq.com/"]
)
def test_a_video_is_not_fetched_from_anywhere_else(lite: FetchRoom, url: str) -> None:
    lite.fake.answers[MEDIA] = [{"video_url": url}]
    lite.send(EvidenceKind.VIDEO)
    lite.fetcher().step()
    assert lite.rows() == []
    assert len(lite.waiting()) == 1


@pytest.mark.parametrize("answer", [BUSY, {"errcode": 40001}, 500, "cut", {"errcode": 48001}, {}])
def test_while_wechat_is_in_trouble_it_is_tried_again(room: FetchRoom, answer: Any) -> None:
    room.fake.answers[MEDIA] = [answer]
    room.send()
    fetcher, tries = room.fetcher(), []
    for _ in range(6):
        assert fetcher.step() == 1
        assert fetcher.step() == 0, "not at once"
        (fetch,) = room.waiting()
        tries.append((fetch.not_before - room.now).total_seconds())
        room.now = fetch.not_before
    assert tries == [15, 30, 60, 120, 240, 480]
    room.fake.answers[MEDIA] = [PHOTO]
    assert fetcher.step() == 1
    assert len(room.rows()) == 1
    assert room.told() == []


def test_a_quota_that_is_used_up_is_waited_for(lite: FetchRoom) -> None:
    lite.fake.answers[MEDIA] = [LIMIT, PHOTO]
    lite.send()
    fetcher = lite.fetcher()
    assert fetcher.step() == 1
    lite.pass_time(seconds=20)
    assert fetcher.step() == 1, "the API rests"
    with lite.database.read() as session:
        until = session.scalars(select(ApiPause)).one().until
    assert lite.waiting()[0].not_before == until
    lite.now = until + timedelta(seconds=1)
    assert fetcher.step() == 1
    assert len(lite.rows()) == 1
    assert lite.fake.count(MEDIA) == 2


@pytest.mark.parametrize(
    ("answer", "look", "words"),
    [
        (GONE, examine_here, "已过期或被撤回"),
        (("image/jpeg", bytes(1)), examine_here, "不能作为证据"),
        (("image/jpeg", b""), examine_here, "是空的"),
        (("image/jpeg", bytes((20 << 20) + 1)), examine_here, "不超过 20 MB"),
        (make_photo(size=(900, 600))[:3000], examine, "不完整或已损坏"),
    ],
)
def test_what_is_given_up_is_told_once(room: FetchRoom, answer: Any, look: Any, words: str) -> None:
    room.fake.answers[MEDIA] = [answer]
    room.send()
    room.fetcher(look).step()
    room.fetcher(look).step()
    assert room.rows() == room.waiting() == []
    (told,) = room.told()
    assert told.startswith("您11月20日18:00发来的照片没有收下：")
    assert words in told
    assert room.names() == set()


def test_after_three_days_there_is_no_more_trying(room: FetchRoom) -> None:
    room.fake.answers[MEDIA] = [BUSY]
    room.send(EvidenceKind.VOICE)
    fetcher, began = room.fetcher(), room.now
    while room.waiting():
        fetcher.step()
        room.now = room.waiting()[0].not_before if room.waiting() else room.now
    assert timedelta(days=2, hours=23) < room.now - began < timedelta(days=3), "told while WeChat still has it"
    assert ["连不上微信" in told and "录音" in told for told in room.told()] == [True]


def test_a_refusal_nobody_knows_is_asked_thrice(lite: FetchRoom) -> None:
    lite.fake.answers[MEDIA] = [{"errcode": 99999}]
    lite.send()
    for _ in range(3):
        assert lite.told() == []
        lite.fetcher().step()
        lite.pass_time(hours=1)
    assert len(lite.told()) == 1


def test_while_our_disk_is_full_it_waits_and_our_own_failure_is_tried_thrice(lite: FetchRoom) -> None:
    def fail(_content: bytes) -> Examined:
        raise EvidenceError(Trouble.BUSY)

    lite.fake.answers[MEDIA] = [PHOTO]
    lite.send()
    lite.store.reserve_bytes = 1 << 60
    for _ in range(10):
        lite.fetcher().step()
        lite.pass_time(hours=1)
    assert lite.told() == []
    lite.store.reserve_bytes = 0
    lite.fetcher().step()
    assert len(lite.rows()) == 1
    lite.send(media_id="M2")
    for _ in range(3):
        lite.fetcher(fail).step()
        lite.pass_time(hours=1)
    assert len(lite.told()) == 1


def test_the_tenth_photo_is_refused_when_it_is_sent(room: FetchRoom) -> None:
    assert [room.send(media_id=f"M{n}") for n in range(9)] == list(range(1, 10))
    with pytest.raises(EvidenceError, match="最多 9 张"):
        room.send()
    assert room.send(EvidenceKind.VOICE) == 1
    assert len(room.waiting()) == 10


def test_two_processes_fetch_each_file_once(room: FetchRoom) -> None:
    room.fake.answers[MEDIA] = [lambda _call: make_photo(seed=room.fake.count(MEDIA))]
    for number in range(6):
        room.send(media_id=f"M{number}")
    threads = [threading.Thread(target=room.fetcher().step) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert room.fake.count(MEDIA) == 6
    assert len(room.rows()) == len(room.names()) == 6


def test_who_lost_the_lease_changes_nothing(room: FetchRoom) -> None:
    room.fake.answers[MEDIA] = [PHOTO]
    room.send()
    other = room.fetcher()

    def slow(content: bytes) -> Examined:
        room.pass_time(minutes=6)
        other.step()  # a second process takes over
        return examine_here(content)

    room.fetcher(slow).step()
    (row,) = room.rows()
    assert room.names() == {row.sealed_name}
    assert room.told() == []


def test_the_same_photo_twice_is_one(lite: FetchRoom) -> None:
    lite.fake.answers[MEDIA] = [PHOTO]
    lite.send()
    lite.send(media_id="M2")
    lite.fetcher().step()
    (row,) = lite.rows()
    assert lite.names() == {row.sealed_name}
    assert lite.waiting() == []


def test_it_lands_in_the_case_when_the_draft_was_submitted_meanwhile(room: FetchRoom) -> None:
    room.fake.answers[MEDIA] = [PHOTO]
    room.send()
    desk = CaseDesk(room.database)
    with desk.docket() as docket:
        receipt = file_case(docket, FILING, act_as_citizen(None), KEY, follower_id=room.follower_id)
    room.fetcher().step()
    assert [row.case_id for row in room.rows()] == [desk.get(receipt.number).id]


def test_of_a_draft_that_was_given_up_nothing_is_kept_or_said(room: FetchRoom) -> None:
    room.fake.answers[MEDIA] = [PHOTO]
    room.send()
    with room.database.write() as session:
        discard_draft(open_docket(session, RULES, room.now), KEY)
    room.fetcher().step()
    assert room.rows() == room.waiting() == room.told() == []
    assert room.names() == set()


def test_who_has_left_is_not_written_to(lite: FetchRoom) -> None:
    lite.fake.answers[MEDIA] = [GONE]
    lite.send()
    with lite.database.write() as session:
        followers.erase(session, "o_citizen")
    lite.fetcher().step()
    assert lite.waiting() == lite.told() == []


def test_a_media_id_lies_sealed(lite: FetchRoom, tmp_path: Path) -> None:
    lite.send(media_id="MEDIA-ID-OF-A-CITIZEN")
    assert b"MEDIA-ID-OF-A-CITIZEN" not in lite.waiting()[0].media_sealed


def test_one_that_opens_with_no_key_does_not_hold_up_the_others(lite: FetchRoom) -> None:
    lite.send()
    with lite.database.write() as session:
        session.scalars(select(EvidenceFetch)).one().media_sealed = b"sealed with a key that is gone"
    lite.send(media_id="M2")
    lite.fake.answers[MEDIA] = [GONE, PHOTO]
    lite.fetcher().step()
    assert len(lite.rows()) == len(lite.told()) == 1
