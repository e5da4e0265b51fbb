"""Which enterprise the words of a photo name, as arithmetic: lines in, a reading out."""

import cmath
import math
import random

import pytest

from services.demo.codes import ENTERPRISE, make_code, make_registration
from services.photos.licence import holds_identity, read_scanned, understand
from services.photos.lines import Line, put_upright
from services.photos.reading import Reading, Trouble

CODE = make_code(ENTERPRISE, "430100", "PH01")
ID = "11010519491231002X"  # the example of GB 11643
FIRM = "湖南稻花屿食品有限公司"


def line(text: str, left: float, top: float, size: float = 30, score: float = 0.99) -> Line:
    """Words in a row, each character as wide as high."""
    right, bottom = left + size * len(text), top + size
    return Line(text, score, ((left, top), (right, top), (right, bottom), (left, bottom)))


def licence(name: str = FIRM, code: str = CODE, **more: float) -> list[Line]:
    return [
        line("营业执照", 600, 100, 100),
        line("统一社会信用代码", 100, 100),
        line(code, 100, 150),
        line("名 称", 100, 400),
        line(name, 300, 402, **more),
        line("类 型", 100, 470),
        line("有限责任公司(自然人投资或控股)", 300, 470),
        line("法定代表人", 100, 540),
        line("张建国", 300, 540),
        line("经营范围", 100, 610),
        line("食品销售；日用百货商店", 300, 610),
        line("登记机关", 1000, 800),
    ]


def spin(lines: list[Line], degrees: float) -> list[Line]:
    """The page turned; each box begins at the corner that is then top left, as a detector says it."""
    spun = []
    for one in lines:
        corners = [complex(*corner) * cmath.exp(1j * math.radians(degrees)) for corner in one.corners]
        begin = min(range(4), key=lambda place: corners[place].real + corners[place].imag)
        turned = [(corner.real, corner.imag) for corner in corners[begin:] + corners[:begin]]
        spun.append(Line(one.text, one.score, tuple(turned)))
    return spun


@pytest.mark.parametrize("degrees", [0, 7, -15, 90, 97, 180, 183, 270])
def test_a_licence_is_read_however_it_lies(degrees: float) -> None:
    shop = "望城区麦朵坊小吃部"  # ends like no company: only its place beside 名称 tells
    assert understand(spin(licence(shop), degrees)) == Reading(CODE, (shop,))
    upright = put_upright(spin(licence(shop), degrees))
    assert upright[-1].text == "登记机关"


@pytest.mark.parametrize("seed", range(5))
def test_the_order_in_which_lines_are_found_does_not_matter(seed: int) -> None:
    found = licence()
    random.Random(seed).shuffle(found)
    assert understand(found) == Reading(CODE, (FIRM,))


def test_letters_that_codes_do_not_have_are_read_as_digits() -> None:
    assert CODE.count("0") >= 3
    assert understand(licence(code=CODE.replace("0", "O"))).code == CODE
    assert understand(licence(code=f"统一社会信用代码：{CODE}")).code == CODE


def test_another_slip_in_a_licences_code_is_left_to_the_search() -> None:
    wrong = CODE[:9] + ("8" if CODE[9] != "8" else "3") + CODE[10:]
    assert understand(licence(code=wrong)) == Reading(wrong, (FIRM,))
    assert understand([line(wrong, 0, 0), line("云朵岸洗衣", 0, 100, 90)]) == Reading("", ("云朵岸洗衣",))


def test_a_name_may_stand_with_its_heading_or_go_on_in_the_next_row() -> None:
    together = [one for one in licence() if one.text not in {"名 称", FIRM}] + [line(f"名称：{FIRM}", 100, 400)]
    assert understand(together) == Reading(CODE, (FIRM,))
    long = [
        one
        for one in licence("湖南省长沙市望城区稻花屿食品进出口贸易")
        if one.text not in {"类 型", "有限责任公司(自然人投资或控股)"}
    ]
    long += [line("管理有限公司长沙分公司", 300, 450)]
    assert understand(long).names == ("湖南省长沙市望城区稻花屿食品进出口贸易管理有限公司长沙分公司",)
    assert understand(licence("麦朵坊")).names == ("麦朵坊",), "the kind of company below is no part of the name"


