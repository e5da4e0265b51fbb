"""`chengxin fit` as its user starts it: refusals in plain Chinese, going back, and that a running index follows."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models.choice import LoggedChoice
from models.database import Database
from models.migration import upgrade_database
from models.vault import Vault
from services.enterprises.index import NameIndex
from services.enterprises.search import find
from services.enterprises.weights import OWN_NAME, SHIPPED, WeightsInUse, load_shipped, write_tables
from tests.cli.test_cli import SECRETS, run
from tests.factories import make_enterprise

BRANDS = "鑫达 星辰 众联 海纳 金龙 万福 长虹 三一 宏图 博雅 同创 永安 康泰 瑞丰 华盛 德信 云鹊 青禾 砺石 听松".split()
NAMES = [
    f"{region}{brand}{trade}有限公司"
    for region in ("长沙", "湘潭", "株洲")
    for brand in BRANDS
    for trade in ("商贸", "食品", "建材", "物流")
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with a register and a log of choices that teaches: brands alone, first of its equals."""
    database = Database(f"sqlite:///{tmp_path / 'chengxin.db'}", Vault(SECRETS["SECRET_KEY"]))
    upgrade_database(database)
    with database.write() as session:
        for name in NAMES:
            firm = make_enterprise(session, name)
            session.add(choose(name[:2] + name[3:], firm.id))
    database.close()
    return tmp_path


def choose(query: str, enterprise_id: int) -> LoggedChoice:
    return LoggedChoice(
        query=query,
        enterprise_id=enterprise_id,
        position=1,
        offered_count=5,
        was_found=True,
        chosen_on=date(2026, 11, 20),
    )


def test_too_few_choices_are_refused(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'chengxin.db'}", Vault(SECRETS["SECRET_KEY"]))
    with database.write() as session:
        for choice in session.query(LoggedChoice).limit(100):
            session.delete(choice)
    database.close()
    done = run("fit", data_dir=folder, **SECRETS)
    assert done.returncode == 1
    assert "选择记录只有 140 条，不足 200 条" in done.stderr
    assert not (folder / OWN_NAME).exists()


def test_one_thing_at_a_time(tmp_path: Path) -> None:
    done = run("fit", "--dry", "--reset", data_dir=tmp_path, **SECRETS)
    assert (done.returncode, "只能用一个" in done.stderr) == (1, True)


def test_reset_goes_back(tmp_path: Path) -> None:
    assert "没有本单位的权重" in run("fit", "--reset", data_dir=tmp_path, **SECRETS).stdout
    tables: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    tables["none_below"]["long"] = 0.99
    write_tables(tmp_path / OWN_NAME, tables)
    assert WeightsInUse(tmp_path).current()["long"].none_below == 0.99
    assert "已恢复" in run("fit", "--reset", data_dir=tmp_path, **SECRETS).stdout
    assert WeightsInUse(tmp_path).current() is load_shipped()


@pytest.mark.slow
def test_a_fit_says_what_it_came_to_and_is_followed(folder: Path) -> None:
    tables: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    tables["none_below"]["long"] = 1.0  # weights that deny everything: any fit is better
    write_tables(folder / OWN_NAME, tables)
    database = Database(f"sqlite:///{folder / 'chengxin.db'}", Vault(SECRETS["SECRET_KEY"]))
    index = NameIndex(folder / "index")
    with database.read() as session:
        index.make_ready(session)
        assert find(session, "长沙新达商贸有限公司", index).verdict == "none"
    dry = run("fit", "--dry", data_dir=folder, **SECRETS)
    assert (dry.returncode, dry.stderr) == (0, "")
    assert "市民选过的" in dry.stdout
    assert json.loads((folder / OWN_NAME).read_text(encoding="utf-8"))["none_below"]["long"] == 1.0
    done = run("fit", data_dir=folder, **SECRETS)
    assert (done.returncode, "已启用" in done.stdout) == (0, True)
    own = json.loads((folder / OWN_NAME).read_text(encoding="utf-8"))
    assert own["fitted"]["by"] == "chengxin fit"
    assert {"about", "meanings"} < set(own)
    with database.read() as session:
        assert WeightsInUse(folder).current()["long"].none_below < 1.0
        assert find(session, "长沙新达商贸有限公司", NameIndex(folder / "index")).verdict != "none"
    database.close()
