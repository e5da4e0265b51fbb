"""What monitoring reads, and the id that ties log lines together."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from config.logging import set_up_logging
from models.archive_words import Subject
from models.database import Database
from tests.archive_desk import ArchiveDesk
from tests.citizen import Citizen, make_settings
from wsgi import create_app

TOKEN = "a-token-of-the-monitoring"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def app(sqlite: Database, tmp_path: Path, own_logging: None) -> Flask:
    url = sqlite.engine.url.render_as_string()
    return create_app(make_settings(data_dir=tmp_path, database_url=url, metrics_token=TOKEN))


def read_values(client: FlaskClient) -> dict[str, float]:
    """Name and labels → value."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        " ".join((sample.name, *sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", TOKEN[:-1]])
def test_counts_are_for_who_knows_the_token(app: Flask, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    assert app.test_client().get("/metrics", headers=headers).status_code == 404


@pytest.mark.usefixtures("own_logging")
def test_without_a_token_there_is_no_page(sqlite: Database, tmp_path: Path) -> None:
    settings = make_settings(data_dir=tmp_path, database_url=sqlite.engine.url.render_as_string())
    client = create_app(settings).test_client()
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_a_question_is_counted_without_what_was_asked(app: Flask, tmp_path: Path) -> None:
    client = app.test_client()
    before = read_values(client)
    Citizen(client, make_settings(data_dir=tmp_path)).says("长沙没有这家商贸有限公司")
    client.get("/h5/enterprises/424242")
    after = read_values(client)

    def grown(name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert grown("chengxin_messages_total answered") == 1
    assert grown("chengxin_name_questions_total none") == 1
    assert grown("chengxin_request_seconds_count /wechat") == 1
    assert grown("chengxin_requests_total GET /h5/enterprises/<int(max=2147483647):enterprise_id> 404") == 1
    assert after["chengxin_database_up"] == 1
    assert after["chengxin_notices waiting"] == 0
    assert not [name for name in after if "没有这家" in name or "424242" in name]


def test_late_objections_are_counted(app: Flask, sqlite: Database) -> None:
    desk = ArchiveDesk(sqlite)
    desk.now = datetime.now(UTC)
    assert read_values(app.test_client())["chengxin_objections_late"] == 0
    desk.now -= timedelta(days=60)
    penalty = desk.penalty(decided_on=desk.today, published_from=desk.today)
    desk.object((Subject.RECORD, penalty))
    assert read_values(app.test_client())["chengxin_objections_late"] == 1


def test_a_request_bears_one_id_through_its_lines(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging()
    given = app.test_client().get("/nowhere", headers={"X-Request-Id": "proxy-4711-abcd"})
    made = app.test_client().get("/nowhere", headers={"X-Request-Id": 'x" or: forged'})
    assert given.headers["X-Request-Id"] == "proxy-4711-abcd"
    assert made.headers["X-Request-Id"].isalnum()
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["request"] for line in lines] == ["proxy-4711-abcd", made.headers["X-Request-Id"]]


def test_several_processes_count_in_one_folder(tmp_path: Path) -> None:
    """What ended processes left is taken away before the next begin; what living ones count stays."""
    count = (
        "import sys; from pathlib import Path; from config.metrics import MESSAGES, gather_registry, open_folder;"
        "open_folder(Path(sys.argv[1])); MESSAGES.labels('answered').inc(int(sys.argv[2]));"
        "print(gather_registry().get_sample_value('chengxin_messages_total', {'outcome': 'answered'}))"
    )
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}

    def run(number: int) -> float:
        program = [sys.executable, "-c", count, str(tmp_path), str(number)]
        done = subprocess.run(program, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
        return float(done.stdout)

    assert (run(2), run(3)) == (2.0, 3.0)
    (living,) = tmp_path.glob("counter_*.db")
    living.rename(tmp_path / f"counter_{os.getpid()}.db")
    assert run(4) == 7.0


def test_the_dashboard_and_the_manual_name_what_there_is(app: Flask) -> None:
    answer = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    families = {family.name for family in text_string_to_metric_families(answer.text)}
    known = {name for name in families if not name.endswith("_created")}
    for path in ("deploy/grafana.json", "deploy/alerts.yml", "docs/operations.md"):
        text = (ROOT / path).read_text(encoding="utf-8")
        named = {re.sub(r"_(?:total|bucket)$", "", name) for name in re.findall(r"chengxin_[a-z_]+", text)}
        assert named <= known, path
    assert named == known, "the manual explains all"
