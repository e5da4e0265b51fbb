"""How codes, files and official sites are put into a page."""

import hashlib
import re
from pathlib import Path

from markupsafe import Markup, escape

from config.bureau import Bureau, OfficialSite

STATIC = Path(__file__).parent.parent / "static"

# 统一社会信用代码: authority and kind · region · body · check (GB 32100-2015).
CODE_GROUPS = (2, 6, 9, 1)

DATE = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日")


def group_code(code: str) -> list[str]:
    """The parts in which a code is read easily; only an 18-character code has parts of its own."""
    if len(code) != sum(CODE_GROUPS):
        return [code[start : start + 5] for start in range(0, len(code), 5)]
    parts = []
    for length in CODE_GROUPS:
        parts.append(code[:length])
        code = code[length:]
    return parts


def keep_dates_whole(text: str) -> Markup:
    """The text, escaped, with dates that no line break tears apart."""
    return Markup(DATE.sub(r'<span class="whole">\g<0></span>', str(escape(text))))  # noqa: S704 - escaped


def fingerprint(folder: Path) -> dict[str, str]:
    """A short hash of each file below `folder`, by its relative path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def pick_site(bureau: Bureau, name: str) -> OfficialSite | None:
    """The official site of that name, where the bureau's list has it."""
    return next((site for site in bureau.official_sites if site.name == name), None)
