"""A place that was sent from a phone's map: told with its coordinates, and found again in what was told; pure."""

import re
from dataclasses import dataclass

POINT = re.compile(r"（北纬(-?\d{1,2}\.\d{5})，东经(-?\d{1,3}\.\d{5})）")


@dataclass(frozen=True)
class Point:
    """Coordinates as WeChat gives them, of China's own grid (GCJ-02)."""

    latitude: str
    longitude: str


def tell_place(label: str, latitude: float, longitude: float) -> str:
    """五一广场（北纬28.22821，东经112.93881）."""
    return f"{label}（北纬{latitude:.5f}，东经{longitude:.5f}）"


def find_points(text: str) -> list[Point]:
    """All that were told, in their order."""
    return [Point(*found) for found in POINT.findall(text)]


def link_points(template: str, text: str) -> list[str]:
    """Addresses on the map of cases.toml, which hold the coordinates alone; none where the bureau wants no map."""
    found = find_points(text) if template else []
    return [template.format(latitude=point.latitude, longitude=point.longitude) for point in found]
