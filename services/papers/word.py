"""Sheets as DOCX, to be edited in Word or WPS: the same words and measures as the PDF."""

import io
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from services.papers.sheet import Sheet

# Fonts of every Windows and WPS; GB/T 9704 has 仿宋 for the text and a heavy 宋体 for titles.
TEXT_FONT, TITLE_FONT = "仿宋", "宋体"
TITLE, TEXT, CELL, NOTE = Pt(22), Pt(16), Pt(12), Pt(10.5)
LINE = Pt(29)  # 22 lines on 225 mm
LABEL_WIDTH, VALUE_WIDTH = Mm(42), Mm(114)


def make_docx(sheet: Sheet, made_at: datetime) -> bytes:
    """The DOCX; what the citizen wrote is text, never a field or a link."""
    document = Document()
    is_table = bool(sheet.rows) and not sheet.body
    set_page(document, is_table)
    said = document.core_properties
    said.title, said.author, said.created, said.modified = (
        f"{sheet.title} {sheet.number}",
        sheet.organ,
        made_at,
        made_at,
    )
    for words in (sheet.organ, sheet.title):
        write(document.add_paragraph(), words, size=TITLE, font=TITLE_FONT, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    if sheet.number:
        side = WD_ALIGN_PARAGRAPH.RIGHT if is_table else WD_ALIGN_PARAGRAPH.CENTER
        write(document.add_paragraph(), sheet.number, align=side)
    if sheet.reference:
        write(document.add_paragraph(), sheet.reference, size=CELL, align=WD_ALIGN_PARAGRAPH.CENTER)
    document.add_paragraph()
    if sheet.addressee:
        write(document.add_paragraph(), f"{sheet.addressee}：")
    for words in sheet.body:
        paragraph = document.add_paragraph()
        write(paragraph, words, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
        paragraph.paragraph_format.first_line_indent = 2 * TEXT
    if sheet.rows:
        add_table(document, sheet.rows)
    add_seal(document, sheet)
    for note in sheet.notes:
        write(document.add_paragraph(), note, size=NOTE, line=Pt(16))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def set_page(document: Any, is_table: bool) -> None:
    """A4 with the margins of an official document, smaller for a mere table; one font for what has no other."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = (Mm(22), Mm(22)) if is_table else (Mm(37), Mm(35))
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    style = document.styles["Normal"]
    style.font.name, style.font.size = TEXT_FONT, TEXT
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), TEXT_FONT)
    style.paragraph_format.space_after = Pt(0)


def write(
    paragraph: Paragraph,
    words: str,
    *,
    size: Pt = TEXT,
    font: str = TEXT_FONT,
    bold: bool = False,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
    line: Pt = LINE,
) -> None:
    """One run in a paragraph of fixed line height."""
    run = paragraph.add_run(words)
    run.font.name, run.font.size, run.font.bold = font, size, bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    paragraph.alignment = align
    spacing = paragraph.paragraph_format
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, line
    spacing.space_after = Pt(0)


def add_table(document: Any, rows: tuple[tuple[str, str], ...]) -> None:
    """Labels left, values right; a row does not break in the middle of a label."""
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for label, value in rows:
        cells = table.add_row().cells
        cells[0].width, cells[1].width = LABEL_WIDTH, VALUE_WIDTH
        write(cells[0].paragraphs[0], label, size=CELL, align=WD_ALIGN_PARAGRAPH.CENTER, line=Pt(20))
        write(cells[1].paragraphs[0], value, size=CELL, line=Pt(20))


def add_seal(document: Any, sheet: Sheet) -> None:
    """Who and when, four characters from the right, with the text above kept by it."""
    for place, words in enumerate(("", f"{sheet.organ}（印章）", sheet.day)):
        paragraph = document.add_paragraph()
        write(paragraph, words, align=WD_ALIGN_PARAGRAPH.RIGHT)
        paragraph.paragraph_format.right_indent = 4 * TEXT if place else None
        paragraph.paragraph_format.keep_with_next = place < 2
