"""The firms of README and tests: each shows one kind of answer in the first five minutes."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from models.enterprise import Enterprise, NameKind, Status
from services.credit.standing import SELF_EMPLOYED
from services.demo import records
from services.demo.codes import ENTERPRISE, SHOP, make_code, make_registration
from services.demo.firms import Firm
from services.demo.places import Office, place

CLEAR = "湖南稻花屿食品有限公司"
BRANCH = "湖南稻花屿食品有限公司湘潭分公司"
LISTED = "长沙云朵岸洗衣服务有限公司"
HONOURED = "湘潭石榴巷餐饮管理有限公司"
HONOURED_SIGN = "石榴巷小馆"
SAME = "麦朵坊便利店"
SAME_CITIES = ("长沙", "湘潭", "郑州", "淮安")
NEAR = ("长沙星辰渡电子科技有限公司", "长沙星晨渡电子科技有限公司")
SPELLING = "长沙青柚湾家居有限公司"
ELSEWHERE = ("衡阳白鹭汀商贸有限公司", "岳阳白鹭汀商贸有限公司")
RENAMED, FORMER = "湖南木棉里家居有限公司", "湖南木棉里装饰材料有限公司"
DEREGISTERED = "株洲蓝桥坞商贸有限公司"
REVOKED = "郑州柚子谷汽车销售有限公司"
REPAIRED = "运城枫桥渡物流有限公司"
ADVERSE = "淮安芦苇滩家政服务有限公司"
OLD_NUMBER = "衡阳樟树塬五金商店"
NO_CODE = "岳阳砚池墩百货商店"

COMPANY = "有限责任公司（自然人投资或控股）"


def hero(name: str, city: str, serial: str, today: date, **more: Any) -> Firm:
    """An enterprise in a city; `serial` (4 characters) makes its code."""
    at = place(city)
    columns: dict[str, Any] = {
        "name": name,
        "credit_code": make_code(ENTERPRISE, at.code, serial),
        "status": Status.IN_FORCE,
        "kind": COMPANY,
        "registered_on": today - timedelta(days=3000),
        "province": at.province,
        "city": at.city,
        "address": f"{at.full_city}示范路1号（演示地址）",
        "capital": "200万元人民币",
        "scope": "演示经营范围",
    }
    return Firm(Enterprise(**(columns | more)))


def office(city: str) -> Office:
    """The authorities of a city."""
    return Office(place(city))


def make_heroes(today: date) -> list[Firm]:
    """All of them, in the order of this page."""
    return [
        make_clear(today),
        make_branch(today),
        make_listed(today),
        make_honoured(today),
        *make_same(today),
        *make_similar(today),
        make_renamed(today),
        hero(DEREGISTERED, "株洲", "HR31", today, status=Status.DEREGISTERED),
        make_revoked(today),
        make_repaired(today),
        make_adverse(today),
        *make_old(today),
    ]


def make_clear(today: date) -> Firm:
    """Licences and an honour, nothing adverse; the code of CODE_SLIP questions."""
    firm = hero(CLEAR, "长沙", "HR01", today, scope="食品生产；食品销售；农副产品销售")
    changsha = office("长沙")
    firm.other_names = [(NameKind.SHORT, "稻花屿食品")]
    firm.records = [
        *(records.make_licence(changsha, 0, today - timedelta(days=ago), ago) for ago in (90, 400, 800)),
        records.make_licence(changsha, 3, today - timedelta(days=2000), 17),  # has run out
        records.make_honour(changsha, "诚信经营先进单位", today - timedelta(days=300), 8),
    ]
    return firm


def make_branch(today: date) -> Firm:
    """A branch with a penalty of its own, which is not its parent's."""
    firm = hero(BRANCH, "湘潭", "HR02", today, kind="有限责任公司分公司", capital=None)
    firm.records = [records.make_penalty(office("湘潭"), 0, today - timedelta(days=60), 21)]
    return firm


def make_listed(today: date) -> Firm:
    """On a 严重失信主体名单, with the penalty behind it."""
    firm = hero(LISTED, "长沙", "HR03", today, scope="洗染服务；单用途商业预付卡服务")
    changsha = office("长沙")
    firm.listings = [records.make_black_listing(changsha, today - timedelta(days=198), 3)]
    firm.records = [
        records.make_penalty(changsha, 4, today - timedelta(days=230), 35),
        records.make_penalty(changsha, 0, today - timedelta(days=500), 12),  # its year is over
        records.make_abnormal(changsha, today - timedelta(days=150), 66),
        records.make_prepaid(changsha, today - timedelta(days=1500), 5),
        records.make_complaint_summary(changsha, today - timedelta(days=130), 46),
    ]
    return firm


