"""The size of letters, remembered in a cookie; works without JavaScript."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

COOKIE = "size"
COOKIE_SECONDS = 365 * 24 * 3600


def create_letters(is_https: bool) -> Blueprint:
    """POST /h5/letters: switch between normal and large type and go back."""
    letters = Blueprint("letters", __name__)

    @letters.post("/h5/letters")
    def switch() -> Response:
        """Remember `size` (large or normal) and return to `back`."""
        response = redirect(local_path(request.form.get("back", "")), 303)
        size = "large" if request.form.get("size") == "large" else "normal"
        response.set_cookie(COOKIE, size, COOKIE_SECONDS, secure=is_https, samesite="Lax")
        return response

    return letters


def local_path(back: str) -> str:
    """`back` where it is a path on this site, else the start page: no way to lead a citizen elsewhere."""
    parts = urlsplit(back)
    is_local = back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable()
    return back if is_local and not parts.scheme and not parts.netloc else "/"
