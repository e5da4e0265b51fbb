"""Every route × every role × own and others' objects, measured at the doors and compared with the reviewed table."""

import logging
import re
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from config.archive import load_archive_rules
from config.cases import load_case_rules
from models.activity import Activity, PublicityEntry
from models.article import Article, ArticlePicture
from models.association import Association, AssociationHonour, AssociationWork, Commitment
from models.base import Base
from models.campaign_words import AssociationKind, Level
from models.case import Case
from models.counting import EvaluationEntry, EvaluationRound
from models.database import Database
from models.migration import upgrade_database
from models.role import Role
from services.associations.home import AssociationWords, save_association
from services.calendar.years import seed_calendar
from services.campaigns.library import library_of
from services.demo.archive import load_demo_archive
from services.demo.campaigns import load_demo_campaigns
from services.demo.cases import load_demo_cases
from services.demo.load import load_demo
from services.demo.staff import add_demo_staff
from services.demo.taking_part import load_demo_taking_part
from services.quiz.bank import seed_bank
from services.staff.duties import OUTSIDERS, permissions_of
from tests.citizen import make_settings
from tests.conftest import VAULT
from tests.console import TESTER, Clerk, Clock, hire, make_console
from tests.web.authorisation import STAGES, WHO, name_routes, read_table
from web.console.gate import Access
from wsgi import create_app, read_clock

UNIT = "一无所有协会"  # an association that has nothing
Objects = dict[str, list[str]]
PLACES = re.compile(r"<(\w+)>")
# What an address of an object bears, and the tables it may be found in.
OBJECTS: dict[str, tuple[type[Base], ...]] = {
    "activity_id": (Activity,),
    "article_id": (Article,),
    "picture_id": (ArticlePicture,),
    "association_id": (Association,),
    "row_id": (Commitment, AssociationHonour, AssociationWork),
    "round_id": (EvaluationRound,),
    "entry_id": (EvaluationEntry, PublicityEntry),
}


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock(read_clock())


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[tuple[Flask, Objects]]:
    """The console over the demonstration's cases, archive, associations and activities; one account for each role."""
    folder = tmp_path_factory.mktemp("authorisation")
    database, now = Database(f"sqlite:///{folder / 'all.db'}", VAULT), clock.now
    upgrade_database(database)
    load_demo(database, date(2026, 11, 20), 400)
    with database.write() as session:
        seed_calendar(session, now)
        seed_bank(session, now)
        add_demo_staff(session, "k8Jw2vQx7LmZr4TnB6yHcF1sD9gAeU3p", now)
        load_demo_cases(session, load_case_rules(), now)
        load_demo_archive(session, load_archive_rules(), now)
        load_demo_campaigns(session, library_of(folder), now)
        load_demo_taking_part(session, now)
    objects = objects_of(database)
    with database.write() as session:
        save_association(session, None, AssociationWords(UNIT, Level.CITY, AssociationKind.TRADE), TESTER, now)
    for role in Role:
        hire(database, now, f"one-{role.value}", role, unit=UNIT if role in OUTSIDERS else "")
    yield make_console(database, folder, clock), objects
    database.close()


def clerk_of(app: Flask, role: Role) -> Clerk:
    """Signed in, with a page that bears the seal."""
    clerk = Clerk(app, address=f"10.1.0.{list(Role).index(role)}")
    assert clerk.signs_in(f"one-{role.value}").status_code == 303
    assert clerk.opens("/console/account").status_code == 200
    return clerk


def routes_of(who: frozenset[str] | None = None) -> list[tuple[str, str, frozenset[str]]]:
    """Method, rule and whom the table admits, of the console's routes for accounts."""
    rows = [(*route.split(), admitted) for route, admitted in read_table().items()]
    return [
        (method, rule, admitted)
        for method, rule, admitted in rows
        if rule.startswith("/console") and (who is None or admitted & who)
    ]


