"""Photos of invented licences, shop signs and cards, drawn by a seed: askew, on their side, blurred, in bad light."""

import io
import os
import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = ("NotoSerifCJK-Bold.ttc", "NotoSansCJK-Regular.ttc", "wqy-zenhei.ttc", "wqy-microhei.ttc", "uming.ttc")
FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
NO_FONT = "NO CHINESE FONT: apt-get install fonts-noto-cjk"
TABLE = (110, 90, 70)  # the colour of what a licence lies on
INK = (25, 25, 25)
SCOPE = "食品生产；食品销售；农副产品销售；日用百货销售。（依法须经批准的项目，经相关部门批准后方可开展经营活动）"


@dataclass(frozen=True)
class Licence:
    """What stands on a licence."""

    name: str
    code: str
    person: str = "张建国"
    kind: str = "有限责任公司（自然人投资或控股）"
    qr: str = ""


@lru_cache(maxsize=1)
def find_font() -> Path | None:
    """A font with Chinese characters."""
    for name in FONTS:
        for folder in FOLDERS:
            if found := next(folder.rglob(name), None):
                return found
    return None


def need_font() -> None:
    """Without a font nothing can be drawn: the test skips and says so, under CI it fails."""
    if find_font() is None:
        if os.environ.get("CI"):
            pytest.fail(NO_FONT)
        pytest.skip(NO_FONT)


def write(draw: ImageDraw.ImageDraw, place: tuple[float, float], text: str, size: float, **more: object) -> None:
    """Words at a place."""
    font = find_font()
    assert font, "no Chinese font"
    draw.text(place, text, font=ImageFont.truetype(str(font), size), **({"fill": INK} | more))  # type: ignore[arg-type]


def draw_licence(licence: Licence, width: int = 1300) -> Image.Image:
    """A 营业执照副本, as wide as a phone sends it."""
    page = Image.new("RGB", (1600, 1130), (246, 243, 232))
    draw = ImageDraw.Draw(page)
    draw.rectangle((30, 30, 1570, 1100), outline=(170, 120, 60), width=8)
    write(draw, (800, 200), "营业执照", 110, anchor="mm")
    write(draw, (800, 290), "（副  本）", 34, anchor="mm")
    write(draw, (110, 150), "统一社会信用代码", 28)
    write(draw, (110, 195), licence.code, 32)
    left = {"名    称": licence.name, "类    型": licence.kind, "法定代表人": licence.person, "经营范围": SCOPE}
    right = {"注册资本": "贰佰万元整", "成立日期": "2018年03月12日", "住    所": "湖南省长沙市示范路1号"}
    draw_fields(draw, left, 110, 290, 20)
    draw_fields(draw, right, 970, 1140, 14)
    write(draw, (1000, 850), "登记机关", 34)
    draw.ellipse((1130, 780, 1370, 1020), outline=(200, 30, 30), width=6)
    if licence.qr:
        page.paste(draw_qr(licence.qr).resize((220, 220)), (1290, 80))
    return page.resize((width, width * 1130 // 1600), Image.Resampling.LANCZOS)


def draw_fields(draw: ImageDraw.ImageDraw, fields: dict[str, str], left: int, inside: int, length: int) -> None:
    """Headings with their values, which go on in further rows after `length` characters."""
    top = 400
    for heading, value in fields.items():
        write(draw, (left, top), heading, 28)
        for start in range(0, len(value), length):
            write(draw, (inside, top), value[start : start + length], 30)
            top += 48
        top += 22


def draw_qr(text: str) -> Image.Image:
    """A QR code, ten pixels a module."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    return Image.fromarray(np.array(zxingcpp.write_barcode_to_image(code, scale=10))).convert("RGB")


def draw_sign(words: str, below: str = "") -> Image.Image:
    """A shop's sign in the street."""
    street = Image.new("RGB", (1000, 640), (120, 130, 140))
    draw = ImageDraw.Draw(street)
    draw.rectangle((60, 150, 940, 360), fill=(180, 20, 30))
    write(draw, (500, 240), words, 800 / max(len(words), 6), fill=(255, 240, 200), anchor="mm")
    write(draw, (500, 332), below, 28, fill=(255, 255, 255), anchor="mm")
    return street


def draw_card(rows: list[str]) -> Image.Image:
    """A card with some rows of words."""
    card = Image.new("RGB", (900, 560), (225, 235, 240))
    draw = ImageDraw.Draw(card)
    for number, row in enumerate(rows):
        write(draw, (50, 50 + number * 90), row, 36)
    return card


# What happens to a photo.


def turn(photo: Image.Image, degrees: float) -> Image.Image:
    """Taken with the phone held askew, on its side or upside down."""
    return photo.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=TABLE)


def blur(photo: Image.Image, radius: float) -> Image.Image:
    """Out of focus."""
    return photo.filter(ImageFilter.GaussianBlur(radius))


def tilt(photo: Image.Image, share: float, seed: int = 1) -> Image.Image:
    """Photographed at an angle: each corner is moved by up to this share of the picture."""
    chance = random.Random(seed)
    width, height = int(photo.width * 1.2), int(photo.height * 1.2)
    corners = [(0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)]
    inward = [(1, 1), (-1, 1), (-1, -1), (1, -1)]
    seen = [
        ((x + a * chance.uniform(0, share)) * width, (y + b * chance.uniform(0, share)) * height)
        for (x, y), (a, b) in zip(corners, inward, strict=True)
    ]
    flat = [(0, 0), (photo.width, 0), (photo.width, photo.height), (0, photo.height)]
    rows = [
        row
        for (x, y), (u, v) in zip(seen, flat, strict=True)
        for row in ([x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y])
    ]
    lens = np.linalg.solve(np.array(rows), np.array(flat).ravel())
    method = Image.Transform.PERSPECTIVE
    return photo.transform((width, height), method, lens.tolist(), Image.Resampling.BICUBIC, fillcolor=TABLE)


def darken(photo: Image.Image, seed: int = 1) -> Image.Image:
    """In bad light: dark, more so to one side, with the noise of a small camera."""
    chance = np.random.default_rng(seed)
    light = np.linspace(0.75, 0.35, photo.width)[None, :, None]
    noisy = np.asarray(photo) * light + chance.normal(0, 8, (photo.height, photo.width, 3))
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def send(photo: Image.Image, quality: int = 60) -> bytes:
    """As WeChat sends it: a JPEG of small quality."""
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=quality)
    return file.getvalue()
