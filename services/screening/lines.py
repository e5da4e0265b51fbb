"""From what was pasted or uploaded to lines, each a name or a code."""

import json
import subprocess

from services.errors import UserError
from services.imports.reading import TROUBLES, WORKBOOKS
from services.programs import ask_program

PROGRAM, MOST_SECONDS = "services.screening.unfolding", 30.0
MOST_LINES = 10_000
LONGEST = 200
MOST_BYTES = 4 << 20
CODE_HEADINGS = ("统一社会信用代码", "社会信用代码", "信用代码")
NAME_HEADINGS = (
    "企业名称或代码",
    "企业名称",
    "单位名称",
    "会员单位",
    "会员名称",
    "行政相对人名称",
    "市场主体名称",
    "公司名称",
    "名称",
)
HEADINGS = frozenset({*CODE_HEADINGS, *NAME_HEADINGS})


def read_lines(text: str) -> list[str]:
    """The first cell of each line; a number before the name, as lists have it, is not the name."""
    return check_lines([pick_cell(line) for line in text.splitlines()])


def check_lines(cells: list[str]) -> list[str]:
    """Blank ones and a heading left out; UserError where there is none or too many."""
    lines = [line for line in cells if line]
    if lines and lines[0] in HEADINGS:
        lines = lines[1:]
    if not lines:
        raise UserError("没有看到企业名称或代码：每行写一个")
    if len(lines) > MOST_LINES:
        raise UserError(f"一次最多 {MOST_LINES} 行，现在有 {len(lines)} 行，请分几次")
    if too_long := next((at for at, line in enumerate(lines, 1) if len(line) > LONGEST), None):
        raise UserError(f"第 {too_long} 行超过 {LONGEST} 个字，不像企业名称，请检查后重新提交")
    return lines


def pick_cell(line: str) -> str:
    """The name or code of a line that may be a row of a sheet: 1,湖南稻花屿食品有限公司,张三."""
    separator = "\t" if "\t" in line else ","
    return choose_cell([cell.strip().strip('"') for cell in line.replace("，", ",").split(separator)])


def choose_cell(cells: list[str]) -> str:
    """The first that may be a name or a code; "" where none may."""
    named = [cell.strip() for cell in cells]
    named = [cell for cell in named if len(cell) > 1 and not (cell.isdecimal() and len(cell) < 8)]
    return named[0] if named else ""


def read_file(content: bytes) -> list[str]:
    """The lines of an uploaded workbook or text; UserError for what is neither."""
    if len(content) > MOST_BYTES:
        raise UserError(f"文件超过 {MOST_BYTES >> 20} MB")
    return check_lines(read_workbook(content)) if content.startswith(WORKBOOKS) else read_lines(decode(content))


def read_workbook(content: bytes) -> list[str]:
    """Its list of firms, read by a program of its own."""
    try:
        told = json.loads(ask_program(PROGRAM, content, MOST_SECONDS))
    except (OSError, subprocess.SubprocessError, ValueError):
        told = {"trouble": "too_big"}
    if isinstance(told, dict):
        raise UserError(f"文件{TROUBLES[told['trouble']]}")
    return [str(text) for text in told]


def decode(content: bytes) -> str:
    """The text of an uploaded file; UserError for what is no text."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UserError("文件不是表格也不是文本：请上传 XLSX、CSV 或 TXT")
