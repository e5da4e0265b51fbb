"""Finding: the exact is an answer, everything else a question, and nothing is never good news."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models.database import Database
from models.enterprise import NameKind, Status
from services.enterprises.finding import Reason, Verdict
from services.enterprises.index import NameIndex
from services.enterprises.search import suggest
from tests.asking import ask, names
from tests.factories import add_name, make_enterprise

CODE = "91350100M000100Y43"
FIRMS = (
    "长沙云朵岸洗衣服务有限公司",
    "湘潭云朵岸洗衣服务有限公司",
    "长沙星辰渡电子科技有限公司",
    "湖南稻花屿食品有限公司",
    "湖南稻花屿食品有限公司湘潭分公司",
    "衡阳白鹭汀商贸有限公司",
    "岳阳白鹭汀商贸有限公司",
    "株洲石榴巷餐饮管理有限公司",
    "广州青柚湾家居有限公司",
    "杭州张小溪剪刀厂",
)


@pytest.fixture
def index(tmp_path: Path) -> NameIndex:
    return NameIndex(tmp_path / "index")


@pytest.fixture
def register(session: Session) -> Session:
    for number, name in enumerate(FIRMS):
        region = {"city": "湘潭"} if name.startswith("湘潭") else {}
        make_enterprise(session, name, CODE if number == 0 else None, **region)
    return session


@pytest.mark.parametrize(
    "text",
    [
        "长沙云朵岸洗衣服务有限公司",
        "长沙云朵岸洗衣服务 有限公司",
        "長沙雲朵岸洗衣服務有限公司",
        "帮我查一下长沙云朵岸洗衣服务有限公司怎么样？",
        "“长沙云朵岸洗衣服务有限公司”",
        CODE,
        f"代码是{CODE.lower()}",
    ],
)
def test_the_exact_name_or_code_is_the_firm(register: Session, index: NameIndex, text: str) -> None:
    finding = ask(register, index, text)
    assert (finding.verdict, names(finding)) == (Verdict.MATCH, [FIRMS[0]])


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("长沙云朵按洗衣服务有限公司", FIRMS[0]),  # same sound
        ("长沙云朵岸洗衣有限公司", FIRMS[0]),  # something left out
        ("长沙朵云岸洗衣服务有限公司", FIRMS[0]),  # swapped
        ("长沙星晨渡电子科技有限公司", FIRMS[2]),  # one character: perhaps another firm
        ("稻花屿食品", FIRMS[3]),
        ("青柚湾", FIRMS[8]),
        ("qing you wan jia ju", FIRMS[8]),
        ("我昨天在广州青柚湾家居有限公司买了柜子", FIRMS[8]),
    ],
)
def test_what_is_only_like_a_name_is_a_question(register: Session, index: NameIndex, text: str, right: str) -> None:
    finding = ask(register, index, text)
    assert finding.verdict is Verdict.CHOOSE
    assert names(finding)[0] == right


def test_a_name_of_another_region_is_said_to_be_elsewhere(register: Session, index: NameIndex) -> None:
    finding = ask(register, index, "株洲白鹭汀商贸有限公司")
    assert (finding.verdict, finding.reason, finding.asked_region) == (Verdict.CHOOSE, Reason.OTHER_REGION, "株洲")
    assert set(names(finding)[:2]) == {FIRMS[5], FIRMS[6]}


def test_a_branch_is_not_its_parent(register: Session, index: NameIndex) -> None:
    finding = ask(register, index, "湖南稻花屿食品有限公司株洲分公司")
    assert finding.verdict is Verdict.CHOOSE
    branch = ask(register, index, "湖南稻花屿食品有限公司湘潭分公司")
    assert (branch.verdict, branch.candidates[0].is_branch) == (Verdict.MATCH, True)


def test_two_firms_of_one_name_are_asked_apart(register: Session, index: NameIndex) -> None:
    make_enterprise(register, "麦朵坊便利店", city="长沙")
    make_enterprise(register, "麦朵坊便利店", city="湘潭")
    make_enterprise(register, "麦朵坊便利店", city="郑州", status=Status.DEREGISTERED)
    finding = ask(register, index, "麦朵坊便利店", home="湘潭")
    assert (finding.verdict, finding.reason) == (Verdict.CHOOSE, Reason.SAME_NAME)
    assert [candidate.city for candidate in finding.candidates] == ["湘潭", "长沙", "郑州"]


def test_other_names_are_found_and_a_registered_name_goes_before_them(register: Session, index: NameIndex) -> None:
    firm = make_enterprise(register, "湖南木棉里家居有限公司")
    add_name(register, firm, "湖南木棉里装饰有限公司")
    add_name(register, firm, "木棉里", NameKind.SIGN)
    former = ask(register, index, "湖南木棉里装饰有限公司")
    assert (former.verdict, former.reason) == (Verdict.MATCH, Reason.OTHER_NAME)
    assert former.candidates[0].matched_kind is NameKind.FORMER
    assert ask(register, index, "木棉里").candidates[0].matched_kind is NameKind.SIGN
    make_enterprise(register, "木棉里")
    assert ask(register, index, "木棉里").candidates[0].name == "木棉里"


def test_a_code_with_a_slip_is_asked_back_never_corrected(register: Session, index: NameIndex) -> None:
    for slip in ("9I350100M000100Y43", "91350100M000100Y34", "9135O100MOOO100Y43", "91350100M000100Y4"):
        finding = ask(register, index, slip)
        assert (finding.verdict, finding.reason) == (Verdict.CHOOSE, Reason.CODE_SLIP), slip
        assert names(finding) == [FIRMS[0]]


def test_codes_that_lead_nowhere(register: Session, index: NameIndex) -> None:
    assert ask(register, index, "91110000600037341L").reason is Reason.CODE_UNKNOWN
    assert ask(register, index, "91350100M111100Y4Z").reason is Reason.CODE_WRONG


def test_a_person_is_refused_and_a_trade_name_like_one_is_not(register: Session, index: NameIndex) -> None:
    assert ask(register, index, "查张建国有没有失信").reason is Reason.PERSON
    assert names(ask(register, index, "张小溪"))[0] == "杭州张小溪剪刀厂"


@pytest.mark.parametrize("text", ["", "  ", "？？？", "😀"])
def test_no_word_is_no_name(register: Session, index: NameIndex, text: str) -> None:
    assert ask(register, index, text).reason is Reason.NO_NAME


def test_not_found_says_how_many_were_searched(register: Session, index: NameIndex) -> None:
    finding = ask(register, index, "乌鲁木齐胡杨谷物流运输股份有限公司")
    assert (finding.verdict, finding.reason, finding.searched_count) == (Verdict.NONE, Reason.NOT_FOUND, len(FIRMS))


def test_a_firm_taken_out_of_the_register_is_not_shown(register: Session, index: NameIndex) -> None:
    gone = make_enterprise(register, "郴州萤火岭茶业有限公司", status=Status.REMOVED)
    assert gone.name not in names(ask(register, index, gone.name))
    assert gone.name not in names(ask(register, index, "萤火岭茶业"))


def test_suggestions_come_while_typing(register: Session, index: NameIndex) -> None:
    index.follow(register)
    assert suggest(register, "云", index) == []
    assert {item.name for item in suggest(register, "云朵岸", index)} >= {FIRMS[0], FIRMS[1]}


@pytest.mark.parametrize(
    "text", ["a" * 5000, "公司" * 2000, "\x00\ud800", "'; DROP TABLE enterprises;--", "%_%", "9" * 300]
)
def test_hostile_text_finds_nothing_and_harms_nothing(register: Session, index: NameIndex, text: str) -> None:
    assert ask(register, index, text).verdict is not Verdict.MATCH


def test_it_works_on_both_databases(database: Database, tmp_path: Path) -> None:
    index = NameIndex(tmp_path / "index")
    with database.write() as session:
        for name in FIRMS:
            make_enterprise(session, name)
    with database.read() as session:
        assert ask(session, index, FIRMS[0]).verdict is Verdict.MATCH
        assert names(ask(session, index, "云朵按洗衣"))[0] in FIRMS[:2]


def test_a_former_name_of_one_and_registered_name_of_another_tells_both(register: Session, index: NameIndex) -> None:
    former = make_enterprise(register, "湖南木棉里家居有限公司")
    add_name(register, former, "湖南木棉里装饰有限公司")
    make_enterprise(register, "湖南木棉里装饰有限公司")
    finding = ask(register, index, "湖南木棉里装饰有限公司")
    assert (finding.verdict, names(finding)) == (
        Verdict.MATCH,
        ["湖南木棉里装饰有限公司", "湖南木棉里家居有限公司"],
    )
    assert finding.candidates[1].matched_kind is NameKind.FORMER


def test_equals_stand_in_a_sensible_order_and_their_number_is_known(register: Session, index: NameIndex) -> None:
    for city, status in [
        ("株洲", Status.DEREGISTERED),
        ("衡阳", Status.IN_FORCE),
        ("岳阳", Status.IN_FORCE),
        ("长沙", Status.IN_FORCE),
        ("益阳", Status.REVOKED),
        ("常德", Status.IN_FORCE),
        ("怀化", Status.IN_FORCE),
    ]:
        make_enterprise(register, "满果多超市", city=city, status=status)
    finding = ask(register, index, "满果多超市", home="长沙市")
    assert (finding.reason, finding.more_count) == (Reason.SAME_NAME, 2)
    assert [found.city for found in finding.candidates] == ["长沙", "衡阳", "岳阳", "常德", "怀化"]
    asked = ask(register, index, "株洲的那个满果多超市", home="长沙")
    assert [found.city for found in asked.candidates] == ["株洲"]
    assert asked.verdict is Verdict.CHOOSE
    elsewhere = ask(register, index, "永州的满果多", home="长沙")
    assert (elsewhere.reason, elsewhere.asked_region) == (Reason.OTHER_REGION, "永州")
    assert elsewhere.candidates[0].status is Status.IN_FORCE
    local = ask(register, index, "我们县里那个满果多", home="怀化")
    assert local.candidates[0].city == "怀化"


def test_several_firms_are_told_apart_and_one_name_with_and_is_not(register: Session, index: NameIndex) -> None:
    finding = ask(register, index, "云朵岸和青柚湾哪个好")
    assert (finding.verdict, finding.reason, finding.parts) == (
        Verdict.CHOOSE,
        Reason.SEVERAL,
        ("云朵岸", "青柚湾"),
    )
    make_enterprise(register, "长沙云与海商贸有限公司")
    assert ask(register, index, "长沙云与海商贸有限公司").verdict is Verdict.MATCH
    assert ask(register, index, "长沙云与海商茂有限公司").reason is not Reason.SEVERAL


def test_a_story_never_matches_without_a_question(register: Session, index: NameIndex) -> None:
    firm = make_enterprise(register, "湖南木棉里家居有限公司")
    add_name(register, firm, "木棉里", NameKind.SIGN)
    finding = ask(register, index, "我昨天在木棉里买的柜子他们不给退")
    assert (finding.verdict, names(finding)[0]) == (Verdict.CHOOSE, "湖南木棉里家居有限公司")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("13800138000", Reason.PHONE),
        ("芙蓉路88号", Reason.STREET),
        ("身份证11010519491231002X", Reason.PERSON),
        ("超市", Reason.TOO_BROAD),
        ("食品经营许可证怎么办理", Reason.NO_NAME),
        ("BKW公司", Reason.NOT_FOUND),
    ],
)
def test_what_is_no_name_is_called_so(register: Session, index: NameIndex, text: str, reason: Reason) -> None:
    finding = ask(register, index, text)
    assert (finding.verdict, finding.reason, finding.candidates) == (Verdict.NONE, reason, [])
    assert not any(digits in finding.query for digits in ("13800138000", "11010519491231002X"))


def test_a_code_and_a_name_of_two_firms_are_a_question(register: Session, index: NameIndex) -> None:
    both = ask(register, index, f"统一社会信用代码 {CODE} 名称 湖南稻花屿食品有限公司 类型 有限责任公司")
    assert (both.reason, set(names(both))) == (Reason.CODE_AND_NAME, {FIRMS[0], FIRMS[3]})
    same = ask(register, index, f"统一社会信用代码 {CODE} 名称 {FIRMS[0]} 类型 有限责任公司")
    assert (same.verdict, same.reason) == (Verdict.MATCH, Reason.EXACT_CODE)
