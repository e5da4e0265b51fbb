"""Looks into files that are made of parts: ISO media boxes and Office packages (pure)."""

import io
import struct
import zipfile
from collections.abc import Collection

from services.evidence.trouble import EvidenceError, Trouble

MOST_ENTRIES = 5_000  # of an Office package
MOST_UNPACKED = 200 << 20  # bytes
END_BYTES, END_SIGN = 22, b"PK\x05\x06"
BOX = struct.Struct(">I4s")
ENCRYPTED = 0x1


def check_boxes(content: bytes, needed: set[bytes]) -> None:
    """The boxes fill the file exactly and the needed ones are there: a download cut short is noticed."""
    at, seen = 0, set()
    while at < len(content):
        if len(content) - at < BOX.size:
            raise EvidenceError(Trouble.BROKEN)
        size, name = BOX.unpack_from(content, at)
        least = BOX.size
        if size == 1:  # a 64-bit size follows
            least = 16
            size = int.from_bytes(content[at + 8 : at + 16])
        elif size == 0:  # to the end of the file
            size = len(content) - at
        if size < least or at + size > len(content):
            raise EvidenceError(Trouble.BROKEN)
        seen.add(name)
        at += size
    if not needed <= seen:
        raise EvidenceError(Trouble.BROKEN)


def check_office(content: bytes, mains: Collection[str]) -> str:
    """Which of the main parts this package has; EvidenceError for other archives, macros and bombs."""
    refuse_too_many_entries(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            refuse_bomb(entries, len(content))
            names = {entry.filename for entry in entries}
            main = [name for name in mains if name in names]
            if "[Content_Types].xml" not in names or len(main) != 1:
                raise EvidenceError(Trouble.UNKNOWN_KIND)
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise EvidenceError(Trouble.MACROS)
            if package.testzip() is not None:
                raise EvidenceError(Trouble.BROKEN)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, struct.error):
        raise EvidenceError(Trouble.BROKEN) from None
    return main[0]


def refuse_too_many_entries(content: bytes) -> None:
    """Before anything is made of them: the count stands in the end record."""
    end = content.rfind(END_SIGN)
    if end < 0 or len(content) - end < END_BYTES:
        raise EvidenceError(Trouble.BROKEN)
    if int.from_bytes(content[end + 10 : end + 12], "little") > MOST_ENTRIES:
        raise EvidenceError(Trouble.HARMFUL)


def refuse_bomb(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Sizes are as declared; unpacking stops there. Overlapping parts and something before the first are refused."""
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise EvidenceError(Trouble.BROKEN)
    unpacked, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    first = min((entry.header_offset for entry in entries), default=0)
    if unpacked > MOST_UNPACKED or packed > size or first != 0 or len(entries) > MOST_ENTRIES:
        raise EvidenceError(Trouble.HARMFUL)
