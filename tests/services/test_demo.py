"""The demonstration register: invented, lawful in form, the same every time, loaded once."""

import itertools
import re
from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.database import Database
from models.enterprise import Enterprise, EnterpriseName, RegisterRevision, Status
from models.listing import Listing
from models.record import Dataset, Record, RecordType
from services.credit import standing
from services.credit.report import BlockState, compose_report
from services.demo import heroes
from services.demo.codes import make_code, make_registration, serial_of
from services.demo.firms import Firm, invent_firms
from services.demo.load import load_demo
from services.demo.names import confuse
from services.demo.places import CITIES, PLACES
from services.enterprises.codes import is_valid
from services.enterprises.names import hash_name

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def firms() -> list[Firm]:
    return heroes.make_heroes(TODAY) + invent_firms(2_000, 7, TODAY)


def test_loading_twice_changes_nothing(database: Database) -> None:
    first = load_demo(database, TODAY, firms_count=60)
    second = load_demo(database, TODAY + timedelta(days=1), firms_count=90)
    assert first.is_new
    assert not second.is_new
    assert first.enterprises == second.enterprises == 60
    assert (first.names, first.records, first.listings) == (second.names, second.records, second.listings)
    with database.read() as session:
        row = session.scalars(select(RegisterRevision)).one()
        enterprises = session.scalars(select(Enterprise)).all()
        assert {enterprise.revision for enterprise in enterprises} == {row.revision}
        assert all(enterprise.name_hash == hash_name(enterprise.name) for enterprise in enterprises)
        for other in session.scalars(select(EnterpriseName)):
            assert other.name_hash == hash_name(other.name)


def test_a_register_that_is_not_empty_is_left_alone(sqlite: Database) -> None:
    with sqlite.write() as session:
        session.add(Enterprise(name="甲", name_hash=hash_name("甲"), data_on=TODAY, revision=1))
    counts = load_demo(sqlite, TODAY, firms_count=60)
    assert (counts.enterprises, counts.records, counts.is_new) == (1, 0, False)


def test_the_same_seed_invents_the_same_firms() -> None:
    def told(seed: int) -> list[tuple[str, str | None, int]]:
        found = invent_firms(100, seed, TODAY)
        return [(firm.enterprise.name, firm.enterprise.credit_code, len(firm.records)) for firm in found]

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_codes_are_right_unique_and_marked(firms: list[Firm]) -> None:
    codes = [firm.enterprise.credit_code for firm in firms if firm.enterprise.credit_code]
    assert len(codes) == len(set(codes))
    assert all(is_valid(code) for code in codes)
    assert all("DEM0" in code for code in codes if len(code) == 18)
    lengths = Counter(len(firm.enterprise.credit_code or "") for firm in firms)
    assert lengths[18] > 1_900
    assert lengths[15] > 5
    assert lengths[0] > 5


def test_serials_do_not_repeat() -> None:
    assert len({serial_of(number) for number in range(20_000)}) == 20_000


def test_known_codes() -> None:
    assert make_code("91", "430100", "HR01") == "91430100DEM0HR010U"
    assert is_valid(make_registration("440301", 10_344_866))
    assert make_registration("440301", 10_344_866) == "440301103448669"


def test_all_provinces_all_states_all_kinds(firms: list[Firm]) -> None:
    assert len(CITIES) == 31
    assert {firm.enterprise.province for firm in firms} == set(CITIES)
    assert {firm.enterprise.status for firm in firms} == set(Status) - {Status.REMOVED}
    types = {record.type for firm in firms for record in firm.records}
    assert types == set(RecordType) - {RecordType.EXPOSURE}
    assert {listing.kind for firm in firms for listing in firm.listings} == {"red", "black"}
    kinds = Counter(firm.enterprise.kind for firm in firms)
    assert kinds["个体工商户"] > 200
    assert kinds["农民专业合作社"] > 20
    assert sum(firm.enterprise.name.endswith("分公司") for firm in firms) > 50
    assert Counter(kind for firm in firms for kind, _ in firm.other_names).keys() == {
        "former",
        "short",
        "sign",
    }


