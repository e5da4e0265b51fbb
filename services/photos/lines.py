"""Lines of words on a photo, put upright: a page may lie on its side, on its head or askew (pure)."""

import cmath
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]

# What stands on a licence from top to bottom; tells which way is up.
DOWNWARDS = [re.compile(word) for word in ("营业执照", "名称", "类型|组成形式", "经营范围", "登记机关")]


@dataclass(frozen=True)
class Line:
    """One line as it was found: four corners in pixels from the photo's top left, around the words in order."""

    text: str
    score: float  # how sure the reading is, 0 to 1
    corners: tuple[Point, ...]


@dataclass(frozen=True)
class Placed:
    """A line on the upright page; the unit is the photo's pixel, y grows downwards."""

    text: str
    score: float
    left: float
    right: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """How big its characters are."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Its distance from the top."""
        return (self.top + self.bottom) / 2


def put_upright(lines: Sequence[Line]) -> list[Placed]:
    """The lines on the upright page, from top to bottom."""
    along = find_direction(lines)
    placed = [place(line, along) for line in lines]
    if count_downwards(placed) < 0:
        placed = [place(line, -along) for line in lines]
    return sorted(placed, key=lambda line: line.middle)


def find_direction(lines: Sequence[Line]) -> complex:
    """The direction in which most words run, of length 1, pointing right; or its opposite, on a page on its head.

    Directions are added with their angle doubled: a line and the same line turned round then agree.
    """
    total = 0j
    for line in lines:
        first, second, _, last = (complex(*corner) for corner in line.corners)
        long, short = sorted((second - first, last - first), key=abs, reverse=True)
        if abs(long):
            total += (long / abs(long)) ** 2 * (abs(long) - abs(short))
    return cmath.exp(0.5j * cmath.phase(total)) if total else 1 + 0j


def place(line: Line, along: complex) -> Placed:
    """Where a line lies on the page whose words run in this direction."""
    turned = [complex(*corner) * along.conjugate() for corner in line.corners]
    across, down = [point.real for point in turned], [point.imag for point in turned]
    return Placed(line.text, line.score, min(across), max(across), min(down), max(down))


def count_downwards(lines: Sequence[Placed]) -> int:
    """How many pairs of a licence's headings stand in their order, less those that stand the other way round."""
    heights = [[line.middle for line in lines if pattern.match(bare(line.text))] for pattern in DOWNWARDS]
    found = [statistics.mean(places) for places in heights if places]
    pairs = [(upper, lower) for place, upper in enumerate(found) for lower in found[place + 1 :]]
    return sum(1 if lower > upper else -1 for upper, lower in pairs)


def bare(text: str) -> str:
    """Without blanks and colons."""
    return re.sub(r"[\s:：]", "", text)
