"""A demonstration register behind an encrypted webhook, and a clock that a dialogue can turn."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bot.gateway import Gateway
from bot.reception import Reception
from config.settings import Settings
from handlers import ROUTERS
from models.database import Database
from models.enterprise import NameKind, Status
from models.migration import upgrade_database
from models.vault import Vault
from services.calendar.years import seed_calendar
from services.demo.load import load_demo
from services.desk import Desk
from services.quiz.bank import seed_bank
from tests.citizen import make_desk, make_settings
from tests.conversations.clock import EVENING, Clock
from tests.conversations.office import Office
from tests.factories import add_name, make_enterprise
from tests.fake_wechat import FakeWechat, run_fake_wechat
from tests.taking_part import add_activity

# Invented firms beside the demonstration's: a chain, numbers, letters, rare characters, sounds that dialects mix.
CHAIN = ("衡阳", "岳阳", "益阳", "常德", "娄底", "怀化", "永州", "株洲")
NEIGHBOURS = (
    ("上海满果多有限公司", "上海", Status.IN_FORCE),
    *((f"{city}满果多商业有限公司", city, Status.IN_FORCE) for city in CHAIN[:-1]),
    ("株洲满果多商业有限公司", "株洲", Status.DEREGISTERED),
    ("步步蓝商业连锁股份有限公司", "长沙", Status.IN_FORCE),
    ("步步蓝商业连锁股份有限公司岳阳店", "岳阳", Status.IN_FORCE),
    ("七一铁重工股份有限公司", "娄底", Status.IN_FORCE),
    ("XYQ蓝湖科技有限公司", "长沙", Status.IN_FORCE),
    ("衡阳喆堃龘贸易有限公司", "衡阳", Status.IN_FORCE),
    ("衡阳迳桥菌业有限公司", "衡阳", Status.IN_FORCE),
    ("重庆长行坊茶业有限公司", "重庆", Status.IN_FORCE),
    ("湖南牛兰渡乳业有限公司", "长沙", Status.IN_FORCE),
    ("长沙凤回岭服饰有限公司", "长沙", Status.IN_FORCE),
    *(("便民果蔬店", city, Status.IN_FORCE) for city in CHAIN),
)


@dataclass
class Bureau:
    """A bureau with its register: many citizens can talk to it, each with a clock of their own."""

    settings: Settings
    database: Database
    desk: Desk

    def reception(self, clock: Clock) -> Reception:
        return Reception(self.settings, self.database, self.desk, ROUTERS, clock)


@pytest.fixture(scope="session")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    folder = tmp_path_factory.mktemp("bureau")
    settings = make_settings(data_dir=folder, wechat_freshness_seconds=0)
    database = Database(settings.database, Vault(settings.secret_key))
    upgrade_database(database)
    load_demo(database, EVENING.date(), firms_count=300)
    with database.write() as session:
        seed_calendar(session, EVENING)
        seed_bank(session, EVENING)
        add_activity(session, EVENING, title="诚信兴商大讲堂", capacity=1, region="城关区")
        add_activity(session, EVENING, title="诚信进社区咨询日", days=3)
        for name, city, status in NEIGHBOURS:
            firm = make_enterprise(session, name, city=city, status=status)
            if name == "步步蓝商业连锁股份有限公司":
                add_name(session, firm, "步步蓝", NameKind.SHORT)
            if name == "重庆长行坊茶业有限公司":
                add_name(session, firm, "重庆长行坊茶厂", NameKind.FORMER)
    yield Bureau(settings, database, make_desk(settings))
    database.close()


@pytest.fixture(scope="session")
def wechat() -> Iterator[FakeWechat]:
    with run_fake_wechat() as fake:
        yield fake


@pytest.fixture
def office(bureau: Bureau, wechat: FakeWechat) -> Office:
    clock = Clock()
    settings = bureau.settings.model_copy(update={"wechat_api_url": wechat.url})
    return Office(bureau.database, wechat, Gateway(settings, bureau.database, clock, lambda _: None), clock)