def make_honoured(today: date) -> Firm:
    """On a list of the trustworthy, with one record of every good or neutral type."""
    firm = hero(HONOURED, "湘潭", "HR04", today, scope="餐饮服务；餐饮管理")
    xiangtan = office("湘潭")
    firm.other_names = [(NameKind.SIGN, HONOURED_SIGN)]
    firm.listings = [records.make_red_listing(xiangtan, today - timedelta(days=250), 7)]
    firm.records = [
        records.make_licence(xiangtan, 0, today - timedelta(days=700), 31),
        records.make_honour(xiangtan, "消费维权先进单位", today - timedelta(days=250), 9),
        records.make_honour(xiangtan, "诚信经营先进单位", today - timedelta(days=1200), 4),  # has run out
        records.make_demonstration(xiangtan, "诚信门店", today - timedelta(days=200), 2),
        records.make_commitment(xiangtan, today - timedelta(days=220)),
        records.make_rating(xiangtan, today - timedelta(days=100), 11),
        records.make_association_rating(xiangtan, today - timedelta(days=150)),
    ]
    return firm


def make_same(today: date) -> Iterator[Firm]:
    """Four shops of one name in four cities; the one in 湘潭 has a penalty."""
    for number, city in enumerate(SAME_CITIES, 11):
        code = make_code(SHOP, place(city).code, f"HR{number}")
        firm = hero(SAME, city, f"HR{number}", today, credit_code=code, kind=SELF_EMPLOYED, capital=None)
        if city == "湘潭":
            firm.records = [records.make_penalty(office(city), 0, today - timedelta(days=30), 5)]
        yield firm


def make_similar(today: date) -> Iterator[Firm]:
    """Names that are taken for one another."""
    yield hero(NEAR[0], "长沙", "HR21", today)
    other = hero(NEAR[1], "长沙", "HR22", today)
    other.records = [records.make_penalty(office("长沙"), 4, today - timedelta(days=100), 41)]
    yield other
    yield hero(SPELLING, "长沙", "HR23", today)
    yield hero(ELSEWHERE[0], "衡阳", "HR24", today)
    yield hero(ELSEWHERE[1], "岳阳", "HR25", today)


def make_renamed(today: date) -> Firm:
    """Known under a former name."""
    firm = hero(RENAMED, "长沙", "HR26", today)
    firm.other_names = [(NameKind.FORMER, FORMER)]
    firm.records = [records.make_commitment(office("长沙"), today - timedelta(days=40))]
    return firm


def make_revoked(today: date) -> Firm:
    """Its licence was revoked, its penalty is still public."""
    firm = hero(REVOKED, "郑州", "HR32", today, status=Status.REVOKED)
    firm.records = [records.make_penalty(office("郑州"), 2, today - timedelta(days=200), 77)]
    return firm


def make_repaired(today: date) -> Firm:
    """Had penalties, none of which may be shown today: repaired, minor, run out, ended this very day."""
    firm = hero(REPAIRED, "运城", "HR33", today)
    yuncheng = office("运城")
    ended = today.replace(year=today.year - 1, day=min(today.day, 28))
    repaired = {"withdrawn_on": today - timedelta(days=5), "withdrawn_reason": "信用修复"}
    firm.records = [
        records.make_penalty(yuncheng, 4, today - timedelta(days=400), 51, **repaired),
        records.make_penalty(yuncheng, 3, today - timedelta(days=20), 52),
        records.make_penalty(yuncheng, 0, today - timedelta(days=900), 53),
        records.make_penalty(yuncheng, 2, ended, 54, published_until=today),
    ]
    return firm


def make_adverse(today: date) -> Firm:
    """Abnormal, before the court, and a penalty on its last day."""
    firm = hero(ADVERSE, "淮安", "HR34", today, scope="家政服务")
    huaian = office("淮安")
    tomorrow = today + timedelta(days=1)
    firm.records = [
        records.make_penalty(huaian, 1, today - timedelta(days=364), 61, published_until=tomorrow),
        records.make_abnormal(huaian, today - timedelta(days=210), 62),
        records.make_court(huaian, today - timedelta(days=95), 63),
    ]
    return firm


def make_old(today: date) -> Iterator[Firm]:
    """Registered long ago: a 15-digit number, or none."""
    long_ago = {"registered_on": date(1996, 5, 6), "kind": "集体所有制", "capital": None}
    number = make_registration(place("衡阳").code, 96_050_061)
    yield hero(OLD_NUMBER, "衡阳", "HR41", today, credit_code=number, **long_ago)
    yield hero(NO_CODE, "岳阳", "HR42", today, credit_code=None, status=Status.UNKNOWN, **long_ago)
