"""Numbers in names, written or spoken: 31重工, 三幺重工 for 三一重工; 二十一世纪 for 21世纪 (pure)."""

import re

DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
HAN = {han: digit for digit, han in DIGITS.items()} | {"〇": "0", "○": "0", "幺": "1", "两": "2", "二": "2"}
RUN = re.compile("[0-9]+")
HAN_RUN = re.compile("[零〇○一幺二三四五六七八九]{2,}")
TENS = re.compile("([一二三四五六七八九]?)十([一二三四五六七八九]?)")


def read_number(digits: str) -> str:
    """A number below 100 as it is read: 21 二十一."""
    number = int(digits)
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else DIGITS[str(tens)]) + "十" + (DIGITS[str(ones)] if ones else "")


def other_numerals(name: str) -> list[str]:
    """The same normalised name with its numbers written in other ways, without itself."""
    spelt = name.replace("幺", "一")
    ways = [
        spelt,
        RUN.sub(lambda run: "".join(DIGITS[digit] for digit in run[0]), spelt),
        RUN.sub(lambda run: read_number(run[0]) if 10 <= int(run[0]) <= 99 else run[0], spelt),
        HAN_RUN.sub(lambda run: "".join(HAN[han] for han in run[0]), spelt),
        TENS.sub(lambda ten: HAN.get(ten[1], "1") + HAN.get(ten[2], "0"), spelt),
    ]
    return [way for way in dict.fromkeys(ways) if way != name]
