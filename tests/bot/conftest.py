"""A webhook on a test database, with handlers that the test chooses."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.reception import Reception
from bot.replies import Text
from bot.router import Router, Turn
from config.settings import Settings
from models.database import Database
from tests.citizen import Citizen, make_desk, make_settings, open_door, real_now

MakeReception = Callable[..., Reception]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(data_dir=tmp_path / "data")


@pytest.fixture
def make_reception(settings: Settings) -> Iterator[MakeReception]:
    """Receptions that are closed after the test."""
    opened: list[Reception] = []

    def make(database: Database, routers: list[Router], **options: Any) -> Reception:
        chosen = options.pop("settings", settings)
        clock = options.pop("clock", real_now)
        reception = Reception(chosen, database, make_desk(chosen), routers, clock, **options)
        opened.append(reception)
        return reception

    yield make
    for reception in opened:
        reception.close()


@pytest.fixture
def citizen(sqlite: Database, settings: Settings, make_reception: MakeReception) -> Citizen:
    """Talks to a handler that repeats every text."""
    return Citizen(open_door(make_reception(sqlite, [echo_router()])), settings)


def echo_router() -> Router:
    """Repeats what is said."""
    router = Router("echo")

    @router.on_text()
    def repeat(turn: Turn) -> Text:
        return Text(f"您说：{turn.text}")

    return router
