"""Gives each request its id, and counts and times it."""

import time

from flask import Flask, Response, g, request

from config.metrics import REQUEST_SECONDS, REQUESTS
from config.tracing import CURRENT, accept_request_id

HEADER = "X-Request-Id"


def note_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count and time one; `route` is a rule, never a path."""
    REQUESTS.labels(method, route, str(status)).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)


def trace(app: Flask) -> None:
    """Every request of `app` bears an id, in log lines and in its answer; to be called before other hooks are set."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        g.request_id = accept_request_id(request.headers.get(HEADER))
        g.tracing = CURRENT.set(g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"  # the rule, never the path: it may hold a number
        method = request.method if request.url_rule else "none"
        note_request(method, route, response.status_code, time.perf_counter() - g.began)
        response.headers[HEADER] = g.request_id
        return response

    @app.teardown_request
    def forget(error: BaseException | None) -> None:  # noqa: ARG001
        if token := g.pop("tracing", None):
            CURRENT.reset(token)
