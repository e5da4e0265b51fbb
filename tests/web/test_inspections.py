"""A draw in the console: logged with its seed, drawn again the same, refused in words."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from models.audit import Act, AuditEntry
from models.database import Database
from models.enterprise import Enterprise, Status
from models.inspection import InspectionDraw
from models.role import Role
from tests.console import Clerk, Clock, hire, make_console
from tests.factories import make_enterprise, make_listing


@pytest.fixture
def clerk(database: Database, tmp_path: Path, now: datetime) -> Clerk:
    with database.write() as session:
        for number in range(30):
            firm = make_enterprise(session, f"长沙抽查{number}号商贸有限公司")
        make_listing(session, firm)
        make_enterprise(session, "湘潭不在范围商贸有限公司", city="湘潭", address="湘潭市1号")
        make_enterprise(session, "长沙已经注销商贸有限公司", status=Status.DEREGISTERED)
    hire(database, now, "dangan", Role.ARCHIVE)
    opened = Clerk(make_console(database, tmp_path, Clock(now)))
    opened.signs_in("dangan")
    opened.opens("/console/inspections")
    return opened


def test_a_draw_is_logged_and_drawn_again(clerk: Clerk, database: Database) -> None:
    answer = clerk.sends("/console/inspections", plan="第四季度检查", many="30", region="长沙", tag="")
    assert answer.status_code == 303
    with database.read() as session:
        made = session.scalars(select(InspectionDraw)).one()
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == Act.FIRMS_DRAWN)).one()
        classes = {one["class"] for one in made.picked}
    assert (made.pool_count, len(made.picked), classes) == (30, 30, {"D", "未评定"})
    assert (entry.details["种子"], entry.reason) == (made.seed, "第四季度检查")
    path = f"/console/inspections/{made.id}"
    clerk.opens(path)
    clerk.sends(path)
    assert "结果完全一致" in clerk.opens(path).text
    with database.write() as session:
        session.get_one(Enterprise, made.picked[0]["id"]).status = Status.REMOVED
    clerk.sends(path)
    assert "不能原样重抽" in clerk.opens(path).text
    assert clerk.opens(f"{path}.xlsx").data.startswith(b"PK")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"plan": "检查", "many": "0"}, "抽取数量"),
        ({"plan": "检查", "many": "abc"}, "抽取数量"),
        ({"plan": " ", "many": "5"}, "名称"),
        ({"plan": "检查", "many": "5", "region": "没有的地方"}, "没有符合范围"),
    ],
)
def test_what_cannot_be_drawn_is_said(clerk: Clerk, fields: dict[str, str], words: str) -> None:
    assert words in clerk.sends("/console/inspections", **fields).text
