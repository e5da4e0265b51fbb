"""Files that citizens may send, and files that only look like them."""

import base64
import io
import struct
import zipfile

import av
import numpy
from PIL import Image, ImageDraw

CAMERA, PLACE, REMARK = "SecretCamera", (28.0, 13.0, 41.5), b"a remark by the camera"


def make_photo(kind: str = "JPEG", size: tuple[int, int] = (120, 80), seed: int = 0) -> bytes:
    """Red on the left, blue on the right; a JPEG with camera, place, remark, and to be turned by a quarter."""
    image = Image.new("RGB", size, (200, seed % 256, 0))
    ImageDraw.Draw(image).rectangle((size[0] // 2, 0, size[0], size[1]), fill=(0, seed % 256, 200))
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112], exif[0x0110] = 6, CAMERA  # orientation: the left side is up
    exif.get_ifd(0x8825)[2] = PLACE
    more = {"exif": exif, "comment": REMARK} if kind == "JPEG" else {}
    image.save(out, kind, **more)
    return out.getvalue()


def make_box(name: bytes, content: bytes) -> bytes:
    """One box of an ISO media file."""
    return struct.pack(">I4s", len(content) + 8, name) + content


def make_movie(brand: bytes = b"isom", size: int = 500) -> bytes:
    """The boxes of a video or a recording, without a picture in it."""
    head = make_box(b"ftyp", brand + bytes(4) + brand + b"mp41")
    return head + make_box(b"moov", bytes(100)) + make_box(b"mdat", bytes(size))


def make_package(main: str, *more: tuple[str, bytes]) -> bytes:
    """A Word or Excel file with the parts that matter."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (("[Content_Types].xml", b"<Types/>"), (main, b"<main/>"), *more):
            package.writestr(name, content)
    return out.getvalue()


DOCX, XLSX = make_package("word/document.xml"), make_package("xl/workbook.xml")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
AMR = b"#!AMR\n" + (b"\x3c" + bytes(31)) * 50


def make_sound(codec: str, container: str, rate: int, seconds: int = 2) -> bytes:
    """A tone of 440 Hz, as telephones record it."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream = file.add_stream(codec, rate=rate, layout="mono", bit_rate=12_200)
        file.metadata["title"] = REMARK.decode()
        stream.codec_context.open()
        tone = (numpy.sin(numpy.arange(rate * seconds) * 440 * 2 * numpy.pi / rate) * 9000).astype(numpy.int16)
        resampler = av.AudioResampler(stream.format, "mono", rate, stream.codec_context.frame_size)
        frame = av.AudioFrame.from_ndarray(tone.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = rate
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            file.mux(stream.encode(piece))
        file.mux(stream.encode(None))
    return out.getvalue()


SPEEX = b"OggS\x00\x02" + bytes(22) + b"Speex   1.2rc1" + bytes(200)
MP3 = b"ID3\x04" + bytes(200)
# 64 by 48 pixels of red; our own library reads HEIC only.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ACJpbG9jAAAAAERAAAEAAQAAAAABoQABAAAAAAAAABkAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRt"
    "AAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA"
    "AAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5j"
    "bHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBp"
    "eGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAACFtZGF0AAAAFSgBrwtg9eWDr//yyvfqKIOhV0/1Dg=="
)
GOOD = {
    "jpg": make_photo(),
    "png": make_photo("PNG"),
    "gif": make_photo("GIF"),
    "webp": make_photo("WEBP"),
    "heic": HEIC,
    "amr": AMR,
    "awb": b"#!AMR-WB\n" + bytes(40),
    "mp3": MP3,
    "spx": SPEEX,
    "m4a": make_movie(b"M4A "),
    "mp4": make_movie(),
    "mov": make_movie(b"qt  "),
    "pdf": PDF,
    "docx": DOCX,
    "xlsx": XLSX,
}
