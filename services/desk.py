"""What every door needs beside a session: the bureau's words, the name index, the public address."""

from dataclasses import dataclass

from config.bureau import Bureau
from services.enterprises.index import NameIndex


@dataclass(frozen=True)
class Desk:
    """Made once per process, shared by all requests."""

    bureau: Bureau
    index: NameIndex
    public_url: str
    reads_photos: bool = False  # the extra [ocr] is installed

    def link(self, path: str) -> str:
        """The full address of one of our pages; `path` begins with a slash."""
        return f"{self.public_url}{path}"
