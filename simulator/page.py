"""The phone page, health, and the headers that keep hostile replies harmless."""

from flask import Blueprint, Response, abort, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from simulator.platform.endpoint import current_world

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: http: https:; "
    "connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SHOWN_INLINE = {"image/png", "image/jpeg", "image/gif", "image/bmp", "audio/amr", "audio/mp3", "video/mp4"}

blueprint = Blueprint("page", __name__)


@blueprint.get("/")
def phone() -> str:
    return render_template("phone.html", account_name=current_world().config.account_name)


@blueprint.get("/healthz")
def healthz() -> Response:
    return Response("ok", content_type="text/plain")


@blueprint.get("/favicon.ico")
def favicon() -> BaseResponse:
    return redirect("/static/icon.svg")


@blueprint.get("/mmbiz/<media_id>")
def picture(media_id: str) -> Response:
    """A stored file as the phone shows it; PicUrl points here."""
    world = current_world()
    media = world.media.get(media_id, world.clock.now())
    if media is None:
        abort(404)
    known = media.content_type in SHOWN_INLINE
    response = Response(media.data, content_type=media.content_type if known else "application/octet-stream")
    if not known:
        response.headers["Content-Disposition"] = "attachment"
    return response


def secure(response: Response) -> Response:
    """Headers for every answer; a page that brings its own policy keeps it."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
