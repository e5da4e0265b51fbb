"""What a file is, by its content alone: a name is only a label (pure)."""

import io
import zipfile
from dataclasses import dataclass
from enum import StrEnum

from services.evidence.containers import check_boxes, check_office
from services.evidence.trouble import EvidenceError, Trouble

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT = "text/plain; charset=utf-8"  # a place, written by ourselves
HEAD_BYTES = 1024  # in which readers of PDF and browsers look for a beginning
MARKUP = (b"<html", b"<!doctype", b"<script", b"<svg", b"<body", b"<?php")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class EvidenceKind(StrEnum):
    """What a file of evidence is."""

    PHOTO = "photo"
    VOICE = "voice"
    VIDEO = "video"
    DOCUMENT = "document"
    LOCATION = "location"


@dataclass(frozen=True)
class FileType:
    """A kind of file that is taken."""

    kind: EvidenceKind
    mime: str
    extension: str


def photo(mime: str, extension: str) -> FileType:
    """A picture."""
    return FileType(EvidenceKind.PHOTO, mime, extension)


def voice(mime: str, extension: str) -> FileType:
    """A recording."""
    return FileType(EvidenceKind.VOICE, mime, extension)


HEIC, M4A = photo("image/heic", "heic"), voice("audio/mp4", "m4a")
MP4 = FileType(EvidenceKind.VIDEO, "video/mp4", "mp4")
MOV = FileType(EvidenceKind.VIDEO, "video/quicktime", "mov")
PDF = FileType(EvidenceKind.DOCUMENT, "application/pdf", "pdf")
OFFICE = {
    "word/document.xml": FileType(EvidenceKind.DOCUMENT, DOCX, "docx"),
    "xl/workbook.xml": FileType(EvidenceKind.DOCUMENT, XLSX, "xlsx"),
}
# First bytes, and where they stand.
SIGNS: tuple[tuple[int, bytes, FileType], ...] = (
    (0, b"\xff\xd8\xff", photo("image/jpeg", "jpg")),
    (0, b"\x89PNG\r\n\x1a\n", photo("image/png", "png")),
    (0, b"GIF87a", photo("image/gif", "gif")),
    (0, b"GIF89a", photo("image/gif", "gif")),
    (8, b"WEBP", photo("image/webp", "webp")),
    (0, b"#!AMR\n", voice("audio/amr", "amr")),
    (0, b"#!AMR-WB\n", voice("audio/amr-wb", "awb")),
    (0, b"ID3", voice("audio/mpeg", "mp3")),
    (28, b"Speex   ", voice("audio/ogg", "spx")),
    (0, b"%PDF-", PDF),
)
# Major brands of ISO base media files (ISO/IEC 14496-12); all others of that family are tried as MP4.
BRANDS = {b"heic": HEIC, b"heix": HEIC, b"mif1": HEIC, b"msf1": HEIC, b"M4A ": M4A, b"M4B ": M4A, b"qt  ": MOV}
VIDEOS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"3gp4", b"3gp5")
EXTENSIONS = {
    found.mime: found.extension for found in (*(sign[2] for sign in SIGNS), *OFFICE.values(), HEIC, M4A, MP4, MOV)
}
EXTENSIONS[TEXT] = "txt"
# MPEG-1 and MPEG-2, layer 3, with or without checksum.
MP3_FRAMES = (b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2")


def recognise(content: bytes) -> FileType:
    """What it is; EvidenceError for what is not taken, is cut off, or is something else as well."""
    if not content:
        raise EvidenceError(Trouble.EMPTY)
    if content.startswith(b"PK\x03\x04"):
        return OFFICE[check_office(content, OFFICE)]
    found = find_type(content)
    if found is None:
        raise EvidenceError(Trouble.OLD_OFFICE if content.startswith(OLD_OFFICE) else Trouble.UNKNOWN_KIND)
    refuse_second_nature(content, found)
    if content[4:8] == b"ftyp":
        check_boxes(content, {b"meta"} if found is HEIC else {b"moov"})
    if found is PDF and b"%%EOF" not in content[-HEAD_BYTES:]:
        raise EvidenceError(Trouble.BROKEN)
    return found


def find_type(content: bytes) -> FileType | None:
    """By the first bytes."""
    for offset, sign, found in SIGNS:
        if content.startswith(sign, offset) and (offset == 0 or content[:4] in {b"RIFF", b"OggS"}):
            return found
    if content[4:8] == b"ftyp":
        brand = content[8:12]
        return BRANDS.get(brand) or (MP4 if brand in VIDEOS else None)
    return voice("audio/mpeg", "mp3") if content[:2] in MP3_FRAMES else None


def refuse_second_nature(content: bytes, found: FileType) -> None:
    """A file that another program would take for an archive, a page or a PDF."""
    head = content[:HEAD_BYTES]
    is_page = any(mark in head.lower() for mark in MARKUP)
    is_pdf = found is not PDF and b"%PDF-" in head
    if is_page or is_pdf or zipfile.is_zipfile(io.BytesIO(content)):
        raise EvidenceError(Trouble.HARMFUL)