def fill(rule: str, values: dict[str, str]) -> str:
    """A path that fits the rule."""
    usual = {
        "subject": "record",
        "what": "honours",
        "name": "figures",
        "kind": "register",
        "action": "submit",
        "part": "view",
    }
    return PLACES.sub(lambda place: values.get(place[1]) or usual.get(place[1], "1"), rule)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The whole web process, with nothing in its database."""
    settings, root = make_settings(data_dir=tmp_path_factory.mktemp("house")), logging.getLogger()
    before = root.handlers[:], root.level
    database = Database(settings.database, VAULT)
    upgrade_database(database)
    database.close()
    yield create_app(settings)
    root.handlers[:], root.level = before


def test_every_route_of_the_house_has_its_row(house: Flask) -> None:
    routes, table = name_routes(house), read_table()
    assert table.keys() == routes.keys()
    for route, endpoint in routes.items():
        if endpoint.startswith("console."):
            assert table[route] <= set(Role) or table[route] <= set(STAGES.values()), route
        else:
            assert table[route] <= WHO.keys(), route


def test_no_route_repeats_the_host_it_was_asked_by(house: Flask) -> None:
    """Links and redirects never lead where a forged Host says: a reset or sign-in link would go to a stranger."""
    browser, asked = house.test_client(), 0
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    for route in name_routes(house):
        method, rule = route.split()
        answer = browser.open(fill(rule, {}), method=method, headers=forged)
        assert "evil.example" not in answer.get_data(as_text=True), route
        assert "evil.example" not in str(answer.headers), route
        asked += 1
    assert asked > 250


def test_the_gate_admits_whom_the_table_says(office: tuple[Flask, Objects]) -> None:
    app = office[0]
    for route, endpoint in name_routes(app).items():
        if endpoint.startswith("console."):
            access: Access = app.view_functions[endpoint].__dict__["access"]
            asked = set(access.permissions)
            roles = {role for role in Role if permissions_of(frozenset({role})) & asked}
            wanted = roles or {STAGES[access.stage]}
            assert read_table()[route] == wanted, route


@pytest.mark.parametrize("role", list(Role))
def test_a_role_passes_nowhere_but_where_the_table_says(office: tuple[Flask, Objects], role: Role) -> None:
    clerk, stopped = clerk_of(office[0], role), 0
    seal = clerk.seal
    for method, rule, admitted in routes_of():
        if not admitted & set(STAGES.values()) and role not in admitted:
            answer = clerk.opens(fill(rule, {})) if method == "GET" else clerk.posts(fill(rule, {}), seal=seal)
            assert answer.status_code == 403, f"{method} {rule}: {answer.status_code}"
            assert "您的岗位不能使用" in answer.text
            stopped += 1
    assert stopped > 50


def objects_of(database: Database) -> Objects:
    """The newest few ids of each kind, and of cases the numbers."""
    found: Objects = {}
    with database.read() as session:
        for name, tables in OBJECTS.items():
            for table in tables:
                ids = session.scalars(select(table.__table__.c.id).order_by(table.__table__.c.id.desc()).limit(3))
                found.setdefault(name, []).extend(map(str, ids))
        found["number"] = list(session.scalars(select(Case.number).order_by(Case.id.desc()).limit(4)))
    return found


FIELDS = {"action": "submit", "reason": "不归我管", "comment": "", "seen": "1", "version": "1"}  # as their forms have
# Shown to every association on purpose; what else a stranger of an association asks for does not exist for them.
COMMON = {
    "/console/evaluations/<round_id>": "a round and its rules; of entries only one's own",
}


@pytest.mark.parametrize("role", sorted(OUTSIDERS))
def test_an_association_reaches_no_object_of_others(office: tuple[Flask, Objects], role: Role) -> None:
    app, objects = office
    clerk, tried, let_in = clerk_of(app, role), 0, []
    seal = clerk.seal
    assert all(objects.values()), objects
    for method, rule, _admitted in routes_of(frozenset({role})):
        named = [name for name in PLACES.findall(rule) if name in objects]
        if not named or rule in COMMON:
            continue
        for number in range(max(len(objects[name]) for name in named)):
            path = fill(rule, {name: objects[name][number % len(objects[name])] for name in named})
            answer = clerk.opens(path) if method == "GET" else clerk.posts(path, seal=seal, **FIELDS)
            if answer.status_code == 303:  # an empty form, sent back to the object's own page
                answer = clerk.opens(answer.location)
            if answer.status_code not in {403, 404}:
                let_in.append(f"{method} {path}: {answer.status_code}")
            tried += 1
    assert not let_in
    assert tried > 3
