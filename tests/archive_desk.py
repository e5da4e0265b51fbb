"""The archive for tests: staff of both kinds, a clock that moves when told, drafts complete unless a test says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from config.archive import load_archive_rules
from models.archive_words import ArchiveAction, Life, Subject
from models.database import Database
from models.enterprise import Enterprise
from models.listing import Listing
from models.record import Polarity, Record, RecordType, Severity
from models.role import Role
from services import followers
from services.calendar.years import seed_calendar
from services.cases.facts import Actor
from services.credit.advance import advance
from services.credit.drafting import draft_listing, draft_record
from services.credit.ledger import Ledger, Row, load_row
from services.credit.objections import ObjectionFiling, ObjectionReceipt, file_objection
from tests.factories import make_enterprise, make_record

RULES = load_archive_rules()
UNIT = "长沙市商务局"
CLERK = Actor(frozenset({Role.ARCHIVE}), "staff:1")
APPROVER = Actor(frozenset({Role.REVIEWER}), "staff:2")
BOTH = Actor(frozenset({Role.ARCHIVE, Role.REVIEWER}), "staff:3")
DECIDED = date(2026, 11, 10)
LISTING: dict[str, Any] = {
    "document_number": "长商失信〔2026〕7号",
    "authority": UNIT,
    "source_unit": UNIT,
    "reason": "停止经营后未退还预收款",
    "decided_on": DECIDED,
    "published_until": date(2029, 11, 10),
    "notified_on": date(2026, 10, 12),
    "objection_result": "告知期内未提出异议",
}
PENALTY: dict[str, Any] = {
    "polarity": Polarity.NEGATIVE,
    "severity": Severity.GENERAL,
    "title": "发行预付卡未按规定备案",
    "content": "罚款1万元",
    "document_number": "长商罚〔2026〕12号",
    "legal_basis": "《单用途商业预付卡管理办法（试行）》第三十六条",
    "decided_on": date(2026, 4, 10),
    "published_from": date(2026, 4, 10),
}
SAID = "处罚决定已被复议机关撤销，请撤下。"
TYPED: dict[str, Any] = {
    "name": "欧阳小明",
    "phone": "13812345678",
    "relation": "企业法定代表人",
    "said": SAID,
    "agrees": "yes",
}


class ArchiveDesk:
    """The services as a door uses them: each call is one transaction at the present moment."""

    def __init__(self, database: Database, name: str = "湖南稻香渡商贸有限公司") -> None:
        self.database, self.keys = database, 0
        self.now = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # Friday, 10:00 in Shanghai
        with database.write() as session:
            seed_calendar(session, self.now)
            self.follower_id = followers.meet(session, "o_objector", self.now).id
            self.enterprise_id = make_enterprise(session, name, "91430100MA4L16JQ9B").id

    @property
    def today(self) -> date:
        return (self.now + timedelta(hours=8)).date()

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """One transaction."""
        with self.database.write() as session:
            yield Ledger(session, RULES, self.now)

    def penalty(self, **columns: Any) -> int:
        """A published penalty, as an import leaves it; its id."""
        with self.ledger() as ledger:
            firm = ledger.session.get_one(Enterprise, self.enterprise_id)
            return make_record(ledger.session, firm, RecordType.PENALTY, **(PENALTY | columns)).id

    def draft(self, statute: str = "prepaid", actor: Actor = CLERK, **values: Any) -> int:
        """A draft entry of a list; its id."""
        with self.ledger() as ledger:
            firm = ledger.session.get_one(Enterprise, self.enterprise_id)
            return draft_listing(ledger, firm, statute, LISTING | values, actor).id

    def draft_record(self, actor: Actor = CLERK, **values: Any) -> int:
        """A draft penalty, entered by hand; its id."""
        with self.ledger() as ledger:
            firm = ledger.session.get_one(Enterprise, self.enterprise_id)
            filled = PENALTY | {"type": RecordType.PENALTY, "authority": UNIT, "source_unit": UNIT, "details": {}}
            return draft_record(ledger, firm, filled | values, actor).id

    def do(self, row: tuple[Subject, int], action: ArchiveAction, actor: Actor, reason: str = "") -> Life:
        """Take a step; the state after it."""
        with self.ledger() as ledger:
            found = load_row(ledger.session, *row)
            assert found is not None
            return advance(ledger, found, action, actor, reason).to_life

    def publish(self, row: tuple[Subject, int]) -> None:
        """Sent by one, approved by another."""
        self.do(row, ArchiveAction.SUBMIT, CLERK)
        self.do(row, ArchiveAction.APPROVE, APPROVER)

    def get(self, row: tuple[Subject, int]) -> Row:
        """As it is now."""
        with self.database.read() as session:
            found = load_row(session, *row)
            assert isinstance(found, Listing | Record)
            return found

    def object(self, row: tuple[Subject, int], **changes: Any) -> ObjectionReceipt:
        """File an objection by WeChat."""
        self.keys += 1
        told: dict[str, Any] = {
            "name": "欧阳小明",
            "phone": "138 1234 5678",
            "relation": "企业法定代表人",
            "said": SAID,
            "channel": "chat",
            "agrees": True,
        }
        key = changes.pop("key", f"objection key number {self.keys:04}")
        with self.ledger() as ledger:
            filing = ObjectionFiling(*row, **(told | changes))
            return file_objection(ledger, filing, key, follower_id=self.follower_id)
