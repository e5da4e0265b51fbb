"""Greeting, help, questions to the bureau, cancel, danger, and everything that nobody understands."""

from pathlib import Path

import pytest

from bot.conversation import Choice
from bot.reception import Reception
from bot.replies import Text
from bot.router import Router, Turn
from bot.wording import TEMPLATES
from handlers import bureau, cancel, emergency, fallback, photo, welcome
from models.database import Database
from tests.citizen import Citizen, make_desk, make_settings, open_door, plain, real_now

firms = Router("firms")


@firms.on_text(r".*(公司|厂|中心|店|超市)(怎么样)?")
def pretend_to_search(turn: Turn) -> Text:
    """In place of the look-up."""
    turn.conversation.offer([Choice(1, "甲公司"), Choice(2, "乙公司")], turn.now)
    return Text("查企业")


ORDER = [emergency.router, cancel.router, welcome.router, bureau.router, firms, photo.router, fallback.router]


@pytest.fixture
def citizen(sqlite: Database, tmp_path: Path) -> Citizen:
    settings = make_settings(data_dir=tmp_path)
    reception = Reception(settings, sqlite, make_desk(settings), ORDER, real_now)
    return Citizen(open_door(reception), settings)


def test_following_greets_with_lines_that_all_lead_somewhere(citizen: Citizen) -> None:
    shown = citizen.follows()
    assert "欢迎关注诚信示范市" in plain(shown)
    assert "取消关注就删除" in shown
    for line in ("怎么查企业", "扫码查照怎么用", "怎么投诉", "个人信息告知"):
        citizen.follows(scene="window_3")
        assert "没有看懂" not in citizen.taps(line)
        assert citizen.shown != ""
    assert len(plain(shown).splitlines()) <= 12


def test_scanning_the_accounts_code_again_is_no_new_welcome(citizen: Citizen) -> None:
    shown = citizen.does("SCAN", EventKey="window_3")
    assert "这里是诚信示范市" in shown
    assert "欢迎关注" not in shown


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("你们几点上班", "工作日 9:00"),
        ("请问你们几点上班？", "工作日 9:00"),
        ("上班时间", "工作日 9:00"),
        ("周末上班吗", "工作日 9:00"),
        ("商务局什么时候开门", "工作日 9:00"),
        ("你们在哪里", "人民路1号"),
        ("地址", "人民路1号"),
        ("请问怎么去", "人民路1号"),
        ("电话多少", "12345"),
        ("你们的联系方式是什么", "12345"),
        ("转人工", "没有人工客服"),
        ("我要投诉", "小票"),
        ("怎么举报商家", "小票"),
        ("谢谢您", "不客气"),
        ("好的", "不客气"),
        ("帮助", "统一社会信用代码"),
        ("？", "统一社会信用代码"),
        ("你好！", "统一社会信用代码"),
        ("ＭＥＮＵ", "统一社会信用代码"),
        ("黑名单", "法定名单名称"),
        ("红名单有哪些", "法定名单名称"),
        ("隐私", "取消关注即删除"),
    ],
)
def test_questions_to_the_bureau(citizen: Citizen, asked: str, told: str) -> None:
    assert told in plain(citizen.says(asked))
    assert told in plain(citizen.speaks(asked))


@pytest.mark.parametrize(
    "name",
    [
        "湖南电话机厂",
        "长沙地址通科技有限公司",
        "时间管理有限公司",
        "长沙好的食品有限公司",
        "投诉帮信息咨询有限公司",
        "人工智能科技有限公司",
        "打架子鼓乐器店",
        "国泰消防爆炸物处理有限公司",
        "急救中心",
        "谢谢茶饮店",
        "中毒防治药品有限公司怎么样",
        "返回舱科技有限公司",
    ],
)
def test_names_of_firms_are_not_taken_for_questions(citizen: Citizen, name: str) -> None:
    assert citizen.says(name) == "查企业"


@pytest.mark.parametrize(
    ("cry", "numbers"),
    [
        ("店里打起来了有人流血", ["120", "110"]),
        ("某某超市着火了！", ["119"]),
        ("我吃了东西食物中毒", ["120"]),
        ("老板持刀打人救命", ["110"]),
        ("楼下有煤气味", ["119"]),
    ],
)
def test_danger_comes_first(citizen: Citizen, cry: str, numbers: list[str]) -> None:
    lines = citizen.says(cry).splitlines()
    assert lines[0].startswith("请马上拨打")
    assert [line[2:5] for line in lines[1 : 1 + len(numbers)]] == numbers
    assert all(number in citizen.shown for number in ("110", "119", "120"))


def test_cancel_forgets_choices(citizen: Citizen) -> None:
    citizen.says("某某公司")
    assert "已取消" in citizen.says("取消。")
    assert "没有进行中的事" in citizen.says("退出")
    assert "没有进行中的事" in citizen.speaks("返回")


@pytest.mark.parametrize(
    ("kind", "fields", "told"),
    [
        ("image", {"PicUrl": "http://mmbiz.qpic.cn/1", "MediaId": "m"}, "扫码查照"),
        ("location", {"Location_X": "28.2", "Location_Y": "112.9", "Label": "长沙"}, "光凭位置"),
        ("location", {"Location_X": "nan", "Location_Y": "x"}, "光凭位置"),
        ("link", {"Title": "t", "Url": "https://x"}, "看不懂"),
        ("video", {"MediaId": "m"}, "看不懂"),
        ("shortvideo", {"MediaId": "m"}, "看不懂"),
        ("file", {"Title": "t"}, "看不懂"),
        ("miniprogrampage", {"AppId": "wx"}, "看不懂"),
        ("brand_new_type", {}, "看不懂"),
        ("voice", {"MediaId": "m"}, "没有听清"),
        ("text", {"Content": "   "}, "统一社会信用代码"),
        ("text", {"Content": "……"}, "统一社会信用代码"),
        ("text", {"Content": "[大笑]"}, "没有看懂"),
        ("text", {}, "统一社会信用代码"),
        ("text", {"Content": "今天天气真好" * 300}, "没有看懂"),
    ],
)
def test_what_is_not_understood_is_answered_kindly(
    citizen: Citizen, kind: str, fields: dict[str, str], told: str
) -> None:
    assert told in plain(citizen.sends(kind, **fields))


@pytest.mark.parametrize("key", ["help", "people", "complain", "report", "progress", "find", "lists", "policy", "?"])
def test_every_button_is_answered(citizen: Citizen, key: str) -> None:
    assert len(plain(citizen.clicks(key))) > 20
    assert len(plain(citizen.shown).splitlines()) <= 13


def test_a_photo_button_is_answered_once(citizen: Citizen) -> None:
    assert citizen.does("pic_sysphoto", EventKey="licence") == ""
    assert "照片收到" in citizen.sends("image", MediaId="m", PicUrl="http://mmbiz.qpic.cn/1")


def test_words_of_law() -> None:
    texts = "".join(path.read_text() for path in TEMPLATES.glob("*.txt"))
    for praise in ("信用良好", "可放心", "值得信赖", "黑名单企业"):
        assert praise not in texts


@pytest.mark.parametrize("talk", ["今天天气怎么样", "你是谁", "什么意思？", "哈哈哈", "吃饭了吗"])
def test_small_talk_is_no_firm(citizen: Citizen, talk: str) -> None:
    assert "统一社会信用代码" in citizen.says(talk)
    assert "没有找到" not in citizen.shown
    assert "哪一家" not in citizen.shown
