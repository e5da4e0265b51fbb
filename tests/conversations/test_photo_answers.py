"""A photo sent to the chat: `success` at once, the answer by customer service; through webhook and outbox."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.gateway import Gateway
from bot.spool import Spool
from jobs.notices import Sender
from jobs.photos import PATIENCE, PhotoLooker
from jobs.spool import replay_spool
from models.database import Database
from models.enterprise import Enterprise
from models.follower import Follower
from models.received import Received
from services.demo import heroes
from services.demo.codes import ENTERPRISE, make_code
from services.photos.reader import read_photo
from services.photos.reading import Reading, Trouble
from tests.citizen import Citizen, open_door, plain
from tests.conversations.conftest import Bureau, Clock
from tests.conversations.dialogue import check_manners
from tests.fake_wechat import FakeWechat, run_fake_wechat
from tests.licences import Licence, draw_licence, need_font, send

MEDIA, TYPING = "/cgi-bin/media/get", "/cgi-bin/message/custom/typing"
NUMBERS = itertools.count(1)
PHOTO = b"\xff\xd8 a photo"
ABSENT = make_code(ENTERPRISE, "430100", "YY99")


@dataclass
class Post:
    """A citizen, the bureau's two processes and the WeChat between them."""

    citizen: Citizen
    fake: FakeWechat
    database: Database
    put_off: Spool
    clock: Clock
    look: Callable[[Callable[[bytes], Reading]], int]
    deliver: Callable[[], int]

    def photo(self, **fields: str) -> str:
        return self.citizen.sends("image", MediaId="MEDIA_OF_A_PICTURE", PicUrl="http://mmbiz.qpic.cn/1", **fields)

    def answers(self, reading: Reading) -> str:
        """What the citizen is shown for a photo that reads like this."""
        assert self.photo() == ""
        assert self.look(lambda _: reading) == 1
        self.deliver()
        shown = self.texts()[-1]
        check_manners(shown)
        self.citizen.shown = shown
        return plain(shown)

    def texts(self) -> list[str]:
        return [sent["text"]["content"] for sent in self.fake.sent() if sent["touser"] == self.citizen.openid]

    def kept(self) -> list[Path]:
        return list(self.put_off.folder.glob("*"))


@pytest.fixture
def post(bureau: Bureau, tmp_path: Path) -> Iterator[Post]:
    with run_fake_wechat() as fake:
        fake.answers[MEDIA] = [PHOTO]
        clock = Clock()
        settings = bureau.settings.model_copy(update={"wechat_api_url": fake.url, "data_dir": tmp_path})
        reader = Bureau(settings, bureau.database, replace(bureau.desk, reads_photos=True))
        reception = reader.reception(clock)
        gateway = Gateway(settings, bureau.database, clock, lambda _: None)

        def look(read: Callable[[bytes], Reading]) -> int:
            looker = PhotoLooker(gateway, read, clock)
            return replay_spool(reception.put_off, lambda kept: reception.finish(kept, looker.look), -1.0)

        citizen = Citizen(open_door(reception), settings, f"o_photographer_{next(NUMBERS):013}")
        sender = Sender(bureau.database, gateway, clock)
        yield Post(citizen, fake, bureau.database, reception.put_off, clock, look, sender.deliver)
        reception.close()


def code_of(bureau: Bureau, name: str) -> str:
    with bureau.database.read() as session:
        return session.scalars(select(Enterprise.credit_code).where(Enterprise.name == name)).first() or ""


def count(database: Database, table: Any) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_photo_of_a_licence_is_answered_by_customer_service(bureau: Bureau, post: Post) -> None:
    need_font()
    licence = Licence(heroes.LISTED, code_of(bureau, heroes.LISTED))
    post.fake.answers[MEDIA] = [send(draw_licence(licence, 1000))]
    assert post.photo() == ""
    kept = post.kept()
    assert len(kept) == 1
    assert b"MEDIA_OF_A_PICTURE" not in kept[0].read_bytes()
    assert post.fake.sent() == []
    assert post.look(read_photo) == 1
    post.deliver()
    [shown] = post.texts()
    check_manners(shown)
    assert plain(shown).startswith(f"照片里的文字：{heroes.LISTED}，{licence.code}\n\n{heroes.LISTED}\n")
    assert "⚠ 列入" in shown
    assert post.fake.count(TYPING) == 1
    assert post.kept() == []
    assert "多次收取预收款后拒不退还" in post.citizen.says("有没有处罚"), "later questions are about this firm"


