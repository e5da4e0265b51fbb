"""The gate before every view: is the form ours, who is it, may they; a view that serves nobody by name is shut."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

from flask import Blueprint, Response, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from models.audit import Act
from services.audit import record
from services.staff.duties import Permission
from services.staff.sessions import TOUCH_EVERY, Visit, find_visit, touch
from web.console.office import Office, client, draw_token

FORM_BYTES = 1024 * 1024
View = TypeVar("View", bound=Callable[..., object])


class Stage(IntEnum):
    """How far somebody has come in signing in."""

    OUTSIDE = 0
    CODE_DUE = 1
    PASSWORD_DUE = 2
    SET_UP_DUE = 3
    INSIDE = 4


# Where somebody at that stage has to go.
WAITING_ROOMS = {
    Stage.OUTSIDE: "console.login",
    Stage.CODE_DUE: "console.code",
    Stage.PASSWORD_DUE: "console.password",
    Stage.SET_UP_DUE: "console.set_up_code",
}


@dataclass(frozen=True)
class Access:
    """Whom a view serves: from a stage on, and with any of the permissions if some are named."""

    stage: Stage = Stage.INSIDE
    permissions: tuple[Permission, ...] = ()

    def admits(self, visit: Visit | None) -> bool:
        """Whether this visit has a permission that is asked for."""
        return not self.permissions or bool(visit and any(visit.may(one) for one in self.permissions))


def serves(stage: Stage = Stage.INSIDE, *permissions: Permission) -> Callable[[View], View]:
    """Say whom a view serves; below the route's decorator."""

    def mark(view: View) -> View:
        view.__dict__["access"] = Access(stage, permissions)
        return view

    return mark


def takes(most_bytes: int) -> Callable[[View], View]:
    """Say how much may be sent to a view that takes files; below the route's decorator."""

    def mark(view: View) -> View:
        view.__dict__["most_bytes"] = most_bytes
        return view

    return mark


def stage_of(visit: Visit | None, requires_code: bool) -> Stage:
    """How far this visit has come."""
    if visit is None:
        return Stage.OUTSIDE
    if visit.needs_code:
        return Stage.CODE_DUE
    if visit.must_change_password:
        return Stage.PASSWORD_DUE
    return Stage.SET_UP_DUE if requires_code and not visit.has_totp else Stage.INSIDE


def set_up_gate(pages: Blueprint, office: Office) -> None:
    """Let every request of `pages` through the gate."""

    @pages.before_request
    def stop_or_pass() -> AnyResponse | None:
        """Who it is, whether the form is ours, then the permission."""
        view = current_app.view_functions[request.endpoint or ""]
        request.max_content_length = view.__dict__.get("most_bytes", FORM_BYTES)
        kept = request.cookies.get(office.cookie, "")
        g.token, g.visit = kept or draw_token(), None
        access: Access = view.__dict__["access"]
        if kept:
            g.visit = recognise(office, kept)
        stage = stage_of(g.visit, office.requires_code)
        if stage < access.stage and "most_bytes" in view.__dict__:
            return lead_to(stage)  # of a stranger's file not a byte is read
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            check_form(office.sign(g.token))
        if stage < access.stage:
            return lead_to(stage)
        if not access.admits(g.visit):
            refuse(office, access.permissions[0])
        return None

    @pages.after_request
    def keep_token(response: Response) -> Response:
        """A browser without a token gets one with its first form."""
        if g.get("token") and office.cookie not in request.cookies and not has_cookie(response, office.cookie):
            office.set_token(response, g.token)
        return response


def check_form(expected: str) -> None:
    """Refuse a form that was not ours: 400."""
    sent = request.headers.get("X-Form-Seal") or request.form.get("seal", "")
    is_ours = hmac.compare_digest(sent.encode(), expected.encode())
    if not is_ours or request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(400)


def recognise(office: Office, token: str) -> Visit | None:
    """Whose token it is; an open session is marked as used, at most once a minute."""
    now = office.clock()
    with office.database.read() as session:
        visit = find_visit(session, token, now, office.limits)
    if visit and now - visit.seen_at >= TOUCH_EVERY:
        with office.database.write() as session:
            touch(session, visit, client().address, now)
    return visit


def lead_to(stage: Stage) -> AnyResponse:
    """To the page that is due, and after it back to this one."""
    has_page = request.url_rule is not None and "GET" in (request.url_rule.methods or set())
    back = request.full_path.rstrip("?") if has_page else ""
    target = url_for(WAITING_ROOMS[stage], next=back) if back and stage is Stage.OUTSIDE else None
    target = target or url_for(WAITING_ROOMS[stage])
    if "HX-Request" in request.headers:  # htmx would put the page into a corner of this one
        return Response(status=204, headers={"HX-Redirect": target})
    return redirect(target, 303)


def refuse(office: Office, permission: Permission) -> None:
    """Write down that somebody tried, and answer 403."""
    with office.database.write() as session:
        details = {"页面": request.path, "需要": str(permission)}
        record(session, g.visit.actor, Act.ACCESS_REFUSED, office.clock(), details=details)
    abort(403)


def has_cookie(response: Response, name: str) -> bool:
    """The view has set it."""
    return any(line.startswith(f"{name}=") for line in response.headers.getlist("Set-Cookie"))
