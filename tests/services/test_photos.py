"""Photos of licences and signs are read by the real models; what harms or tells nothing ends in a word for it."""

import io
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from services.demo.codes import ENTERPRISE, SHOP, make_code
from services.photos.licence import understand
from services.photos.lines import Line
from services.photos.opening import open_photo
from services.photos.reader import MOST_BYTES, can_read, read_photo, run
from services.photos.reading import PhotoError, Reading, Trouble
from services.photos.recognising import recognise
from services.programs import ENVIRONMENT
from tests.licences import Licence, blur, darken, draw_card, draw_licence, draw_sign, need_font, send, tilt, turn

FIRM = Licence("湖南稻花屿食品有限公司", make_code(ENTERPRISE, "430100", "PH01"))
STALL = Licence("望城区麦朵坊小吃部", make_code(SHOP, "430112", "PH02"), "李四海", "个体工商户")


@pytest.fixture(scope="module", autouse=True)
def _font() -> None:
    need_font()


def look(photo: Image.Image) -> Reading:
    """As the program does it, without starting one."""
    return understand([Line(text, score, tuple(map(tuple, box))) for text, score, box in recognise(send(photo))])


@pytest.mark.parametrize(
    ("licence", "take"),
    [
        (STALL, lambda page: blur(turn(page, 90), 1)),
        (FIRM, lambda page: darken(turn(page, 187))),
        (STALL, lambda page: darken(tilt(page, 0.1))),
    ],
    ids=["on its side and blurred", "upside down in the dark", "at an angle in the dark"],
)
def test_a_licence_is_read(licence: Licence, take: Callable[[Image.Image], Image.Image]) -> None:
    assert look(take(draw_licence(licence, 900))) == Reading(licence.code, (licence.name,))


def test_what_cannot_be_read_is_not_guessed() -> None:
    assert look(blur(draw_licence(FIRM, 700), 7)).trouble in {Trouble.UNCLEAR, Trouble.NO_TEXT}
    assert look(Image.new("RGB", (600, 400), (90, 140, 90))) == Reading(trouble=Trouble.NO_TEXT)


def test_a_sign_and_an_identity_card() -> None:
    assert look(draw_sign("云朵岸洗衣", "干洗·水洗  电话 0731-8888888")) == Reading(names=("云朵岸洗衣",))
    assert look(draw_card(["姓名  张建国", "公民身份号码  11010519491231002X"])) == Reading(is_person=True)


def test_the_programs_read_a_photo_of_their_own_accord() -> None:
    assert can_read()
    assert read_photo(send(draw_licence(FIRM, 900))) == Reading(FIRM.code, (FIRM.name,))


def test_a_qr_code_is_enough_and_quick() -> None:
    address = f"http://www.gsxt.gov.cn/index.html?uniscid={FIRM.code}"
    page = draw_licence(Licence("看不清的名称", "", qr=address))
    for photo in (page, tilt(turn(page, 100), 0.08), blur(page, 1.5), turn(page, 33)):
        assert read_photo(send(photo)) == Reading(FIRM.code)


def as_file(photo: Image.Image, kind: str, **more: object) -> bytes:
    file = io.BytesIO()
    photo.save(file, kind, **more)  # type: ignore[arg-type]
    return file.getvalue()


def test_pictures_of_all_kinds_are_opened_upright_and_small() -> None:
    wide = Image.new("RGB", (3000, 1500), (200, 10, 10))
    for kind in ("JPEG", "PNG", "WEBP", "BMP", "GIF"):
        assert open_photo(as_file(wide, kind), 300).size == (300, 150), kind
    assert open_photo(as_file(wide, "MPO", save_all=True, append_images=[wide]), 300).size == (300, 150)
    assert open_photo(as_file(wide.convert("LA"), "PNG"), 300).mode == "RGB"
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    assert open_photo(as_file(wide, "JPEG", exif=exif), 300).size == (150, 300)


def claim_size(side: int) -> bytes:
    """A PNG of a few bytes that says it is enormous."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", Trouble.NOT_A_PHOTO),
        ("您好".encode(), Trouble.NOT_A_PHOTO),
        (send(Image.new("RGB", (300, 200)))[:-40], Trouble.NOT_A_PHOTO),
        (b"\xff\xd8\xff\xe0" + os.urandom(500), Trouble.NOT_A_PHOTO),
        (as_file(Image.new("RGB", (30, 20)), "TIFF"), Trouble.NOT_A_PHOTO),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Trouble.NOT_A_PHOTO),
        (claim_size(300), Trouble.NOT_A_PHOTO),
        (claim_size(8_000), Trouble.TOO_BIG),
        (claim_size(60_000), Trouble.TOO_BIG),
    ],
)
def test_broken_and_hostile_files_are_named(content: bytes, trouble: Trouble) -> None:
    with pytest.raises(PhotoError) as caught:
        open_photo(content, 1000)
    assert caught.value.trouble is trouble


def test_trouble_comes_through_from_the_program() -> None:
    assert read_photo(b"no picture") == Reading(trouble=Trouble.NOT_A_PHOTO)
    assert read_photo(bytes(MOST_BYTES + 1)) == Reading(trouble=Trouble.TOO_BIG)


@pytest.mark.parametrize("harm", [b"memory", b"time", b"end", b"/file"])
def test_a_program_that_is_taken_over_reaches_nothing(harm: bytes, tmp_path: Path) -> None:
    file = tmp_path / "left behind"
    with pytest.raises(PhotoError) as caught:
        run("tests.services.greedy", bytes(file) if harm == b"/file" else harm, 2.0 if harm == b"time" else 20.0)
    assert caught.value.trouble is Trouble.FAILED
    assert not file.exists() or file.stat().st_size == 0


def test_a_program_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "k8Jw2vQx7LmZr4TnB6yHcF1sD9gAeU3p")
    assert set(run("tests.services.greedy", b"", 20.0)) <= {"LC_CTYPE", "PATH", *ENVIRONMENT}
