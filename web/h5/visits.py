"""Who a citizen's browser is: a sealed cookie says whom WeChat named and which cases were opened by code."""

import hmac
import json
import re
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from flask import g, request
from werkzeug.wrappers import Response

from models.vault import Vault, VaultError

FIELD = "h5.visit"
SIGNED_IN_FOR = timedelta(hours=12)
ADMITTED_FOR = timedelta(minutes=60)
MOST_ADMITTED = 5
SEALED = re.compile(r"(?:[0-9a-f]{2}){30,2000}")


@dataclass(frozen=True)
class Visit:
    """One browser. Moments are seconds since 1970, so that a cookie can hold them."""

    token: str
    follower_id: int | None = None
    signed_in_until: int = 0
    admitted: tuple[tuple[int, int], ...] = ()  # case and until when

    def follower(self, now: datetime) -> int | None:
        """Whom WeChat named, while that holds."""
        return self.follower_id if self.signed_in_until > now.timestamp() else None

    def may_see(self, case_id: int, now: datetime) -> bool:
        """Number and code of this case were right a short while ago."""
        return any(one == case_id and until > now.timestamp() for one, until in self.admitted)

    def sign_in(self, follower_id: int, now: datetime) -> "Visit":
        """WeChat has named somebody: nothing of who was here before goes with them."""
        until = int((now + SIGNED_IN_FOR).timestamp())
        return Visit(draw_visit().token, follower_id, until)

    def admit(self, case_id: int, now: datetime) -> "Visit":
        """A case was opened by its code, or has just been submitted here."""
        others = [one for one in self.admitted if one[0] != case_id]
        newest = (case_id, int((now + ADMITTED_FOR).timestamp()))
        return replace(self, admitted=(*others, newest)[-MOST_ADMITTED:])


def draw_visit() -> Visit:
    """Of a browser that was not here before."""
    return Visit(secrets.token_urlsafe(24))


def seal_visit(vault: Vault, visit: Visit) -> str:
    """As the cookie holds it."""
    return vault.seal(json.dumps(asdict(visit)), FIELD).hex()


def open_visit(vault: Vault, kept: str) -> Visit | None:
    """What `seal_visit` made; None for anything else."""
    if not SEALED.fullmatch(kept):
        return None
    try:
        values = json.loads(vault.open(bytes.fromhex(kept), FIELD))
    except VaultError:
        return None
    return Visit(**values | {"admitted": tuple((case, until) for case, until in values["admitted"])})


def sign_form(vault: Vault, visit: Visit) -> str:
    """What each form of this browser sends back."""
    return hmac.digest(vault.signing_key, b"citizen form " + visit.token.encode(), "sha256").hex()


@dataclass(frozen=True)
class Cookies:
    """The citizens' cookies; browsers keep the __Host- prefix from being set by other hosts or without https."""

    vault: Vault
    is_https: bool

    def name(self, kind: str) -> str:
        """Of the visit, the draft or a sign-in under way."""
        return f"__Host-{kind}" if self.is_https else f"h5-{kind}"

    def get(self, kind: str) -> str:
        """What the browser sent."""
        return request.cookies.get(self.name(kind), "")

    def set(self, response: Response, kind: str, value: str, seconds: int | None = None) -> None:
        """Keep it for so long, or until the browser is closed."""
        response.set_cookie(
            self.name(kind), value, seconds, path="/", secure=self.is_https, httponly=True, samesite="Lax"
        )

    def drop(self, response: Response, kind: str) -> None:
        """Forget it."""
        response.delete_cookie(self.name(kind), path="/", secure=self.is_https, httponly=True, samesite="Lax")

    def read_visit(self) -> None:
        """Before each request."""
        found = open_visit(self.vault, self.get("visit"))
        g.citizen = g.citizen_read = found or draw_visit()
        g.has_citizen = found is not None

    def write_visit(self, response: Response) -> Response:
        """After each request that changed it, or whose browser has none yet."""
        if g.get("citizen") and (g.citizen != g.citizen_read or not g.has_citizen):
            self.set(response, "visit", seal_visit(self.vault, g.citizen))
        return response


def here() -> Visit:
    """The visit of this request."""
    visit: Visit = g.citizen
    return visit


def let_see(case_id: int, now: datetime) -> None:
    """From now on this browser may see a case."""
    g.citizen = here().admit(case_id, now)


def remember(follower_id: int, now: datetime) -> None:
    """From now on this browser is somebody WeChat has named."""
    g.citizen = here().sign_in(follower_id, now)
