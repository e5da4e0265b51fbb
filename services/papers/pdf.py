"""Sheets as PDF/A with embedded fonts, set by typst: no system package, no font of the machine."""

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

import typst

from services.errors import UserError
from services.papers.sheet import Sheet

FONTS = Path(__file__).with_name("fonts")
TEMPLATE = Path(__file__).with_name("sheet.typ")
# Archives ask for PDF/A; u: every character can be copied and searched.
STANDARD: Literal["a-2u"] = "a-2u"
LACKING = re.compile(r'the text `"(.+?)"` could not be displayed')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
GETA = "〓"  # what printers set where a type is lacking: emoji, some characters of names
MOST_LACKING = 100
PIXELS_PER_INCH = 300


@cache
def load_fonts() -> typst.Fonts:
    """The fonts that `make setup` put beside this file; UserError where it has not."""
    if not list(FONTS.glob("*.ttf")):
        raise UserError("缺少公文字体，请运行 make setup")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def make_pdf(sheet: Sheet, made_at: datetime) -> bytes:
    """The PDF; the same sheet and moment give the same bytes. What the font has not is printed as 〓."""
    return set_type(TEMPLATE, sheet.as_json(), made_at)


def set_type(template: Path, words: str, made_at: datetime, form: Literal["pdf", "png"] = "pdf") -> bytes:
    """A template with its values, a JSON text; what the font has not is printed as 〓. A picture is one page."""
    for _ in range(MOST_LACKING):
        try:
            return compile_pdf(template, words, made_at) if form == "pdf" else compile_png(template, words)
        except typst.TypstError as error:
            lacking = LACKING.findall(f"{error.message} {error.diagnostic}")
            if not lacking:
                raise
            letters = set("".join(ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) for text in lacking))
            words = "".join(GETA if letter in letters else letter for letter in words)
    raise UserError("文书中有太多不能打印的字符，请改用 DOCX")


def compile_pdf(template: Path, words: str, made_at: datetime) -> bytes:
    """One run of typst."""
    return typst.compile(
        str(template),
        format="pdf",
        font_paths=load_fonts(),
        sys_inputs={"sheet": words},
        pdf_standards=STANDARD,
        timestamp=int(made_at.timestamp()),
    )


def compile_png(template: Path, words: str) -> bytes:
    """One page as a picture, sharp enough to be printed."""
    return typst.compile(
        str(template), format="png", ppi=PIXELS_PER_INCH, font_paths=load_fonts(), sys_inputs={"sheet": words}
    )