def test_windows_run_have_ended_and_were_cut_short(firms: list[Firm]) -> None:
    penalties = [record for firm in firms for record in firm.records if record.type == RecordType.PENALTY]
    shown = [record for record in penalties if standing.is_record_shown(record, TODAY)]
    assert 0.1 < len(shown) / len(penalties) < 0.9
    assert any(record.withdrawn_on for record in penalties)
    assert any(record.severity == "minor" for record in penalties)
    assert all(record.decided_on < TODAY for record in penalties)
    assert all(record.published_until > record.decided_on for record in penalties if record.published_until)


def test_nothing_is_older_than_its_firm(firms: list[Firm]) -> None:
    for firm in firms:
        born = firm.enterprise.registered_on
        assert born is not None
        assert all(record.decided_on >= born for record in firm.records)


def test_everything_says_that_it_is_a_demonstration(firms: list[Firm]) -> None:
    for row in itertools.chain.from_iterable([*firm.records, *firm.listings] for firm in firms):
        assert "演示" in row.authority
        assert "演示" in row.source_unit
        assert row.document_number is None or "演示" in row.document_number


def test_every_list_entry_may_be_shown_in_its_window(firms: list[Firm]) -> None:
    entries: list[Listing] = [listing for firm in firms for listing in firm.listings]
    assert len(entries) > 50
    assert all(standing.is_listing_shown(entry, TODAY) for entry in entries)


def test_no_person_is_named(firms: list[Firm]) -> None:
    for firm in firms:
        assert not any(record.type == RecordType.COURT for record in firm.records) or (
            firm.enterprise.kind != "个体工商户"
        )
        assert all(
            not re.search(r"法定代表人|身份证|经营者", f"{record.content}{record.details}") for record in firm.records
        )


def test_look_alikes_stand_beside_each_other(firms: list[Firm]) -> None:
    names = Counter(firm.enterprise.name for firm in firms)
    assert any(count > 1 for count in names.values())
    assert confuse("稻帆屿") == "稻凡屿"
    assert confuse("稻云屿") == "稻云屿"


def test_places_have_six_digits() -> None:
    assert all(re.fullmatch(r"[1-6]\d{5}", place.code) for place in PLACES)
    assert len({(place.province, place.city) for place in PLACES}) == len(PLACES)
    assert {place.full_city for place in PLACES} >= {"长沙市", "北京市海淀区", "重庆市万州区"}


def test_heroes_show_what_they_promise(sqlite: Database) -> None:
    load_demo(sqlite, TODAY, firms_count=60)
    with sqlite.read() as session:
        found = {
            name: compose_report(session, id_, TODAY)
            for id_, name in session.execute(select(Enterprise.id, Enterprise.name))
        }
        assert session.get(Dataset, "exposure") is None
        assert session.scalar(select(Record.id).where(Record.type == RecordType.EXPOSURE)) is None
    clear, listed, repaired = found[heroes.CLEAR], found[heroes.LISTED], found[heroes.REPAIRED]
    assert clear
    assert listed
    assert repaired
    assert not any(clear.items_of(key) for key in ("black", "penalty", "abnormal", "court"))
    assert len(clear.items_of("licence")) == 3
    assert len(listed.items_of("black")) == len(listed.items_of("penalty")) == 1
    assert {block.key for block in repaired.blocks if block.state is BlockState.FOUND} == set()
    honoured, adverse = found[heroes.HONOURED], found[heroes.ADVERSE]
    assert honoured
    assert adverse
    assert len(honoured.items_of("red")) == len(honoured.items_of("honour")) == 1
    assert all(adverse.items_of(key) for key in ("penalty", "abnormal", "court"))


@pytest.mark.parametrize("today", [date(2028, 2, 29), date(2027, 1, 1), date(2026, 3, 31)])
def test_any_day_will_do(today: date) -> None:
    assert heroes.make_heroes(today)
    assert len(invent_firms(50, 3, today)) == 50
