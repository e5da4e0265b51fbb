"""The rules of classes: written by one, approved by another, told in words, counted before they hold."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from config.inspections import load_inspection_rules
from models.audit import Act, AuditEntry
from models.database import Database
from models.inspection import ClassRules, InspectionDraw, RulesState
from models.record import RecordType, Severity
from models.role import Role
from services.inspections.rules import rules_in_force
from tests.console import Clerk, Clock, hire, make_console
from tests.factories import make_enterprise, make_record
from tests.pages import make_pages

SHIPPED = load_inspection_rules()
EDIT, RULES = "/console/inspections/rules/edit", "/console/inspections/rules"
FORM = {
    "class-0-name": "重点",
    "class-0-about": "有一般处罚",
    "class-0-weight": "4",
    "when-0-0-block": "penalty",
    "when-0-0-severity": "general",
    "when-0-0-at_least": "",
    "when-0-0-months": "24",
    "unrated": "未评定",
    "unrated_weight": "1",
    "reason": "按省里的新办法",
}


class Room:
    """A keeper, a reviewer, and somebody who is both."""

    def __init__(self, database: Database, folder: Path, now: datetime) -> None:
        self.database, self.folder, self.now = database, folder, now
        hire(database, now, "keeper", Role.ARCHIVE, name="吴婷")
        hire(database, now, "checker", Role.REVIEWER, name="周丽")
        hire(database, now, "both", Role.ARCHIVE, Role.REVIEWER, name="郑洁")
        self.app = make_console(database, folder, Clock(now))
        with database.write() as session:
            self.firm_id = (firm := make_enterprise(session, "长沙青禾商贸有限公司")).id
            make_record(session, firm, RecordType.PENALTY, severity=Severity.GENERAL)

    def enter(self, login: str) -> Clerk:
        clerk = Clerk(self.app)
        clerk.signs_in(login)
        clerk.opens(RULES)
        return clerk

    def draft(self, login: str = "keeper", **fields: str) -> Clerk:
        clerk = self.enter(login)
        clerk.opens(EDIT)
        clerk.sends(EDIT, **(FORM | fields))
        return clerk

    def version(self) -> int:
        with self.database.read() as session:
            return rules_in_force(session, SHIPPED).version


@pytest.fixture
def room(database: Database, tmp_path: Path, now: datetime) -> Room:
    return Room(database, tmp_path, now)


def test_two_people_change_the_rules_and_the_old_version_stays(room: Room) -> None:
    keeper = room.draft()
    shown = keeper.opens(RULES).text
    assert "24 个月内有一般行政处罚" in shown
    assert re.search(r"B → 重点：1 家", shown), shown
    assert "有公示中的严重失信主体名单" in shown, "the rules in force, in words"
    assert 'value="approve"' not in shown
    assert room.version() == SHIPPED.version, "a draft changes nothing"
    checker = room.enter("checker")
    checker.sends(RULES, version="2", do="approve")
    assert room.version() == 2
    assert "现行规则（第 2 版）" in checker.opens(RULES).text
    assert re.search(r"吴婷\S* 起草，周丽", checker.page.text)
    keeper.opens("/console/inspections")
    assert "重点" in keeper.page.text
    with room.database.read() as session:
        steps = session.scalars(select(AuditEntry).where(AuditEntry.act == Act.CLASS_RULES_CHANGED)).all()
        assert [entry.details["现在"] for entry in steps] == ["等另一人批准", "已批准"]


def test_nobody_approves_what_they_wrote(room: Room) -> None:
    both = room.draft("both")
    both.opens(RULES)
    both.sends(RULES, version="2", do="approve")
    assert "起草的人不能自己批准" in both.opens(RULES).text
    assert room.version() == SHIPPED.version
    keeper = room.enter("keeper")
    keeper.sends(RULES, version="2", do="approve")
    assert "要由审核人、负责人办理" in keeper.opens(RULES).text
    assert room.version() == SHIPPED.version


def test_a_dropped_draft_never_holds_and_its_number_is_not_used_again(room: Room) -> None:
    keeper = room.draft()
    keeper.opens(RULES)
    keeper.sends(RULES, version="2", do="drop")
    checker = room.enter("checker")
    checker.sends(RULES, version="2", do="approve")
    assert "已经办过了" in checker.opens(RULES).text
    room.draft()
    with room.database.read() as session:
        states = {row.version: row.state for row in session.scalars(select(ClassRules))}
    assert states == {2: RulesState.DROPPED, 3: RulesState.DRAFT}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": " "}, "为什么修改"),
        ({"class-0-weight": "0"}, "第 1 类抽中机会"),
        ({"class-0-weight": "很大"}, "第 1 类抽中机会"),
        ({"class-0-about": ""}, "第 1 类说明"),
        ({"when-0-0-block": ""}, "第 1 类条件"),
        ({"when-0-0-months": "-1"}, "月数"),
        ({"when-0-0-block": "complaint_summary"}, "投诉不能作为条件"),
        ({"class-0-name": ""}, "至少要有一个类别"),
        ({"class-0-name": "未评定"}, "不能重复"),
        ({"unrated_weight": ""}, "未评定"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(room: Room, fields: dict[str, str], words: str) -> None:
    keeper = room.enter("keeper")
    keeper.opens(EDIT)
    refused = keeper.sends(EDIT, **(FORM | fields))
    assert refused.status_code == 422
    assert words in refused.text
    assert "按省里的新办法" in refused.text or "reason" in fields
    with room.database.read() as session:
        assert session.scalars(select(ClassRules)).all() == []


def test_the_public_sees_a_class_only_after_two_people_said_so(room: Room) -> None:
    pages = make_pages(room.database, room.folder, lambda: room.now, "https://bureau.example.gov.cn").test_client()
    path = f"/h5/enterprises/{room.firm_id}"
    assert "监管类别" not in pages.get(path).text
    room.draft(is_public="yes")
    assert "监管类别" not in pages.get(path).text
    room.enter("checker").sends(RULES, version="2", do="approve")
    shown = pages.get(path).text
    assert "监管类别 重点：有一般处罚" in shown
    assert "规则第 2 版" in shown


def test_an_old_draw_is_drawn_again_by_the_rules_of_then(room: Room) -> None:
    keeper = room.enter("keeper")
    keeper.opens("/console/inspections")
    keeper.sends("/console/inspections", plan="检查", many="1")
    room.draft()
    room.enter("checker").sends(RULES, version="2", do="approve")
    with room.database.read() as session:
        path = f"/console/inspections/{session.scalars(select(InspectionDraw.id)).one()}"
    keeper.opens(path)
    keeper.sends(path)
    assert "结果完全一致" in keeper.opens(path).text


def test_strangers_see_no_rules(room: Room) -> None:
    hire(room.database, room.now, "stranger", Role.CAMPAIGN)
    clerk = Clerk(room.app)
    clerk.signs_in("stranger")
    assert clerk.opens(RULES).status_code == 403
    assert room.enter("checker").opens(EDIT).status_code == 403
