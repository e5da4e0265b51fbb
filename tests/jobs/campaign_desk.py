"""A jobs process that kills itself at a moment of a campaign send; run by test_campaign_kill.py."""

import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.gateway import Gateway
from bot.publicity import Job, Publicity
from config.sending import load_sending_rules
from config.settings import load_settings
from jobs.campaigns import CampaignClock
from jobs.fan_out import FanOut
from models.database import Database
from models.vault import Vault

KEY = "a test key of more than thirty-two characters"  # of tests/conftest.py, whose imports take a second
PUBLIC = "https://bureau.example.gov.cn"


def die() -> None:
    """As a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


class DyingPublicity(Publicity):
    """Dies before or after a call, or when so many notices are out."""

    when = ""
    left = 0

    def add_draft(self, articles: Any) -> str:
        draft_id = super().add_draft(articles)
        if self.when == "after the draft":
            die()
        return draft_id

    def send_mass(self, draft_id: str, tag_id: int | None, client_msg_id: str) -> Job:
        if self.when == "before the call":
            die()
        job = super().send_mass(draft_id, tag_id, client_msg_id)
        if self.when == "after the call":
            die()
        return job

    def send_notice(self, openid: str, template_id: str, page: str, fields: dict[str, str]) -> str:
        number = super().send_notice(openid, template_id, page, fields)
        DyingPublicity.left -= 1
        if self.left <= 0:
            die()
        return number


def main() -> None:
    """URL of the database, folder, WeChat's address, the clock, the moment."""
    url, folder, wechat, now, when = sys.argv[1:]
    database, moment = Database(url, Vault(KEY)), datetime.fromisoformat(now)
    settings = load_settings(_env_file=None, data_dir=Path(folder), wechat_api_url=wechat)  # secrets: environment
    rules = load_sending_rules()
    gateway = Gateway(settings, database, lambda: moment, lambda _: None)
    publicity = DyingPublicity(gateway)
    if when.isdigit():
        DyingPublicity.left = int(when)
        sender = FanOut(database, gateway, rules, lambda: moment, PUBLIC, pause=lambda _: die())
        sender.publicity = publicity
        sender.step()
    else:
        DyingPublicity.when = when
        clock = CampaignClock(database, gateway, rules, lambda: moment, PUBLIC)
        clock.publicity = publicity
        clock.step()


if __name__ == "__main__":
    main()
