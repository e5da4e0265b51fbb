"""Files of evidence on their way to a browser: the original to be saved, the copy to be seen or heard in place."""

from flask import Response, request

from services.evidence.serving import Served
from web.saving import save_as


def send_original(served: Served) -> Response:
    """With the headers that keep a browser from running it."""
    response = Response(served.pieces, mimetype=served.mime, headers=served.headers)
    save_as(response, served.file_name)
    if served.size is not None:
        response.content_length = served.size
    return response


def show_copy(served: Served) -> Response:
    """In ranges where they are asked for: iPhones play no sound that does not come in ranges."""
    content = b"".join(served.pieces)
    response = Response(content, mimetype=served.mime, headers=served.headers)
    response.headers["Content-Disposition"] = "inline"
    response.make_conditional(request.environ, accept_ranges=True, complete_length=len(content))
    return response
