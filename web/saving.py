"""A response that is saved as a file, under a name that may be Chinese."""

import io
from urllib.parse import quote

from flask import Response as FlaskResponse
from flask import send_file
from werkzeug.wrappers import Response

from services.evidence.kinds import DOCX, XLSX

MIMES = {"csv": "text/csv", "docx": DOCX, "pdf": "application/pdf", "png": "image/png", "xlsx": XLSX}


def send_made(content: bytes, name: str) -> FlaskResponse:
    """What was made just now, its type by the ending of its name."""
    mime = MIMES[name.rpartition(".")[2]]
    return send_file(io.BytesIO(content), mime, as_attachment=True, download_name=name)


def save_as(response: Response, name: str) -> None:
    """As RFC 6266 has it: headers are ASCII, what is not goes percent-encoded beside a plain name."""
    plain = "".join(letter if letter.isascii() and letter.isprintable() else "_" for letter in name)
    plain = plain.replace('"', "_").replace("\\", "_")
    said = f'attachment; filename="{plain}"'
    if plain != name:
        said += f"; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Content-Disposition"] = said
