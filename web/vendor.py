"""Copy what npm installed, front-end libraries and the fonts of official forms: `python web/vendor.py`."""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

# From node_modules → under web/static/vendor; each library with its licence.
FILES = {
    "weui/dist/style/weui.min.css": "weui.min.css",
    "weui/LICENSE.txt": "weui.LICENSE.txt",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "htmx.LICENSE.txt",
    "echarts/dist/echarts.simple.min.js": "echarts.min.js",
    "echarts/LICENSE": "echarts.LICENSE.txt",
}

# From node_modules → under services/papers/fonts: the forms are set in them (ADR 0005).
SERIF = "@expo-google-fonts/noto-serif-sc"
FONTS = {
    f"{SERIF}/400Regular/NotoSerifSC_400Regular.ttf": "NotoSerifSC-Regular.ttf",
    f"{SERIF}/700Bold/NotoSerifSC_700Bold.ttf": "NotoSerifSC-Bold.ttf",
    f"{SERIF}/LICENSE_FONT": "NotoSerifSC.LICENSE.txt",
}


class VendorError(Exception):
    """A library is not installed; the message says what to do."""


def copy_vendor(root: Path = ROOT) -> list[Path]:
    """Copy what pages and forms need; returns the files written. VendorError when npm has not installed it."""
    targets = {name: root / "web" / "static" / "vendor" / to for name, to in FILES.items()}
    targets |= {name: root / "services" / "papers" / "fonts" / to for name, to in FONTS.items()}
    missing = [name for name in targets if not (root / "node_modules" / name).is_file()]
    if missing:
        raise VendorError(f"node_modules 中缺少 {missing[0]}，请先运行 npm ci")
    for target in targets.values():
        target.parent.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copyfile(root / "node_modules" / name, target)) for name, target in targets.items()]


if __name__ == "__main__":
    try:
        copy_vendor()
    except VendorError as error:
        sys.exit(str(error))
