"""A bureau and a hotline that talk over real HTTP, under one clock that moves when told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import requests
from flask import Flask
from sqlalchemy import func, select

from jobs.hotline import HotlineSender, Line, open_http
from models.case import CaseEvent
from models.case_words import Action, ConsentKind
from models.database import Database
from models.hotline import HotlineSending, HotlineStatus, SendingState
from services.cases.standing import find_case
from services.evidence.keeping import Arrived, add_evidence, digest
from services.evidence.store import EvidenceStore
from services.hotline.outgoing import Exchange
from services.hotline.signing import Credentials
from simulator.hotline import Hotline, create_hotline
from tests.case_desk import INTAKE, RULES, CaseDesk
from tests.evidence_room import LIMITS, examine_here
from tests.serving import serve
from web.api.door import Counter
from web.api.hotline import create_hotline_api

CREDENTIALS = Credentials("hotline-test", "9c1f7be35a2d4860b1c3e5f7a9d2c4e6")
RECEIVER = "12345政务服务便民热线"
BASIS = "国办发〔2020〕53号"
PATIENCE = 0.3  # seconds that the sender waits for an answer


class Bureau:
    """Cases, their sender and the door for the hotline."""

    def __init__(self, database: Database, hotline_url: str, own_url: str = "") -> None:
        self.desk, self.database, self.url = CaseDesk(database), database, hotline_url
        self.exchange = Exchange(RECEIVER, "示范市商务局", f"{own_url}/api/hotline/statuses")
        self.store: EvidenceStore | None = None  # of a test with files
        self.sender = self.make_sender()

    def make_sender(self, line: Line | None = None) -> HotlineSender:
        """Another one of any number."""
        line = line or Line(self.url, CREDENTIALS, open_http(), PATIENCE)
        return HotlineSender(self.database, RULES, self.exchange, line, lambda: self.desk.now)

    def refer(self, with_identity: bool = False, **filing: Any) -> str:
        """A case that is given to the hotline."""
        number = self.desk.file(**filing).number
        self.give_away(number, with_identity)
        return number

    def give_away(self, number: str, with_identity: bool = False, receiver: str = RECEIVER) -> None:
        """Refer a case, with the citizen's consent where their person goes along."""
        if with_identity:
            self.desk.do(
                number, Action.RECORD_CONSENT, INTAKE, consent=ConsentKind.TRANSFER, side="complainant", is_given=True
            )
        self.desk.do(number, Action.REFER, INTAKE, receiver=receiver, legal_basis=BASIS, with_identity=with_identity)

    def add_evidence(self, number: str, content: bytes, title: str = "小票.jpg") -> None:
        """A file of the citizen's."""
        assert self.store is not None
        examined, kept = examine_here(content), self.store.keep(content)
        arrived = Arrived(examined, kept, digest(content), len(content), title, "citizen")
        with self.desk.docket() as docket:
            case = find_case(docket.session, number)
            assert case is not None
            add_evidence(docket.session, case, arrived, LIMITS, docket.now)

    def count_states(self) -> dict[str, int]:
        """Sendings by state."""
        with self.database.read() as session:
            rows = session.execute(select(HotlineSending.state, func.count()).group_by(HotlineSending.state))
            return {str(state): count for state, count in rows}

    def work_until_quiet(self, rounds: int = 12) -> int:
        """Send, wait the longest step of the ladder, send again; how many rounds it took."""
        for turn in range(1, rounds + 1):
            self.sender.work()
            if not self.count_states().get(SendingState.NEW):
                return turn
            self.desk.pass_time(hours=25)
        return rounds

    def count_actions(self, number: str, action: Action) -> int:
        """How often a step stands in the history."""
        case = self.desk.get(number)
        with self.database.read() as session:
            wanted = select(func.count()).where(CaseEvent.case_id == case.id, CaseEvent.action == action)
            return session.scalar(wanted.select_from(CaseEvent)) or 0

    def statuses(self, number: str) -> list[HotlineStatus]:
        """What the hotline said of a case, as it happened."""
        case = self.desk.get(number)
        with self.database.read() as session:
            wanted = select(HotlineStatus).where(HotlineStatus.case_id == case.id)
            return list(session.scalars(wanted.order_by(HotlineStatus.occurred_at, HotlineStatus.sequence)))


def make_door(database: Database, bureau: "Bureau | None" = None, desk: CaseDesk | None = None) -> Flask:
    """Our side of the interface alone."""
    clock = bureau.desk if bureau else desk
    assert clock is not None
    app = Flask("bureau")
    counter = Counter(database, RULES, lambda: clock.now, CREDENTIALS, bureau.store if bureau else None)
    app.register_blueprint(create_hotline_api(counter))
    return app


class Control:
    """The control API of the fake hotline in a few words."""

    def __init__(self, url: str) -> None:
        self.url = url

    def post(self, path: str, /, **body: Any) -> dict[str, Any]:
        answer = requests.post(f"{self.url}/simulate{path}", json=body, timeout=60)
        assert answer.ok, answer.text
        return dict(answer.json())

    def fault(self, side: str, kind: str, /, **parts: Any) -> None:
        self.post("/faults", side=side, kind=kind, **parts)

    def clear(self) -> None:
        assert requests.delete(f"{self.url}/simulate/faults", timeout=10).ok

    def figures(self) -> dict[str, Any]:
        return dict(requests.get(f"{self.url}/simulate/figures", timeout=10).json())


@contextmanager
def open_room(database: Database, store: EvidenceStore | None = None) -> Iterator[tuple[Bureau, Control]]:
    """Both sides on real ports."""
    hotline = Hotline(CREDENTIALS.app_id, CREDENTIALS.secret)
    with serve(create_hotline(hotline)) as hotline_url:
        bureau = Bureau(database, hotline_url)
        bureau.store = store
        hotline.clock = lambda: bureau.desk.now.timestamp()  # noqa: PLW0108 - the desk gets another moment
        with serve(make_door(database, bureau)) as own_url:
            hotline.bureau = own_url
            bureau.exchange = replace(bureau.exchange, files_url=f"{own_url}/api/hotline/files")
            bureau.sender = bureau.make_sender()
            yield bureau, Control(hotline_url)
