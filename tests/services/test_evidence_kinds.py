"""What a file is, by its content: what is taken, what is refused, and what the copy to display still tells."""

import io
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import av
import numpy
import pytest
from PIL import Image

from services.evidence.examining import examine
from services.evidence.kinds import EXTENSIONS, EvidenceKind, recognise
from services.evidence.listening import make_playable
from services.evidence.looking import LONGEST_SIDE
from services.evidence.trouble import WORDS, EvidenceError, Trouble
from tests.evidence_files import (
    AMR,
    CAMERA,
    DOCX,
    GOOD,
    PDF,
    REMARK,
    make_box,
    make_movie,
    make_package,
    make_photo,
    make_sound,
)
from tests.evidence_room import VIEWS

ROOT = Path(__file__).parents[2]
SOUNDS = {
    "amr": ("libopencore_amrnb", "amr", 8000),
    "mp3": ("libmp3lame", "mp3", 44100),
    "m4a": ("aac", "ipod", 44100),
}


def make_bomb(packed_from: int) -> bytes:
    """A Word file that unpacks to `packed_from` zeros."""
    return make_package("word/document.xml", ("word/media/image1.png", bytes(packed_from)))


def make_pixel_bomb() -> bytes:
    """A small file of 64 million pixels."""
    out = io.BytesIO()
    Image.new("1", (8000, 8000)).save(out, "PNG")
    return out.getvalue()


def zip_of(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in names:
            package.writestr(name, b"x")
    return out.getvalue()


PHOTO = GOOD["jpg"]
REFUSED = {
    "empty": (b"", Trouble.EMPTY),
    "text": ("我要投诉".encode(), Trouble.UNKNOWN_KIND),
    "page": (b"<html><script>alert(1)</script>", Trouble.UNKNOWN_KIND),
    "drawing": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", Trouble.UNKNOWN_KIND),
    "program": (b"MZ" + bytes(500), Trouble.UNKNOWN_KIND),
    "bitmap": (make_photo("BMP"), Trouble.UNKNOWN_KIND),
    "archive": (zip_of("a.txt"), Trouble.UNKNOWN_KIND),
    "slides": (zip_of("[Content_Types].xml", "ppt/presentation.xml"), Trouble.UNKNOWN_KIND),
    "silk": (b"\x02#!SILK_V3" + bytes(50), Trouble.UNKNOWN_KIND),
    "wave": (b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(50), Trouble.UNKNOWN_KIND),
    "riff that says WEBP elsewhere": (b"XXXX\x24\x00\x00\x00WEBP" + bytes(50), Trouble.UNKNOWN_KIND),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), Trouble.OLD_OFFICE),
    "macros": (make_package("word/document.xml", ("word/vbaProject.bin", b"x")), Trouble.MACROS),
    "both word and excel": (make_package("word/document.xml", ("xl/workbook.xml", b"x")), Trouble.UNKNOWN_KIND),
    "half a word file": (DOCX[: len(DOCX) // 2], Trouble.BROKEN),
    "word file with a flipped bit": (DOCX[:60] + bytes([DOCX[60] ^ 1]) + DOCX[61:], Trouble.BROKEN),
    "bomb": (make_bomb(201 << 20), Trouble.HARMFUL),
    "many parts": (zip_of(*(f"{n}" for n in range(5001))), Trouble.HARMFUL),
    "photo and archive": (PHOTO + zip_of("evil.jar"), Trouble.HARMFUL),
    "video and archive": (make_movie() + zip_of("evil.jar"), Trouble.HARMFUL),
    "pdf and archive": (PDF + zip_of("evil.jar"), Trouble.HARMFUL),
    "recording and page": (b"ID3<html><script>alert(1)</script>" + bytes(99), Trouble.HARMFUL),
    "gif and script": (b"GIF89a/*<script>*/" + bytes(99), Trouble.HARMFUL),
    "photo and pdf": (b"\xff\xd8\xff\xfe\x00\x40%PDF-1.4 " + PHOTO[2:], Trouble.HARMFUL),
    "something before the archive": (b"PK\x03\x04" + bytes(30) + DOCX, Trouble.HARMFUL),
    "half a photo": (make_photo(size=(800, 600))[:2000], Trouble.BROKEN),
    "only the beginning of a photo": (b"\xff\xd8\xff" + bytes(100), Trouble.BROKEN),
    "half a video": (make_movie(size=5000)[:-1000], Trouble.BROKEN),
    "video without its table": (make_box(b"ftyp", b"isom" + bytes(8)) + make_box(b"mdat", bytes(9)), Trouble.BROKEN),
    "half a pdf": (PDF[:20], Trouble.BROKEN),
    "pixels": (make_pixel_bomb(), Trouble.TOO_MANY_PIXELS),
}


@pytest.mark.parametrize("extension", GOOD)
def test_what_citizens_have_is_taken_for_what_it_is(extension: str) -> None:
    found = examine(GOOD[extension])
    assert found.extension == extension
    assert EXTENSIONS[found.mime] == extension
    assert found.view or found.kind is not EvidenceKind.PHOTO
    assert found.view_mime == (VIEWS[found.kind] if found.view else "")


@pytest.mark.parametrize("name", REFUSED)
def test_everything_else_is_refused_with_its_reason(name: str) -> None:
    content, trouble = REFUSED[name]
    with pytest.raises(EvidenceError) as refused:
        examine(content)
    assert refused.value.trouble is trouble


def test_a_copy_to_display_is_upright_in_bounds_and_tells_nothing_else() -> None:
    original = make_photo(size=(4000, 3000))
    view = examine(original).view
    image = Image.open(io.BytesIO(view))
    assert image.size == (LONGEST_SIDE * 3 // 4, LONGEST_SIDE), "turned, then fitted"
    top, bottom = image.getpixel((900, 200)), image.getpixel((900, 2200))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 150 > bottom[0]
    assert CAMERA.encode() in original
    assert REMARK in original
    for secret in (CAMERA.encode(), REMARK, b"Exif", b"GPS"):
        assert secret not in view
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("telephone", SOUNDS)
def test_what_telephones_record_is_heard_in_a_browser(telephone: str) -> None:
    original = make_sound(*SOUNDS[telephone])
    heard = examine(original)
    assert heard.view_mime == "audio/mpeg"
    loudness, seconds, metadata = hear(heard.view)
    assert loudness > 1000, "the tone that was recorded"
    assert 1.9 < seconds < 2.3
    assert REMARK not in heard.view
    assert set(metadata) <= {"encoder"}


def hear(content: bytes) -> tuple[float, float, dict[str, str]]:
    """How loud it is on average, how long, and what it says about itself."""
    with av.open(io.BytesIO(content), "r", format="mp3") as file:
        sound = numpy.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])
        rate, metadata = file.streams.audio[0].rate, dict(file.metadata)
    return float(numpy.abs(sound).mean() * 32767), len(sound) / rate, metadata