def test_it_is_answered_once_however_often_it_is_delivered(bureau: Bureau, post: Post) -> None:
    reading, reads = Reading(code_of(bureau, heroes.CLEAR), (heroes.CLEAR,)), []

    def read(_content: bytes) -> Reading:
        reads.append(1)
        return reading

    sent = post.citizen.wrap(post.citizen.write("image", {"MediaId": "MEDIA_OF_A_PICTURE"}))
    assert [post.citizen.reads(post.citizen.delivers(*sent)) for _ in range(3)] == [""] * 3
    [kept] = post.kept()
    content = kept.read_bytes()
    assert post.look(read) == 1
    kept.write_bytes(content)  # killed after the commit, before the file was removed
    assert post.look(read) == 1
    assert post.citizen.reads(post.citizen.delivers(*sent)) == "", "a late retry"
    assert post.look(read) == 0
    for _ in range(3):
        post.deliver()
    assert len(post.texts()) == 1
    assert len(reads) == 2


def test_killed_while_it_reads_it_reads_again(bureau: Bureau, post: Post) -> None:
    def die(_content: bytes) -> Reading:
        raise SystemExit

    assert post.photo() == ""
    for _ in range(2):
        with pytest.raises(SystemExit):
            post.look(die)
    assert len(post.kept()) == 1
    assert post.look(lambda _: Reading(names=(heroes.CLEAR,))) == 1
    post.deliver()
    assert len(post.texts()) == 1


def test_a_choice_from_a_photo_is_picked_by_number(post: Post) -> None:
    shown = post.answers(Reading(names=("麦朵坊便利店",)))
    assert shown.startswith("照片里的文字：麦朵坊便利店\n\n不止一家企业叫“麦朵坊便利店”")
    assert "处罚" not in shown
    assert shown.count("尾号") == 4
    assert "湘潭" in post.citizen.says("湘潭的")
    assert "郑州" in post.citizen.says("3")


def test_code_and_name_must_agree(bureau: Bureau, post: Post) -> None:
    code, other = code_of(bureau, heroes.LISTED), code_of(bureau, heroes.CLEAR)
    assert "登记状态" in post.answers(Reading(code, (heroes.LISTED,)))
    assert "登记状态" in post.answers(Reading(code))
    assert "登记状态" in post.answers(Reading(names=(heroes.LISTED,)))
    slip = code[:-1] + ("A" if code[-1] != "A" else "B")
    assert "登记状态" in post.answers(Reading(slip, (heroes.LISTED,))), "a slip and the name confirm one another"
    shop = code_of(bureau, "麦朵坊便利店")
    assert "不完全一样" not in post.answers(Reading(shop, ("麦朵坊便利店",))), "four firms bear this name"
    misread = post.answers(Reading(code, ("长沙云朵崖洗衣服务有限公司",)))
    assert "名称与登记的不完全一样" in misread
    assert "登记状态" in misread
    for reading, words in (
        (Reading(other, (heroes.LISTED,)), "两家企业"),
        (Reading(ABSENT, (heroes.LISTED,)), "代码对不上"),
        (Reading(names=(heroes.LISTED,), is_sure=False), "照片不太清楚"),
        (Reading(slip), "是不是"),
    ):
        shown = post.answers(reading)
        assert words in shown
        assert "列入" not in shown, "nothing about lists before a firm is picked"
        assert heroes.LISTED in shown
    assert "⚠ 列入" in post.citizen.says("1")


def test_what_is_not_found_says_so_and_what_was_read(post: Post) -> None:
    shown = post.answers(Reading(ABSENT, ("株洲查无此店电子科技有限公司",)))
    assert shown.startswith("照片里的文字：株洲查无此店电子科技有限公司，" + ABSENT)
    assert f"没有找到代码 {ABSENT}" in shown
    assert "不表示信用好坏" in shown
    assert "没有找到" in post.answers(Reading(names=("绥芬河奇奇怪怪渔具有限公司",)))


