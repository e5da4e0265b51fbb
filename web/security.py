"""Headers that every answer carries."""

from flask import Flask, Response

# data: for WeUI's icons, which are masks.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Server": "web",  # in place of the server's own name and version
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # A repaired record must not live on in a search engine.
    "X-Robots-Tag": "noindex, noarchive",
}

# Two years, as browsers' preload lists ask.
STRICT_TRANSPORT_SECURITY = "max-age=63072000; includeSubDomains"


def protect(app: Flask, public_url: str = "") -> None:
    """Put the security headers on every answer of `app`; HSTS only where `public_url` is https.

    What a page shows is computed when it is shown, so nothing is stored unless its view says otherwise.
    """
    wanted = headers_of(public_url)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in wanted.items():
            response.headers.setdefault(name, value)
        return response


def headers_of(public_url: str) -> dict[str, str]:
    """The headers of an answer that says nothing else."""
    is_https = public_url.startswith("https://")
    strict = {"Strict-Transport-Security": STRICT_TRANSPORT_SECURITY} if is_https else {}
    return HEADERS | {"Cache-Control": "no-store"} | strict
