"""Copy the front-end libraries that npm installed to web/static/vendor/: `python web/vendor.py`."""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

# From node_modules → under web/static/vendor; each library with its licence.
FILES = {
    "weui/dist/style/weui.min.css": "weui.min.css",
    "weui/LICENSE.txt": "weui.LICENSE.txt",
}


class VendorError(Exception):
    """A library is not installed; the message says what to do."""


def copy_vendor(root: Path = ROOT) -> list[Path]:
    """Copy what the pages need; returns the files written. VendorError when npm has not installed it."""
    target = root / "web" / "static" / "vendor"
    missing = [name for name in FILES if not (root / "node_modules" / name).is_file()]
    if missing:
        raise VendorError(f"node_modules 中缺少 {missing[0]}，请先运行 npm ci")
    target.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copyfile(root / "node_modules" / name, target / to)) for name, to in FILES.items()]


if __name__ == "__main__":
    try:
        copy_vendor()
    except VendorError as error:
        sys.exit(str(error))