def test_a_recording_without_sound_is_kept_and_has_no_copy() -> None:
    for extension in ("mp3", "m4a", "spx"):
        found = examine(GOOD[extension])
        assert (found.kind, found.view, found.view_mime) == (EvidenceKind.VOICE, b"", "")


def test_a_recording_that_is_too_long_has_no_copy() -> None:
    original = make_sound(*SOUNDS["amr"])
    assert make_playable(original, recognise(original), longest=2.5)
    assert make_playable(original, recognise(original), longest=1) == b""


def test_a_moment_that_is_lost_does_not_silence_the_rest() -> None:
    original = make_sound(*SOUNDS["amr"])
    hurt = original[: 6 + 32 * 20] + b"\x7c" + original[6 + 32 * 21 :]  # a frame that says nothing, of one byte
    loudness, seconds, _ = hear(examine(hurt).view)
    assert loudness > 1000
    assert 1.8 < seconds < 2.3


def test_a_photo_that_moves_is_taken() -> None:
    moving = make_photo() + make_movie()  # 动态照片: a video follows the picture
    assert examine(moving).mime == "image/jpeg"


def test_it_is_looked_at_by_a_program_that_can_write_no_file() -> None:
    lookout = (
        "import resource, runpy, sys; sys.argv=['x'];"
        "runpy.run_module('services.evidence.looking', run_name='__main__');"
        "assert resource.getrlimit(resource.RLIMIT_FSIZE)==(0, 0)"
    )
    done = subprocess.run([sys.executable, "-c", lookout], input=AMR, capture_output=True, cwd=ROOT, env={}, check=True)
    assert b'"voice"' in done.stdout


def test_whatever_comes_is_taken_or_refused() -> None:
    """Good files with bytes changed, cut and doubled: never another error."""
    draw = random.Random(20261121)
    for _ in range(3000):
        content = bytearray(draw.choice(list(GOOD.values())))
        for _ in range(draw.randrange(1, 6)):
            at = draw.randrange(len(content))
            match draw.randrange(3):
                case 0:
                    content[at] = draw.randrange(256)
                case 1:
                    del content[at : at + draw.randrange(1, 40)]
                case _:
                    content[at:at] = content[: draw.randrange(1, 60)]
            if not content:
                break
        try:
            recognise(bytes(content))
        except EvidenceError:
            continue


def test_every_trouble_has_its_words() -> None:
    assert set(WORDS["trouble"]) == set(Trouble)
    assert set(WORDS["kinds"]) == set(EvidenceKind)
