"""A jobs process that looks at photos, killed when told: `python -m tests.jobs.photo_desk URL FOLDER API WHEN`."""

import os
import sys
from pathlib import Path

from bot.gateway import Gateway
from bot.messages import Kind
from bot.reception import Reception
from bot.replies import Later, Text
from bot.router import Router, Turn
from bot.spool import Spool
from jobs.photos import PhotoLooker
from jobs.spool import replay_spool
from models.database import Database
from services.photos.reading import Reading
from tests.citizen import make_desk, make_settings, real_now
from tests.conftest import VAULT


def make_router() -> Router:
    """Repeats what a photo says."""
    router = Router("photo")

    @router.on_kind(Kind.IMAGE)
    def repeat(turn: Turn) -> Text | Later:
        reading = turn.message.reading
        return Text(f"照片说：{reading.names[0]}") if reading else Later()

    return router


class KillingSpool(Spool):
    """Ends the process instead of clearing a delivery away."""

    def remove(self, key: bytes, openid: str = "") -> None:
        os.kill(os.getpid(), 9)


def main(url: str, folder: str, api: str, when: str) -> None:
    """Look at all photos that wait."""
    settings = make_settings(data_dir=Path(folder), wechat_api_url=api)
    database = Database(url, VAULT)
    reception = Reception(settings, database, make_desk(settings), [make_router()], real_now)
    if when == "clearing":
        reception.put_off = KillingSpool(reception.put_off.folder, VAULT)

    def read(_content: bytes) -> Reading:
        if when == "reading":
            os.kill(os.getpid(), 9)
        return Reading(names=("稻花屿食品",))

    looker = PhotoLooker(Gateway(settings, database, real_now), read, real_now)
    replay_spool(reception.put_off, lambda kept: reception.finish(kept, looker.look), -1.0)


if __name__ == "__main__":
    main(*sys.argv[1:])
