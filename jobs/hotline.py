"""Sends what the hotline must hear: gathered from the history, tried by the ladder, each until it is acknowledged."""

import json
import logging
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from sqlalchemy.exc import IntegrityError
from urllib3.exceptions import HTTPError

from config.cases import CaseRules
from models.database import Database
from models.hotline import SendingKind
from services.cases.docket import open_docket
from services.hotline import outbox
from services.hotline.following import follow_with_evidence
from services.hotline.outgoing import Exchange, gather
from services.hotline.signing import Call, Credentials, make_headers

CONNECT_SECONDS, READ_SECONDS = 5.0, 15.0
MOST_PER_STEP = 200  # then the clock may end the process
MOST_BYTES = 64 * 1024
PATHS = {SendingKind.ORDER: "/orders", SendingKind.STATUS: "/statuses"}
# Sent again they would be refused again; all else may have been a bad moment.
HOPELESS = {400, 404, 405, 410, 413, 415, 422}
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What came back, or why nothing did."""

    status: int = 0
    remote_number: str = ""
    error: str = ""

    @property
    def is_hopeless(self) -> bool:
        """Trying again is of no use."""
        return self.status in HOPELESS


@dataclass(frozen=True)
class Line:
    """The way to the hotline."""

    url: str
    credentials: Credentials
    http: requests.Session
    read_seconds: float = READ_SECONDS

    def post(self, kind: SendingKind, message: dict[str, Any], now: datetime) -> Answer:
        """One signed request; every failure is an answer."""
        address, body = self.url + PATHS[kind], json.dumps(message, ensure_ascii=False).encode()
        headers = make_headers(self.credentials, Call("POST", urlsplit(address).path, body), now)
        try:
            with self.http.post(
                address,
                data=body,
                headers=headers | {"Content-Type": "application/json; charset=utf-8"},
                timeout=(CONNECT_SECONDS, self.read_seconds),
                allow_redirects=False,
                stream=True,
            ) as response:
                said = response.raw.read(MOST_BYTES, decode_content=True)
        except (requests.RequestException, HTTPError, OSError) as error:  # urllib3's own when the answer breaks off
            return Answer(error=type(error).__name__)
        return read_answer(kind, response.status_code, said)


def read_answer(kind: SendingKind, status: int, said: bytes) -> Answer:
    """Taken, or why not; an order without a number was not taken."""
    if not 200 <= status < 300:
        return Answer(status, error=f"HTTP {status}")
    if kind is SendingKind.STATUS:
        return Answer(status)
    try:
        number = json.loads(said).get("remote_no")
    except (ValueError, AttributeError):
        number = None
    if not isinstance(number, str) or not number.strip():
        return Answer(status, error="回答中没有工单编号")
    return Answer(status, number.strip())


def open_http() -> requests.Session:
    """Connections to the hotline, never through a proxy of the environment."""
    session = requests.Session()
    session.trust_env = False
    return session


class HotlineSender:
    """One of any number of senders, in one or many processes; `line` is None where files are exchanged."""

    def __init__(
        self,
        database: Database,
        rules: CaseRules,
        exchange: Exchange,
        line: Line | None,
        clock: Callable[[], datetime],
    ) -> None:
        self.database, self.rules, self.exchange, self.line, self.clock = database, rules, exchange, line, clock
        self.owner = f"{socket.gethostname()[:20]}:{os.getpid()}:{secrets.token_hex(4)}"

    def work(self) -> int:
        """Gather and send what is due; how many were sent or tried."""
        try:
            with self.database.write() as session:
                docket = open_docket(session, self.rules, self.clock())
                follow_with_evidence(docket, self.exchange.receiver)
                gather(docket, self.exchange)
        except IntegrityError:  # another process gathers the same at this moment
            log.info("hotline: gathered by another process")
        if self.line is None:
            return 0
        for count in range(MOST_PER_STEP):
            if not self.deliver_one(self.line):
                return count
        return MOST_PER_STEP

    def deliver_one(self, line: Line) -> bool:
        """Claim in one transaction, send outside of any, write the outcome in one; False if nothing is due."""
        now = self.clock()
        with self.database.write() as session:
            sending = outbox.claim(session, self.owner, now)
            if sending is None:
                return False
            message = outbox.body_of(open_docket(session, self.rules, now), sending, self.exchange.files_url)
        answer = line.post(sending.kind, message, now)
        with self.database.write() as session:
            docket = open_docket(session, self.rules, self.clock())
            held = outbox.held(session, sending.id, self.owner)
            if held is None:
                log.error("hotline sending %s: the lease ended while it was sent", sending.id)
            elif answer.error:
                log.warning("hotline sending %s: %s", sending.id, answer.error)
                outbox.mark_failed(docket, held, self.exchange, answer.error, is_final=answer.is_hopeless)
            else:
                outbox.mark_sent(docket, held, answer.remote_number)
        return True
