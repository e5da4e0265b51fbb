"""Photos of drawn licences and signs, each harmed in one way: how many are read right, how fast, with how much memory.

`wrong` counts a valid code or a clearly read name that is another one. QR codes beside OpenCV's reader.
"""

import argparse
import random
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date

import cv2
import numpy as np
from PIL import Image

from services.demo.firms import invent_firms
from services.enterprises.codes import is_valid
from services.photos.reader import read_photo
from services.photos.reading import Reading
from tests.licences import Licence, blur, darken, draw_licence, draw_sign, send, tilt, turn

SEED, TODAY = 20261121, date(2026, 11, 21)
Harm = Callable[[Image.Image, int], Image.Image]
HARMS: dict[str, Harm] = {
    "upright": lambda page, _: page,
    "on its side": lambda page, seed: turn(page, 90 + 180 * (seed % 2)),
    "upside down": lambda page, _: turn(page, 180),
    "askew": lambda page, seed: turn(page, random.Random(seed).uniform(-25, 25)),
    "at an angle": lambda page, seed: tilt(page, 0.12, seed),
    "in bad light": darken,
    "blurred": lambda page, _: blur(page, 2),
    "700 pixels wide": lambda page, _: page.resize((700, 700 * page.height // page.width)),
    "all at once": lambda page, seed: darken(tilt(turn(blur(page, 1), 7 + 90 * (seed % 4)), 0.08, seed), seed),
}


def draw_licences(count: int) -> list[Licence]:
    """Of invented firms."""
    firms = [firm.enterprise for firm in invent_firms(count * 3, SEED, TODAY) if firm.enterprise.credit_code]
    return [Licence(firm.name, firm.credit_code or "", kind=firm.kind or "") for firm in firms[:count]]


def is_wrong(reading: Reading, licence: Licence) -> bool:
    """It names another firm and does not say that it may be mistaken."""
    has_other_code = reading.code != licence.code and is_valid(reading.code)
    has_other_name = bool(reading.names) and reading.is_sure and licence.name not in reading.names
    return has_other_code or (has_other_name and not reading.code)


def measure(title: str, photos: list[bytes], licences: list[Licence]) -> None:
    """One line of the table."""
    seconds, readings = [], []
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for photo in photos:
        began = time.perf_counter()
        readings.append(read_photo(photo))
        seconds.append(time.perf_counter() - began)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    pairs = list(zip(readings, licences, strict=True))
    code = tell_share([reading.code == licence.code for reading, licence in pairs if licence.code])
    name = tell_share([licence.name in reading.names for reading, licence in pairs if licence.name])
    wrong = sum(is_wrong(reading, licence) for reading, licence in pairs)
    cpu = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / len(photos)
    print(
        f"{title:<18}{len(photos):>4}{code:>8}{name:>8}{wrong:>7}"
        f"{statistics.median(seconds):>9.2f}{max(seconds):>9.2f}{cpu:>8.2f}{after.ru_maxrss // 1024:>7}",
        flush=True,
    )


def tell_share(right: list[bool]) -> str:
    """Percent; a dash where there was nothing to read."""
    return f"{statistics.mean(right) * 100:.0f}" if right else "–"


def measure_peer(photos: list[bytes], licences: list[Licence]) -> None:
    """OpenCV's reader on the same pictures with QR codes."""
    reader, right, began = cv2.QRCodeDetector(), 0, time.perf_counter()
    for photo, licence in zip(photos, licences, strict=True):
        image = cv2.imdecode(np.frombuffer(photo, np.uint8), cv2.IMREAD_COLOR)
        right += image is not None and licence.code in reader.detectAndDecode(image)[0]
    seconds = (time.perf_counter() - began) / len(photos)
    print(
        f"OpenCV, QR codes  {len(photos):>4}{right / len(photos) * 100:>8.0f}{'':>15}{seconds:>9.2f} without a program"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=3, help="photos of each kind")
    licences = draw_licences(parser.parse_args(arguments).each)
    print(f"{'':<18}{'n':>4}{'code%':>8}{'name%':>8}{'wrong':>7}{'median s':>9}{'most s':>9}{'CPU s':>8}{'MB':>7}")
    pages = [draw_licence(licence) for licence in licences]
    for title, harm in HARMS.items():
        measure(title, [send(harm(page, seed)) for seed, page in enumerate(pages)], licences)
    signs = [Licence(licence.name, "") for licence in licences]
    measure("shop signs", [send(draw_sign(sign.name, "电话 0731-8888888")) for sign in signs], signs)
    address = "http://www.gsxt.gov.cn/index.html?uniscid="
    coded = [draw_licence(Licence(one.name, one.code, qr=address + one.code)) for one in licences]
    photos = [send(HARMS["all at once"](page, seed)) for seed, page in enumerate(coded)]
    measure("QR codes, all", photos, [Licence("", licence.code) for licence in licences])
    measure_peer(photos, licences)


if __name__ == "__main__":
    main()