def test_nobody_named_on_a_licence_is_ever_a_name_to_search_for() -> None:
    for missing in ("名 称", FIRM, CODE, "营业执照"):
        read = understand([one for one in licence() if one.text not in {missing, CODE}])
        assert not [name for name in read.names if "张建国" in name], missing
    nameless = [one for one in licence() if one.text not in {"名 称", FIRM, CODE}]
    assert understand(nameless) == Reading(trouble=Trouble.UNCLEAR)
    card = [line("张建国　总经理", 0, 0, 60), line(FIRM, 0, 100), line("13812345678", 0, 200)]
    assert understand(card) == Reading(names=(FIRM,))


def test_an_unclear_name_says_so() -> None:
    assert not understand(licence(score=0.8)).is_sure
    assert understand(licence()).is_sure


@pytest.mark.parametrize(
    "row", [f"公民身份号码{ID}", ID, f"身份证号: {ID[:6]} {ID[6:14]} {ID[14:]}", "公民身份号码 1101051949"]
)
def test_an_identity_card_tells_nothing(row: str) -> None:
    assert understand([line("姓名张建国", 0, 0), line(row, 0, 100)]) == Reading(is_person=True)
    assert understand([*licence(), line(row, 0, 1000)]) == Reading(is_person=True)
    assert not holds_identity([CODE, FIRM])


def test_a_persons_card_is_no_sign() -> None:
    card = [line("姓名张建国", 0, 0, 90), line("性别男", 0, 100), line("出生1980年", 0, 200)]
    assert understand(card) == Reading(is_person=True), "its number was not read"
    assert understand([line("张建国", 0, 0, 40), line("110105194912310021", 0, 100)]) == Reading(is_person=True)
    assert understand([line("张建国 总经理", 0, 0, 90), line("13812345678", 0, 99)]).trouble is Trouble.UNCLEAR
    assert understand([line("姓名：张建国", 0, 0, 90), line("云朵岸洗衣", 0, 99, 80)]).names == ("云朵岸洗衣",)


def test_long_numbers_beside_a_sign_are_no_codes() -> None:
    old = make_registration("430100", 77)
    assert understand([line("云朵岸洗衣", 0, 0, 90), line(old, 0, 100)]) == Reading(names=("云朵岸洗衣",))
    assert understand(licence(code=old)).code == old


def test_the_biggest_words_of_a_sign_come_first() -> None:
    sign = [
        line("云朵岸", 0, 0, 120),
        line("洗衣", 500, 10, 110),
        line("干洗水洗皮具", 0, 200, 40),
        line("电话13812345678", 0, 260, 130),
        line("188", 0, 400, 200),
    ]
    assert understand(sign) == Reading(names=("云朵岸洗衣", "云朵岸", "洗衣"))
    assert understand([line("欢迎光临", 0, 0, 200), line("微信支付", 0, 300, 90), *sign]).names[0] == "云朵岸洗衣"
    assert understand([*sign, line(FIRM, 0, 300)]).names == (FIRM,)


def test_nothing_and_nothing_useful_are_told_apart() -> None:
    assert understand([]) == Reading(trouble=Trouble.NO_TEXT)
    assert understand([line("  ", 0, 0)]) == Reading(trouble=Trouble.NO_TEXT)
    assert understand([line("0731-88888888", 0, 0), line("8", 0, 0)]) == Reading(trouble=Trouble.UNCLEAR)
    dot = Line("云朵岸洗衣", 0.9, ((3, 3), (3, 3), (3, 3), (3, 3)))
    assert understand([dot]).names == ("云朵岸洗衣",), "a box without size"


def test_what_a_qr_code_holds() -> None:
    assert read_scanned([f"http://www.gsxt.gov.cn/index.html?uniscid={CODE}"]).code == CODE
    assert read_scanned(["weixin://pay/1234567", "https://example.com/?id=99999999999999999"]).code == ""
    assert understand([line("云朵岸洗衣", 0, 0)], [f"统一社会信用代码:{CODE};名称:{FIRM}"]).code == CODE
    assert understand([line("云朵岸洗衣", 0, 0)], [ID]).is_person