def test_people_are_neither_looked_up_nor_repeated(post: Post) -> None:
    shown = post.answers(Reading(is_person=True))
    assert "只能查企业" in shown
    assert "照片里的文字" not in shown
    unread = post.answers(Reading(names=("张建国",)))
    assert "张建国" not in unread
    assert "没有看清" in unread
    assert "张建国" not in post.answers(Reading(ABSENT, ("张建国",)))


@pytest.mark.parametrize("trouble", list(Trouble))
def test_whatever_goes_wrong_the_citizen_hears_what_to_do_instead(post: Post, trouble: Trouble) -> None:
    shown = post.answers(Reading(trouble=trouble))
    assert "18 位统一社会信用代码" in shown
    assert "扫码查照" in shown
    assert len(shown.splitlines()[0]) <= 20


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"errcode": 40007, "errmsg": "invalid media_id"}, "已经过期"),
        ({"errcode": 48001, "errmsg": "api unauthorized"}, "没有传过来"),
        (b"\xff\xd8" + bytes(11 << 20), "照片太大"),
    ],
)
def test_what_wechat_does_not_hand_out(post: Post, answer: Any, words: str) -> None:
    post.fake.answers[MEDIA] = [answer]
    assert post.photo() == ""
    assert post.look(lambda _: Reading()) == 1
    post.deliver()
    assert words in post.texts()[-1]


@pytest.mark.parametrize("fault", ["cut", 502])
def test_while_wechat_is_out_of_reach_it_is_tried_again_for_a_while(post: Post, fault: Any) -> None:
    post.fake.answers[MEDIA] = [fault]
    assert post.photo() == ""
    assert post.look(lambda _: Reading(names=(heroes.CLEAR,))) == 0
    assert len(post.kept()) == 1
    post.fake.answers[MEDIA] = [PHOTO]
    assert post.look(lambda _: Reading(names=(heroes.CLEAR,))) == 1
    post.deliver()
    assert heroes.CLEAR in post.texts()[-1]
    post.fake.answers[MEDIA] = [fault]
    assert post.photo() == ""
    assert post.look(lambda _: Reading()) == 0
    post.clock.turn(int(PATIENCE.total_seconds() // 60))
    assert post.look(lambda _: Reading()) == 1
    post.deliver()
    assert "没有传过来" in post.texts()[-1]


def test_a_reader_that_breaks_is_no_silence(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_content: bytes) -> Reading:
        raise ZeroDivisionError

    assert post.photo() == ""
    assert post.look(fail) == 1
    post.deliver()
    assert "没有看成" in post.texts()[-1]
    assert "reading a photo failed" in caplog.text


def test_who_left_meanwhile_is_not_met_again(post: Post) -> None:
    assert post.photo() == ""
    post.citizen.unfollows()
    people = count(post.database, Follower)
    assert post.look(lambda _: Reading(names=(heroes.CLEAR,))) == 1
    post.deliver()
    assert post.texts() == []
    assert count(post.database, Follower) == people
    assert post.kept() == []


def test_a_photo_is_not_counted_as_answered_before_it_is(post: Post) -> None:
    before = count(post.database, Received)
    assert post.photo() == ""
    assert count(post.database, Received) == before
    post.look(lambda _: Reading(names=(heroes.CLEAR,)))
    assert count(post.database, Received) == before + 1


def test_who_can_read_photos_says_so(post: Post, bureau: Bureau) -> None:
    deaf = Citizen(open_door(bureau.reception(Clock())), bureau.settings, "o_no_photos_000000000001")
    for words in ("帮助", "怎么查企业", "绥芬河奇奇怪怪渔具有限公司"):
        shown = post.citizen.says(words)
        check_manners(shown)
        assert "照片" in shown, words
        assert "照片" not in deaf.says(words), words


def test_without_the_extra_the_bot_says_what_it_needs(bureau: Bureau) -> None:
    reception = bureau.reception(Clock())
    citizen = Citizen(open_door(reception), bureau.settings, "o_no_photos_000000000000")
    assert "还不会看图" in citizen.sends("image", MediaId="MEDIA_OF_A_PICTURE")
    assert not reception.put_off.folder.exists() or not list(reception.put_off.folder.glob("*.msg"))
