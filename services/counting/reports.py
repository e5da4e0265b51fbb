"""The summary report's skeleton and the quarterly report, with the figures filled in, as DOCX for people to finish."""

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from sqlalchemy.orm import Session

from models.article import Campaign
from services.calendar.telling import date_words, day_words
from services.counting.documents import add_table
from services.counting.figures import MEASURE_WORDS, Measure, Period, collect
from services.counting.rows import BY_CODE, TITLE, Cell, spell
from services.counting.table import Sheet
from services.papers.word import TEXT, set_page, write

GAP = "【请补充】"
UNITS = {Measure.COMMITMENT: "家", Measure.NOMINATION: "件", Measure.ARTICLE: "篇", Measure.COMPLAINT: "件"}


@dataclass(frozen=True)
class Material:
    """What the reports draw on."""

    bureau: str
    sheet: Sheet
    examples: tuple[str, ...] = ()  # titles of stories and articles that may be told
    missing: tuple[str, ...] = ()  # units that have not handed in


def make_summary(session: Session, campaign: Campaign, material: Material, now: datetime) -> bytes:
    """一、总体情况 … 五、存在问题和建议: figures are filled in, what only people know is marked."""
    totals = totals_of(session, Period(campaign.starts_on, campaign.ends_on, campaign.id))
    cells = material.sheet.cells
    document = begin(f"{campaign.year}年“{campaign.name}”活动总结", material.bureau, now)
    heading(document, "一、总体情况")
    say(
        document,
        f"{campaign.year}年{campaign.starts_on.month}月{campaign.starts_on.day}日至{campaign.ends_on.month}月"
        f"{campaign.ends_on.day}日，{material.bureau}组织开展“{campaign.name}”活动，主题为“{campaign.theme}”。"
        f"共举办活动{spell(BY_CODE['meeting'], cells['meeting'])}，宣传覆盖{tell(cells, 'coverage')}，"
        f"接受咨询服务{tell(cells, 'consult')}。{GAP}",
    )
    heading(document, "二、主要做法")
    for words in (
        f"（一）线下活动。会议{tell(cells, 'meeting')}；宣传资料展示{tell(cells, 'material')}。{GAP}",
        f"（二）媒体宣传。{list_media(cells)}。{GAP}",
        f"（三）群众参与。{list_totals(totals)}。{GAP}",
    ):
        say(document, words)
    heading(document, "三、活动成效")
    say(document, "数据见下表，口径见“统计口径”页。")
    title = TITLE.format(year=campaign.year)
    write(document.add_paragraph(), title, size=Pt(14), bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    add_table(document, material.sheet)
    if material.missing:
        say(document, f"尚未报送的单位：{'、'.join(material.missing)}。")
    heading(document, "四、典型案例")
    for example in material.examples or (GAP,):
        say(document, example)
    heading(document, "五、存在问题和建议")
    say(document, GAP)
    return save(document)


def make_quarterly(session: Session, year: int, quarter: int, bureau: str, now: datetime) -> bytes:
    """按季度上报工作进度 (R49): this quarter beside the one before."""
    first, last = quarter_days(year, quarter)
    before = quarter_days(*((year, quarter - 1) if quarter > 1 else (year - 1, 4)))
    totals, earlier = totals_of(session, Period(first, last)), totals_of(session, Period(*before))
    document = begin(f"{year}年第{'一二三四'[quarter - 1]}季度商务诚信工作进度", bureau, now)
    heading(document, "一、工作数据")
    say(document, f"统计期：{date_words(first)}至{day_words(last)}。")
    table = document.add_table(rows=1, cols=3, style="Table Grid")
    for cell, words in zip(table.rows[0].cells, ("项目", "本季度", "上季度"), strict=True):
        write(cell.paragraphs[0], words, size=Pt(12), bold=True, line=Pt(20))
    for measure, name in MEASURE_WORDS.items():
        line = table.add_row().cells
        values = (f"{name}（{unit_of(measure)}）", str(totals.get(measure, 0)), str(earlier.get(measure, 0)))
        for cell, words in zip(line, values, strict=True):
            write(cell.paragraphs[0], words, size=Pt(12), line=Pt(20))
    for title in ("二、主要工作", "三、存在问题", "四、下一步安排"):
        heading(document, title)
        say(document, GAP)
    return save(document)


def quarter_days(year: int, quarter: int) -> tuple[date, date]:
    """The first and last day."""
    first = date(year, quarter * 3 - 2, 1)
    after = date(year + 1, 1, 1) if quarter == 4 else date(year, quarter * 3 + 1, 1)
    return first, after - timedelta(days=1)


def totals_of(session: Session, period: Period) -> dict[Measure, int]:
    """By measure."""
    totals: dict[Measure, int] = {}
    for one in collect(session, period):
        totals[one.measure] = totals.get(one.measure, 0) + one.count
    return totals


def unit_of(measure: Measure) -> str:
    """人次, unless it counts things."""
    return UNITS.get(measure, "人次")


def list_totals(totals: dict[Measure, int]) -> str:
    """签到860人次，答题…"""
    wanted = (Measure.CHECK_IN, Measure.SIGN_UP, Measure.QUIZ, Measure.COMMITMENT, Measure.NOMINATION)
    return "，".join(f"{MEASURE_WORDS[one]}{totals.get(one, 0)}{unit_of(one)}" for one in wanted)


def list_media(cells: dict[str, Cell]) -> str:
    """纸媒新闻3篇，电视新闻…"""
    codes = ("paper", "television", "radio", "site", "video", "live")
    return "，".join(f"{BY_CODE[code].title.partition('（')[0]}{tell(cells, code)}" for code in codes)


def tell(cells: dict[str, Cell], code: str) -> str:
    """A cell's words."""
    return spell(BY_CODE[code], cells[code])


def begin(title: str, organ: str, now: datetime) -> Any:
    """A document with its title."""
    document = Document()
    set_page(document, is_table=False)
    document.core_properties.title, document.core_properties.author = title, organ
    document.core_properties.created = document.core_properties.modified = now
    write(document.add_paragraph(), title, size=Pt(22), font="宋体", bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    document.add_paragraph()
    return document


def heading(document: Any, words: str) -> None:
    """黑体, as GB/T 9704 has first headings."""
    paragraph = document.add_paragraph()
    write(paragraph, words, font="黑体")
    paragraph.paragraph_format.first_line_indent = 2 * TEXT


def say(document: Any, words: str) -> None:
    """A paragraph."""
    paragraph = document.add_paragraph()
    write(paragraph, words, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    paragraph.paragraph_format.first_line_indent = 2 * TEXT


def save(document: Any) -> bytes:
    """As bytes."""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
