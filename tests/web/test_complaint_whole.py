"""Complaints in the whole web process, beside the console: they do not disturb one another, nothing lies open."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from models.database import Database
from models.migration import upgrade_database
from models.vault import Vault
from tests.citizen import make_settings
from tests.citizen_pages import Citizen, photo
from tests.disk import read_folder
from wsgi import create_app

CANARIES = {
    "name": "金丝雀",
    "phone": "13890712345",
    "facts": "金丝雀九零七在示范路上办了卡退不了钱",
    "place": "金丝雀路7号",
}


@pytest.fixture
def app(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Flask]:
    """Its log goes to `capsys`, which therefore comes first."""
    settings = make_settings(data_dir=tmp_path)
    upgrade_database(Database(settings.database, Vault(settings.secret_key)))
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield create_app(settings)
    root.handlers[:], root.level = before


def test_a_citizen_files_beside_the_console_and_nothing_lies_open(
    app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    citizen = Citizen(None, app.test_client())
    citizen.begin()
    citizen.fill(do="files", files=[photo("金丝雀的小票.jpg")], **CANARIES)
    number = citizen.file(**CANARIES)
    code = citizen.receipt()[1]
    for path in ("/h5/progress", "/h5/my-data", f"/h5/cases/{number}", f"/h5/cases/{number}/withdraw"):
        assert citizen.get(path).status_code == 200, path
    assert citizen.get("/console/login").status_code == 200
    assert citizen.get(f"/h5/cases/{number}").status_code == 200
    stored = read_folder(tmp_path)
    logged = "".join(capsys.readouterr())
    for canary in (*CANARIES.values(), code, "金丝雀的小票"):
        assert canary.encode() not in stored, canary
        assert canary not in logged, canary
