"""Short forms: a firm's own name before its branches, listed firms, initials of a trade name, a region in it."""

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.orm import Session

from models.enterprise import Status
from services.enterprises.candidates import MOST_HOLDERS, find_for_short
from services.enterprises.editions import read_listed
from services.enterprises.finding import Candidate, Verdict, put_parents_first
from services.enterprises.index import NameIndex
from services.enterprises.initialled import find_branded
from services.enterprises.shard import build_shard
from tests.asking import ask, names
from tests.factories import make_enterprise

LISTED, UNLISTED = "其他股份有限公司(上市)", "股份有限公司(非上市、自然人投资或控股)"


@pytest.fixture
def index(tmp_path: Path) -> NameIndex:
    return NameIndex(tmp_path / "index")


def test_a_parent_is_found_among_thousands_of_branches() -> None:
    parent = "中国云电股份有限公司"
    branches = [f"{parent}第{number}营业部" for number in range(MOST_HOLDERS + 200)]
    shard = build_shard(enumerate([*branches, parent]))
    assert parent in shard.texts(find_for_short(shard, "中国云电", 30_000, 50))


def test_one_branch_of_each_firm_stands_before_the_others() -> None:
    def candidate(number: int, name: str, score: float) -> Candidate:
        return Candidate(number, name, None, "", "", Status.IN_FORCE, score)

    branches = [candidate(number, f"四川安宁电力有限公司第{number}营业部", 0.5) for number in range(3)]
    other, far = candidate(7, "四川安宁铁钛有限公司", 0.2), candidate(8, "安宁饭店", 0.01)
    ordered = put_parents_first([*branches, other, far])
    assert ordered == [branches[0], other, *branches[1:], far]
    assert put_parents_first([other, far]) == [other, far]


def test_a_listed_firm_stands_first_where_the_register_says_so(session: Session, index: NameIndex) -> None:
    places = ("长沙", "湘潭", "衡阳", "岳阳", "株洲")
    for number, place in enumerate(places):
        make_enterprise(session, f"{place}云朵岸洗衣股份有限公司", kind=LISTED if number == 3 else UNLISTED)
    make_enterprise(session, "湘潭云朵岸洗衣股份有限公司韶山分公司", kind="股份有限公司分公司(上市)")
    finding = ask(session, index, "云朵岸股份")
    assert finding.verdict is Verdict.CHOOSE
    assert names(finding)[0] == "岳阳云朵岸洗衣股份有限公司"
    assert len(read_listed(session)) == 1


def test_initials_of_a_trade_name_find_it(session: Session, index: NameIndex) -> None:
    make_enterprise(session, "衡阳白鹭汀商贸有限公司")
    make_enterprise(session, "衡阳北陵堂食品有限公司")
    make_enterprise(session, "长沙星辰渡电子科技有限公司")
    for text in ("blt", "b l t", "BLT"):
        finding = ask(session, index, text)
        assert finding.verdict is Verdict.CHOOSE
        assert set(names(finding)) == {"衡阳白鹭汀商贸有限公司", "衡阳北陵堂食品有限公司"}
    assert ask(session, index, "qqq").verdict is Verdict.NONE


def test_initials_stand_within_one_name() -> None:
    shard = build_shard(enumerate(["长沙白鹭", "汀州商贸", "湘潭白鹭汀商贸"]))
    assert shard.texts(find_branded(shard, "blt", 9)) == ["湘潭白鹭汀商贸"]
    assert not len(find_branded(build_shard(()), "blt", 9))
    assert not len(find_branded(shard, "vvv", 9))
    assert np.array_equal(find_branded(shard, "cs", 9), [0])


def test_letters_are_looked_for_as_they_stand_only_where_a_name_may_hold_them(
    session: Session, index: NameIndex
) -> None:
    make_enterprise(session, "衡阳LUMO照明有限公司")
    make_enterprise(session, "衡阳MOLIN家具有限公司")
    assert names(ask(session, index, "lumo")) == ["衡阳LUMO照明有限公司"]
    assert [index.may_hold(text) for text in ("LUMO", "LUMOLIN", "OLI", "QXZ", "M")] == [True, False, True, False, True]


def test_a_region_can_be_a_part_of_a_short_form(session: Session, index: NameIndex) -> None:
    for name in ("山东省药用玻璃股份有限公司", "杭州药玻商贸有限公司", "延吉药玻包装有限公司"):
        make_enterprise(session, name)
    assert names(ask(session, index, "山东药玻"))[0] == "山东省药用玻璃股份有限公司"
    assert names(ask(session, index, "湖南药玻"))[0] != "山东省药用玻璃股份有限公司"
