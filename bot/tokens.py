"""The access token, one for all processes: kept in the database, fetched by one at a time."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import IntegrityError

from bot.api_errors import NotSentError
from models.database import Database, vault_of
from models.platform import AccessToken

FIELD = "access_tokens.token"
EARLY = timedelta(minutes=4)  # WeChat has a new token ready five minutes before the old one ends
# A token just fetched is not asked for again: stable_token would give the same one.
SETTLED = timedelta(seconds=3)
LEASE = timedelta(seconds=15)
PATIENCE_SECONDS = 10.0
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Token:
    """What the shared row holds."""

    value: str
    expires_at: datetime
    refreshed_at: datetime

    def is_good(self, now: datetime, failed: str) -> bool:
        """Worth using: not the one that WeChat refused, nor near its end, unless nothing newer can exist."""
        is_settled = now - self.refreshed_at < SETTLED
        is_refused = self.value == failed and not is_settled
        ends_soon = self.expires_at - now < EARLY and not is_settled
        return bool(self.value) and now < self.expires_at and not is_refused and not ends_soon


NO_TOKEN = Token("", LONG_AGO, LONG_AGO)


class TokenStore:
    """Gives the token; `fetch` asks WeChat for it and returns it with its seconds to live."""

    def __init__(
        self,
        database: Database,
        app_id: str,
        fetch: Callable[[], tuple[str, int]],
        clock: Callable[[], datetime],
    ) -> None:
        self.database, self.app_id, self.fetch, self.clock = database, app_id, fetch, clock
        self.owner = secrets.token_hex(16)
        self._lock = threading.Lock()

    def current(self, failed: str = "") -> str:
        """A usable token; `failed` is one that WeChat has just refused. Fetches at most once."""
        token = self.read()
        if token.is_good(self.clock(), failed):
            return token.value
        with self._lock:
            return self.renew(failed)

    def renew(self, failed: str) -> str:
        """Fetch, unless another thread or process does so: then wait for theirs."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            token, now = self.read(), self.clock()
            if token.is_good(now, failed):
                return token.value
            if self.take_lease(now):
                return self.fetch_and_store()
            if now < token.expires_at and token.value != failed:
                return token.value  # near its end, but another process is renewing it
            time.sleep(0.05)
        raise NotSentError("no access token: another process is fetching it for too long")

    def read(self) -> Token:
        """The shared row."""
        with self.database.read() as session:
            row = session.get(AccessToken, self.app_id)
            if row is None or row.token_sealed is None:
                return NO_TOKEN
            value = vault_of(session).open(row.token_sealed, FIELD)
            return Token(value, row.expires_at or LONG_AGO, row.refreshed_at or LONG_AGO)

    def take_lease(self, now: datetime) -> bool:
        """Become the one who fetches; False while another is."""
        try:
            with self.database.write() as session:
                row = session.get(AccessToken, self.app_id, with_for_update=True)
                if row is None:
                    row = AccessToken(app_id=self.app_id)
                    session.add(row)
                if row.lease_until and row.lease_until > now:
                    return False
                if row.refreshed_at and now - row.refreshed_at < SETTLED and row.lease_owner is None:
                    return False  # somebody fetched between our look and here
                row.lease_owner, row.lease_until = self.owner, now + LEASE
        except IntegrityError:  # two processes made the first row at once
            return False
        return True

    def fetch_and_store(self) -> str:
        """Ask WeChat; the lease ends either way."""
        try:
            value, seconds = self.fetch()
        except Exception:
            self.end_lease()
            raise
        self.end_lease(value, seconds)
        return value

    def end_lease(self, value: str = "", seconds: int = 0) -> None:
        """Store the token, if there is one, and let others fetch."""
        now = self.clock()
        with self.database.write() as session:
            row = session.get(AccessToken, self.app_id, with_for_update=True)
            if row is None or row.lease_owner != self.owner:
                return  # we were too slow; a newer token is there
            row.lease_owner = row.lease_until = None
            if value:
                row.token_sealed = vault_of(session).seal(value, FIELD)
                row.expires_at, row.refreshed_at = now + timedelta(seconds=seconds), now
