"""What the console's views need of the process and of the request."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from flask import g, request
from werkzeug.wrappers import Response

from config.archive import ArchiveRules, load_archive_rules
from config.campaigns import CampaignRules, load_campaign_rules
from config.cases import CaseRules, load_case_rules
from config.sending import SendingRules, load_sending_rules
from config.sources import Sources, load_sources
from models.database import Database
from services.calendar.working_days import day_of
from services.campaigns.library import library_of
from services.checkup import Finding
from services.desk import Desk
from services.evidence.store import EvidenceStore
from services.imports.uploads import imports_of
from services.staff.sessions import Client, Limits, Visit


@dataclass(frozen=True)
class CheckUp:
    """Looks for what is wrong: on this side, and between us and WeChat."""

    here: Callable[[], list[Finding]]
    wechat: Callable[[], list[Finding]]


@dataclass(frozen=True)
class Office:
    """Made once per process."""

    database: Database
    desk: Desk
    clock: Callable[[], datetime]
    limits: Limits
    evidence: EvidenceStore
    check_up: CheckUp
    requires_code: bool = False
    rules: CaseRules = field(default_factory=load_case_rules)
    campaigns: CampaignRules = field(default_factory=load_campaign_rules)
    archive_rules: ArchiveRules = field(default_factory=load_archive_rules)
    sending: SendingRules = field(default_factory=load_sending_rules)
    sources: Sources = field(default_factory=load_sources)

    @property
    def library(self) -> EvidenceStore:
        """Files of associations and campaigns, beside those of evidence."""
        return library_of(self.evidence.folder.parent)

    @property
    def imports(self) -> EvidenceStore:
        """Sheets that wait to be imported, and what comes back from them."""
        return imports_of(self.evidence.folder.parent)

    @property
    def is_https(self) -> bool:
        """Citizens and staff reach the pages encrypted."""
        return self.desk.public_url.startswith("https://")

    @property
    def cookie(self) -> str:
        """The session's cookie; browsers keep the __Host- prefix from being set by other hosts or without https."""
        return "__Host-console" if self.is_https else "console"

    def today(self) -> date:
        """The day in China."""
        return day_of(self.clock())

    def set_token(self, response: Response, token: str) -> None:
        """Give the browser its token; it goes when the browser is closed."""
        response.set_cookie(self.cookie, token, path="/", secure=self.is_https, httponly=True, samesite="Lax")

    def sign(self, token: str) -> str:
        """What each form of the browser that holds `token` must send back."""
        return hmac.digest(self.database.vault.signing_key, b"form " + token.encode("utf-8", "replace"), "sha256").hex()


def client() -> Client:
    """Who asks."""
    return Client(request.remote_addr or "", request.user_agent.string)


def draw_token() -> str:
    """For a browser that has none: it signs forms, but is nobody's session."""
    return secrets.token_urlsafe(32)


def here() -> Visit:
    """The visit of this request; the gate has seen to it that there is one."""
    visit = g.visit
    if not isinstance(visit, Visit):
        raise RuntimeError("a view without a gate")
    return visit
