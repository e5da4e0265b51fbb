"""The service started over a great register without a name index: it answers what is certain, and says what it does."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from sqlalchemy import insert

from config.settings import Settings
from models.database import Database
from models.enterprise import Enterprise, Status
from models.migration import upgrade_database
from services.enterprises.editions import MOST_ON_TOP
from services.enterprises.names import hash_name
from services.enterprises.shelf import Shelf
from tests.citizen import make_settings
from tests.conftest import VAULT
from tests.factories import DATA_ON, next_revision
from tests.faults.test_process import free_ports, wait_until

ROOT = Path(__file__).parents[2]
OURS = {name.upper() for name in Settings.model_fields}
COUNT = MOST_ON_TOP + 1  # so many cannot be kept without a base
NAME, ASKED = "长沙云朵岸777号洗衣服务有限公司", "长沙云朵岸777号洗衣服物有限公司"
RENEWING = "企业名单正在更新"
pytestmark = pytest.mark.slow


def fill(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'chengxin.db'}", VAULT)
    upgrade_database(database)
    with database.write() as session:
        common = {"status": Status.IN_FORCE, "data_on": DATA_ON, "revision": next_revision(session)}
        names = [f"长沙云朵岸{number}号洗衣服务有限公司" for number in range(COUNT)]
        session.execute(insert(Enterprise), [{"name": name, "name_hash": hash_name(name), **common} for name in names])
    database.close()


def test_the_first_start_over_a_great_register_answers_and_denies_nothing(tmp_path: Path) -> None:
    fill(tmp_path)
    (port,) = free_ports(1)
    settings = make_settings(data_dir=tmp_path, port=port)
    kept = ("secret_key", "wechat_app_id", "wechat_app_secret", "wechat_token", "wechat_aes_key", "data_dir", "port")
    keys = {name.upper(): str(getattr(settings, name)) for name in kept}
    clean = {name: value for name, value in os.environ.items() if name not in OURS}
    output, shelf = tmp_path / "output.txt", Shelf(tmp_path / "index")
    page = f"http://127.0.0.1:{port}"

    def ask(text: str) -> str:
        return requests.get(f"{page}/h5/search", params={"q": text}, timeout=20).text

    def answers() -> bool:
        try:
            return requests.get(f"{page}/readyz", timeout=2).ok
        except requests.RequestException:
            return False

    with shelf.hold(), output.open("wb") as file:  # held, so that no base is made before we have asked
        command = [sys.executable, "-m", "cli", "serve"]
        serving = subprocess.Popen(command, cwd=ROOT, env={**clean, **keys}, stdout=file, stderr=file)
        wait_until(answers, 60)
        assert "正在后台建立名称索引" in output.read_text(encoding="utf-8")
        assert NAME in ask(NAME)
        assert RENEWING not in ask(NAME)
        said = ask(ASKED)
        assert RENEWING in said
        assert "没有找到" not in said
    try:
        deadline = time.monotonic() + 120
        while RENEWING in (said := ask(ASKED)) and time.monotonic() < deadline:
            time.sleep(0.3)
        assert NAME in said
        assert shelf.open_newest() is not None
        assert "name index made" in output.read_text(encoding="utf-8")
    finally:
        serving.terminate()
        serving.wait(20)
