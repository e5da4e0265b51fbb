"""A response that is saved as a file, under a name that may be Chinese."""

from urllib.parse import quote

from werkzeug.wrappers import Response


def save_as(response: Response, name: str) -> None:
    """As RFC 6266 has it: headers are ASCII, what is not goes percent-encoded beside a plain name."""
    plain = "".join(letter if letter.isascii() and letter.isprintable() else "_" for letter in name)
    plain = plain.replace('"', "_").replace("\\", "_")
    said = f'attachment; filename="{plain}"'
    if plain != name:
        said += f"; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Content-Disposition"] = said
