"""Pictures, voices and files, held in memory only."""

import collections
import dataclasses
import secrets

TEMPORARY_SECONDS = 3 * 86400
KEPT = 1000
MAGIC = [
    (b"\x89PNG", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"GIF8", "image/gif", "gif"),
    (b"BM", "image/bmp", "bmp"),
    (b"#!AMR", "audio/amr", "amr"),
    (b"ID3", "audio/mp3", "mp3"),
    (b"\xff\xfb", "audio/mp3", "mp3"),
]
SILENCE = b"#!AMR\n" + (b"\x3c" + b"\x00" * 31) * 5


def sniff(data: bytes) -> tuple[str, str]:
    """Content type and file extension by the first bytes."""
    for magic, content_type, extension in MAGIC:
        if data.startswith(magic):
            return content_type, extension
    if data[4:8] == b"ftyp":
        return "video/mp4", "mp4"
    return "application/octet-stream", "bin"


@dataclasses.dataclass(frozen=True)
class Media:
    """One stored file."""

    media_id: str
    kind: str
    data: bytes
    created_at: int
    name: str = ""
    permanent: bool = False
    description: str = ""

    @property
    def content_type(self) -> str:
        return sniff(self.data)[0]

    @property
    def filename(self) -> str:
        return f"{self.media_id}.{sniff(self.data)[1]}"


class MediaStore:
    """Media by media_id; temporary ones end after three days."""

    def __init__(self) -> None:
        self._media: collections.OrderedDict[str, Media] = collections.OrderedDict()

    def add(self, kind: str, data: bytes, now: float, name: str = "", permanent: bool = False) -> Media:
        media = Media(secrets.token_urlsafe(48), kind, data, int(now), name, permanent)
        return self.keep(media)

    def keep(self, media: Media) -> Media:
        self._media[media.media_id] = media
        while len(self._media) > KEPT:
            self._media.popitem(last=False)
        return media

    def get(self, media_id: str, now: float) -> Media | None:
        media = self._media.get(media_id)
        if media and not media.permanent and now > media.created_at + TEMPORARY_SECONDS:
            return None
        return media

    def remove(self, media_id: str) -> bool:
        return self._media.pop(media_id, None) is not None

    def permanent(self, kind: str | None = None) -> list[Media]:
        return [m for m in self._media.values() if m.permanent and kind in (None, m.kind)]
