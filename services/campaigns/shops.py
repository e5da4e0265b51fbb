"""身边的诚信门店: firms with a demonstration honour in force today, by district."""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enterprise import Enterprise, Status
from models.record import Record, RecordType
from services.campaigns.firms import find_negative_in_force
from services.credit.standing import is_record_shown

DISTRICT = re.compile(r"(?:.{1,12}?(?:省|自治区))?(?:.{1,10}?市)?(?P<name>.{1,7}?(?:区|县|旗|市))(?!场)")
MOST_SHOWN = 200


@dataclass(frozen=True)
class Shop:
    """One shop with the honour for which it is shown."""

    enterprise_id: int
    name: str
    district: str
    address: str
    honour: str
    authority: str
    decided_on: date
    valid_until: date | None


def district_of(address: str, city: str) -> str:
    """城关区 from 示范市城关区人民路1号; the city where the address names none (pure)."""
    found = DISTRICT.match(address)
    name = found["name"] if found else ""
    return name if name and name.removesuffix("市") != city.removesuffix("市") else city


def find_shops(session: Session, today: date, district: str = "") -> list[Shop]:
    """Those of a district, or all; who has anything negative in force is not among them, nor an honour run out."""
    wanted = select(Record, Enterprise).join(Enterprise, Enterprise.id == Record.enterprise_id)
    wanted = wanted.where(
        Record.type == RecordType.DEMONSTRATION, Enterprise.status == Status.IN_FORCE, Record.withdrawn_on.is_(None)
    )
    rows = [
        (row[0], row[1])
        for row in session.execute(wanted.order_by(Enterprise.name, Record.decided_on.desc()))
        if is_record_shown(row[0], today, row[1].kind or "")
    ]
    negative = find_negative_in_force(session, {firm.id for _, firm in rows}, today)
    shops: dict[int, Shop] = {}
    for record, firm in rows:
        place = district_of(firm.address or "", firm.city or "")
        if firm.id in negative or firm.id in shops or (district and place != district):
            continue
        shops[firm.id] = Shop(
            firm.id, firm.name, place, firm.address or "", record.title, record.authority, record.decided_on,
            record.valid_until,
        )  # fmt: skip
    return list(shops.values())[:MOST_SHOWN]


def list_districts(shops: list[Shop]) -> list[tuple[str, int]]:
    """With how many shops each has, most first."""
    counts: dict[str, int] = {}
    for shop in shops:
        counts[shop.district] = counts.get(shop.district, 0) + 1
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))
