"""Refitting on a bureau's own log: what it reads, when it refuses, and that it learns what citizens meant."""

import random
from datetime import date

import pytest

from models.choice import LoggedChoice
from models.database import Database
from models.enterprise import NameKind, Status
from services.enterprises.outcomes import Score
from services.enterprises.refitting import LEAST_CHOICES, LEAST_NAMES, Refit, read_log, read_names, refit
from services.enterprises.trials import Query
from services.enterprises.weights import load_shipped, parse_weights
from services.errors import UserError
from tests.factories import add_name, make_enterprise

TODAY = date(2026, 11, 21)
REGIONS = "长沙市 湘潭市 株洲市 岳阳市 北京市 赣州市 宁乡县".split()
BRANDS = (
    "鑫达 星辰 众联 海纳 金龙 万福 长虹 三一 宏图 博雅 同创 永安 康泰 瑞丰 华盛 德信 稻花屿 云鹊 青禾 砺石 听松 九鼎 "
    "沐阳 橙光 墨舟 拾光 鹿鸣 半夏 知行 远帆 北斗 归园 石榴红 南山 东篱 西渡 芙蓉里 橘洲 岳麓 湘水"
).split()
TRADES = "商贸 食品 建材 科技 物流 农业开发 电子商务 医药 机械设备 餐饮管理".split()
NAMES = [
    f"{region}{brand}{TRADES[(number + place) % len(TRADES)]}有限公司"
    for place, region in enumerate(REGIONS)
    for number, brand in enumerate(BRANDS)
]


def tell_nothing(_: str) -> None:
    """Silence."""


def logged(query: str, name: str) -> Query:
    return Query("logged", "", query, name, "logged", name.__eq__)


def some_log(count: int) -> list[Query]:
    chance = random.Random(3)
    log = []
    for name in chance.choices(NAMES, k=count):
        start = chance.randrange(3, len(name) - 5)
        log.append(logged(name[:start] + name[start + 1 :], name))
    return log


def test_the_log_is_read_with_all_names_of_its_firms(database: Database) -> None:
    with database.write() as session:
        firm = make_enterprise(session, "长沙鑫达商贸有限公司", "91430100MA4L000001")
        add_name(session, firm, "长沙金鑫达商贸有限公司", NameKind.FORMER)
        gone = make_enterprise(session, "长沙星辰商贸有限公司", "91430100MA4L000002", status=Status.REMOVED)
        rows = [("新达商贸", firm.id), ("众联商贸", None), ("星辰", gone.id), ("长沙鑫达商贸有限公司", firm.id)]
        for query, meant in rows:
            choice = LoggedChoice(
                query=query, enterprise_id=meant, position=1, offered_count=3, was_found=True, chosen_on=TODAY
            )
            session.add(choice)
    with database.read() as session:
        log = {query.text: query for query in read_log(session)}
        assert read_names(session) == ["长沙鑫达商贸有限公司", "长沙金鑫达商贸有限公司"]
    assert set(log) == {"新达商贸", "众联商贸"}, "firms that have gone and exact names teach nothing"
    assert log["众联商贸"].is_absent
    assert log["新达商贸"].is_meant("长沙金鑫达商贸有限公司")
    assert not log["新达商贸"].is_meant("长沙星辰商贸有限公司")


def test_too_little_is_refused_in_plain_chinese() -> None:
    with pytest.raises(UserError, match="不足 200 条"):
        refit(NAMES, some_log(LEAST_CHOICES - 1), load_shipped(), TODAY, tell_nothing)
    with pytest.raises(UserError, match="不足 200 个"):
        refit(NAMES[: LEAST_NAMES - 1], some_log(LEAST_CHOICES), load_shipped(), TODAY, tell_nothing)


@pytest.mark.slow
def test_a_refit_is_compared_on_firms_it_has_not_seen() -> None:
    absent = [
        Query("logged absent", "", f"长沙无此{n}商贸有限公司", str(n), "logged", is_absent=True) for n in "甲乙丙丁"
    ]
    found = refit(NAMES, [*some_log(LEAST_CHOICES), *absent], load_shipped(), TODAY, tell_nothing)
    parse_weights(found.weights)
    assert found.weights["fitted"]["by"] == "chengxin fit"
    assert (found.logged_count, found.absent_count) == (LEAST_CHOICES, 4)
    assert set(found.after) == {"logged", "made", "made absent"}, "four absent ones are too few to be counted"
    assert 0.3 * LEAST_CHOICES < found.after["logged"].count < 0.7 * LEAST_CHOICES
    assert found.after["logged"].first > 0.8
    assert found.after["made absent"].none > 0.3


def score(first: float, none: float = 0.0) -> Score:
    return Score(100, first, 0.99, none)


@pytest.mark.parametrize(
    ("logged_after", "made_after", "absent_after", "is_better"),
    [
        (score(0.95), score(0.9), score(0, 0.8), True),
        (score(0.9), score(0.9), score(0, 0.8), False),  # the same
        (score(0.95), score(0.8), score(0, 0.8), False),  # forgot how to read mistakes
        (score(0.95), score(0.9), score(0, 0.6), False),  # finds what is not there
        (score(0.92, none=0.03), score(0.9), score(0, 0.8), False),  # denies what is there
    ],
)
def test_better_is_better_for_citizens_and_worse_for_nobody(
    logged_after: Score, made_after: Score, absent_after: Score, is_better: bool
) -> None:
    before = {"logged": score(0.9), "made": score(0.9), "made absent": score(0, 0.8)}
    after = {"logged": logged_after, "made": made_after, "made absent": absent_after}
    assert Refit({}, 200, 0, before, after).is_better is is_better
