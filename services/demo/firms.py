"""Enterprises without number: invented by dice, with look-alikes, branches, former names and all states."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from models.enterprise import Enterprise, NameKind, Status
from models.listing import Listing
from models.record import Record
from services.credit.standing import SELF_EMPLOYED
from services.demo import records
from services.demo.codes import COOPERATIVE, ENTERPRISE, SHOP, make_code, make_registration, serial_of
from services.demo.names import (
    COMPANY_FORMS,
    KINDS,
    SHOPS,
    TRADES,
    Trade,
    confuse,
    region_words,
    trade_name,
)
from services.demo.places import PLACES, Office, Place

HONOURS = ["诚信经营先进单位", "消费维权先进单位", "商贸流通统计先进企业", "质量服务信誉企业"]
DEMONSTRATIONS = ["诚信门店", "诚信企业", "诚信市场"]
STATUSES = [Status.IN_FORCE, Status.DEREGISTERED, Status.REVOKED, Status.MOVED_OUT]


@dataclass
class Firm:
    """An enterprise with all that hangs on it, before it has an id."""

    enterprise: Enterprise
    other_names: list[tuple[NameKind, str]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)


@dataclass
class Inventor:
    """Dice, day and the numbers already used."""

    dice: Random
    today: date
    made_count: int = 0

    def code(self, kind: str, place: Place) -> str | None:
        """The next code; one firm in a hundred has only a registration number, one in a hundred none."""
        self.made_count += 1
        fate = self.dice.random()
        if fate < 0.01:
            return None
        if fate < 0.02:
            return make_registration(place.code, self.made_count)
        return make_code(kind, place.code, serial_of(self.made_count))

    def day(self, youngest: int, oldest: int) -> date:
        """A day so many days ago."""
        return self.today - timedelta(days=self.dice.randint(youngest, oldest))

    def enterprise(self, name: str, kind: str, code_kind: str, place: Place, scope: str) -> Enterprise:
        """An enterprise of this name."""
        status = self.dice.choices(STATUSES, weights=[91, 6, 2, 1])[0]
        return Enterprise(
            name=name,
            credit_code=self.code(code_kind, place),
            status=status,
            kind=kind,
            registered_on=self.day(40, 9500),
            province=place.province,
            city=place.city,
            address=f"{place.full_city}示范路{self.dice.randint(1, 400)}号（演示地址）",
            capital=f"{self.dice.choice([10, 50, 100, 200, 500, 1000, 3000])}万元人民币",
            scope=scope,
        )

    def company(self, place: Place, trade_name: str, trade: Trade) -> Firm:
        """A company, perhaps with other names, records and list entries."""
        form = self.dice.choice(COMPANY_FORMS)
        region = region_words(self.dice, place)
        firm = Firm(
            self.enterprise(f"{region}{trade_name}{trade.word}{form}", KINDS[form], ENTERPRISE, place, trade.scope)
        )
        firm.other_names = list(self.other_names(region, trade_name, trade, form))
        self.add_records(firm, place)
        return firm

    def other_names(self, region: str, name: str, trade: Trade, form: str) -> Iterator[tuple[NameKind, str]]:
        """A former name for one in twelve, a short name or a shop sign for one in twenty."""
        if self.dice.random() < 0.08:
            former = self.dice.choice([other for other in TRADES if other is not trade])
            yield NameKind.FORMER, f"{region}{name}{former.word}{form}"
        if self.dice.random() < 0.05:
            yield NameKind.SHORT, f"{name}{trade.word}"
        if self.dice.random() < 0.05:
            yield NameKind.SIGN, f"{name}生活馆"

    def shop(self, place: Place, trade_name: str, trade: Trade) -> Firm:
        """A shop of a self-employed person, whose name is nobody's business."""
        region = self.dice.choice(["", "", place.in_names, f"{place.in_names}市"])
        name = f"{region}{trade_name}{trade.word}"
        firm = Firm(self.enterprise(name, SELF_EMPLOYED, SHOP, place, trade.scope))
        firm.enterprise.capital = None
        self.add_records(firm, place)
        return firm

    def cooperative(self, place: Place, trade_name: str) -> Firm:
        """A farmers' cooperative."""
        crop = self.dice.choice(["蔬菜", "茶叶", "水稻", "柑橘", "养蜂"])
        name = f"{place.in_names}{trade_name}{crop}种植专业合作社".replace("养蜂种植", "养蜂")
        scope = f"{crop}生产、销售；农业技术服务"
        return Firm(self.enterprise(name, "农民专业合作社", COOPERATIVE, place, scope))

    def branch(self, parent: Firm, place: Place) -> Firm:
        """A branch in another city, named after its parent."""
        name = f"{parent.enterprise.name}{place.city}分公司"
        made = self.enterprise(name, "有限责任公司分公司", ENTERPRISE, place, parent.enterprise.scope or "")
        made.capital = None
        firm = Firm(made)
        self.add_records(firm, place)
        return firm

    def add_records(self, firm: Firm, place: Place) -> None:
        """Records for half of the firms, list entries for a few."""
        office = Office(place)
        if self.dice.random() < 0.5:
            firm.records = [self.record(office, firm.enterprise) for _ in range(self.dice.randint(1, 5))]
        fate, day, serial = self.dice.random(), self.day(12, 40), self.dice.randint(1, 90)
        if fate < 0.02:
            firm.listings.append(records.make_black_listing(office, day, serial))
        elif fate < 0.06:
            firm.listings.append(records.make_red_listing(office, day, serial))

    def record(self, office: Office, enterprise: Enterprise) -> Record:
        """One record of the last four years of its life: running, run out, minor, or repaired."""
        age = (self.today - enterprise.registered_on).days if enterprise.registered_on else 1400
        day, serial, dice = self.day(12, min(age, 1400)), self.dice.randint(1, 400), self.dice
        repaired_on = day + timedelta(days=120)
        is_repaired = dice.random() < 0.25 and repaired_on < self.today
        over = {"withdrawn_on": repaired_on, "withdrawn_reason": "信用修复"} if is_repaired else {}
        is_shop = enterprise.kind == SELF_EMPLOYED  # a court's debtor would be a person
        makers: list[tuple[int, Callable[[], Record]]] = [
            (36, lambda: records.make_licence(office, dice.randrange(5), day, serial)),
            (22, lambda: records.make_penalty(office, dice.randrange(6), day, serial, **over)),
            (10, lambda: records.make_honour(office, dice.choice(HONOURS), day, serial)),
            (5, lambda: records.make_demonstration(office, dice.choice(DEMONSTRATIONS), day, serial)),
            (5, lambda: records.make_abnormal(office, day, serial, **over)),
            (0 if is_shop else 3, lambda: records.make_court(office, day, serial, **over)),
            (9, lambda: records.make_commitment(office, day)),
            (3, lambda: records.make_rating(office, day, serial)),
            (3, lambda: records.make_association_rating(office, day)),
            (3, lambda: records.make_prepaid(office, day, serial)),
            (3, lambda: records.make_complaint_summary(office, day, serial)),
        ]
        weights, choices = zip(*makers, strict=True)
        made: Record = dice.choices(choices, weights=weights)[0]()
        return made


def invent_firms(count: int, seed: int, today: date) -> list[Firm]:
    """About `count` firms; the same ones for the same seed and day."""
    inventor = Inventor(Random(seed), today)  # noqa: S311 - demonstration data
    firms: list[Firm] = []
    while len(firms) < count:
        firms += invent_family(inventor)
    return firms[:count]


def invent_family(inventor: Inventor) -> Iterator[Firm]:
    """One firm, and sometimes those that are taken for it."""
    dice = inventor.dice
    here, there = dice.sample(PLACES, 2)
    name, trade = trade_name(dice), dice.choice(TRADES)
    fate = dice.random()
    if fate < 0.25:
        trade = dice.choice(SHOPS)
        yield inventor.shop(here, name, trade)
        if fate < 0.03:
            yield inventor.shop(there, name, trade)
    elif fate < 0.29:
        yield inventor.cooperative(here, name)
    else:
        firm = inventor.company(here, name, trade)
        yield firm
        if fate < 0.36:
            yield inventor.branch(firm, there)
        elif fate < 0.44:
            yield inventor.company(there, name, trade)
        elif fate < 0.50:
            yield inventor.company(here, confuse(name), trade)
