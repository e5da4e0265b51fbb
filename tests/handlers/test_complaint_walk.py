"""Whatever a citizen sends in whatever order: an answer that is short and whole, never the apology, never two cases."""

import logging
import random
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.reception import Reception
from handlers import ROUTERS
from models.case import Case
from models.case_file import CaseDraft
from models.database import Database
from services.calendar.years import seed_calendar
from services.cases.docket import open_docket
from services.cases.history import verify_history
from tests.case_desk import RULES
from tests.citizen import Citizen, make_desk, make_settings, open_door, plain, real_now
from tests.conversations.dialogue import check_manners
from tests.factories import make_enterprise

FIRM = "长沙乐享健身服务有限公司"
WORDS = [
    *"投诉 举报 咨询 我要投诉 对它投诉 投诉它 1 2 3 4 5 6 二 第三个 最后一个 都不是 没有".split(),
    *"好了 好的 继续 继续填写 重新填写 下一步".split(),
    *"返回 取消 确定 确定取消 稍后继续 提交 提交 提交 修改 修改企业 修改经过 修改联系人 修改类别 修改金额".split(),
    *"匿名举报 不留电话 不是这类事 写进投诉 进度 补充 撤回 确定撤回 不撤回 评价".split(),
    *"评价5 同意委托调解 撤回公示 以后发给我".split(),
    *"我的数据 导出数据 删除我的数据 确定删除 帮助 谢谢 你们几点上班 有没有处罚 2500 三千块 老板持刀打人救命".split(),
    FIRM,
    "长沙另一家食品有限公司",
    f"查一下{FIRM}",
    f"投诉{FIRM}",
    "投诉饭店吃出虫子",
    "10月在店里充了3000块，店一直关门，要求退款",
    "王小明 13900000004",
    "王小明",
    "1390000000",
    "老板拖欠我三个月工资不给",
    "进度 TS20261120430100000013",
    "评价 1 到现在没有人联系我",
    "43010419900101123X",
    "<a href='x'>点我</a> {{ 7*7 }} ]]>",
    "好" * 300,
    "   ",
    "？",
]
WHOLE = ["重新填写", "我要投诉", "1", FIRM, "10月在店里充了3000块，店一直关门，要求退款", "王小明 13900000004", "提交"]


def do_anything(citizen: Citizen, dice: random.Random) -> str:
    """One thing that a phone can do."""
    kinds = {
        "image": {"MediaId": f"media_{dice.random()}", "PicUrl": "http://mmbiz.qpic.cn/1"},
        "voice": {"MediaId": f"media_{dice.random()}", "Format": "amr"},
        "shortvideo": {"MediaId": f"media_{dice.random()}"},
        "file": {"Title": "合同.pdf"},
        "location": {"Location_X": "28.2", "Location_Y": "112.9", "Label": "长沙市"},
    }
    chance = dice.random()
    if chance < 0.01:
        return [citizen.says(words) for words in WHOLE][-1]
    if chance < 0.08:
        kind = dice.choice(sorted(kinds))
        return citizen.sends(kind, **kinds[kind])
    if chance < 0.12:
        return citizen.speaks(dice.choice(WORDS))
    if chance < 0.15:
        return citizen.clicks(dice.choice(["complain", "report", "progress", "privacy", "find"]))
    if chance < 0.4 and (lines := tappable(citizen)):
        return citizen.taps(dice.choice(lines))
    return citizen.says(dice.choice(WORDS))


def tappable(citizen: Citizen) -> list[str]:
    """The labels of the last answer."""
    parts = citizen.shown.split('<a href="weixin')[1:]
    return [part.split(">", 1)[1].split("<", 1)[0] for part in parts]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_random_walk(sqlite: Database, tmp_path: Path, seed: int, caplog: pytest.LogCaptureFixture) -> None:
    settings = make_settings(data_dir=tmp_path)
    with sqlite.write() as session:
        seed_calendar(session, real_now())
        make_enterprise(session, FIRM, "91430100MA4L2K1X70")
        make_enterprise(session, "长沙另一家食品有限公司")
    citizen = Citizen(open_door(Reception(settings, sqlite, make_desk(settings), ROUTERS, real_now)), settings)
    dice, said = random.Random(seed), []
    for _ in range(300):
        shown = do_anything(citizen, dice)
        said.append(plain(shown))
        assert "handling" not in caplog.text, caplog.text
        if shown:
            assert len(shown.encode()) <= 2048
            assert "{{" not in plain(shown).replace("{{ 7*7 }}", "")
            assert "[/a]" not in shown
            check_manners(shown.replace("{{ 7*7 }}", ""))
    with sqlite.read() as session:
        cases = list(session.scalars(select(Case)))
        docket = open_docket(session, RULES, real_now())
        assert not [fault for case in cases for fault in verify_history(docket, case)]
        assert (session.scalar(select(func.count()).select_from(CaseDraft)) or 0) <= 1
    assert cases, "no walk came to an end"
    assert len({case.client_key_hash for case in cases}) == len(cases)
    assert logging.getLogger().level <= logging.ERROR
