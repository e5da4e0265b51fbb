"""A program of its own that looks at a file: what it is, and a harmless copy to look at or listen to.

`python -m services.evidence.looking < file` writes one line of JSON, then the copy. A file made to do harm
meets a program without secrets, without files it could write, whose memory and time end.
"""

import io
import json
import sys
from typing import Any

import pi_heif
from PIL import Image

from services.evidence.kinds import EvidenceKind, FileType, recognise
from services.evidence.listening import HEARD_MIME, make_playable
from services.evidence.trouble import EvidenceError, Trouble
from services.photos import opening
from services.photos.reading import PhotoError
from services.photos.reading import Trouble as PhotoTrouble
from services.programs import restrict

LONGEST_SIDE = 2400  # pixels: a screenshot of a chat stays readable
QUALITY = 82
SEEN_MIME = "image/jpeg"
FORMATS = {
    "image/jpeg": ("JPEG",),
    "image/png": ("PNG",),
    "image/gif": ("GIF",),
    "image/webp": ("WEBP",),
    "image/heic": ("HEIF",),
}
TROUBLES = {PhotoTrouble.TOO_BIG: Trouble.TOO_MANY_PIXELS, PhotoTrouble.NOT_A_PHOTO: Trouble.BROKEN}


def look(content: bytes) -> tuple[dict[str, Any], bytes]:
    """What a file is and its view, empty where there is none; EvidenceError for what is not taken."""
    found = recognise(content)
    view, mime = b"", ""
    if found.kind is EvidenceKind.PHOTO:
        view, mime = draw_view(content, found), SEEN_MIME
    elif found.kind is EvidenceKind.VOICE:
        view, mime = make_playable(content, found), HEARD_MIME
    told = {"kind": found.kind, "mime": found.mime, "extension": found.extension}
    return told | {"view_mime": mime if view else ""}, view


def draw_view(content: bytes, found: FileType) -> bytes:
    """Upright, in bounds, decoded and encoded anew: nothing of the file but its picture, so no place and no camera."""
    try:
        image = opening.open_photo(content, LONGEST_SIDE, FORMATS[found.mime])
    except PhotoError as error:
        raise EvidenceError(TROUBLES.get(error.trouble, Trouble.BUSY)) from None
    drawn = Image.new("RGB", image.size)
    drawn.paste(image)  # a picture without the comments and profiles that Pillow hands on
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def main() -> None:
    """The whole program."""
    pi_heif.register_heif_opener()
    restrict()
    try:
        told, view = look(sys.stdin.buffer.read())
    except EvidenceError as error:
        told, view = {"trouble": error.trouble}, b""
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + view)


if __name__ == "__main__":
    main()
