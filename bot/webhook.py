"""The address that WeChat calls: GET and POST /wechat."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from bot.reception import Reception

PATH = "/wechat"
MAX_BODY_BYTES = 64 * 1024


def create_webhook(reception: Reception) -> Blueprint:
    """The two routes; all rules are in `reception`."""
    blueprint = Blueprint("wechat", __name__)

    @blueprint.get(PATH)
    def verify() -> Response:
        return respond(*reception.verify(request.args.to_dict()), "text/plain")

    @blueprint.post(PATH)
    def receive() -> Response:
        request.max_content_length = MAX_BODY_BYTES
        try:
            body = request.get_data(cache=False)
        except RequestEntityTooLarge:
            return respond(413, b"", "text/plain")
        status, answer = reception.receive(request.args.to_dict(), body)
        return respond(status, answer, name_type(answer))

    return blueprint


def name_type(answer: bytes) -> str:
    """What an answer is."""
    return "text/xml" if answer.startswith(b"<xml>") else "text/plain"


def respond(status: int, body: bytes, mimetype: str) -> Response:
    """Plain and never guessed at by a browser."""
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    return Response(body, status, headers, mimetype=mimetype)
