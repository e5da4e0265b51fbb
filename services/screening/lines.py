"""From what was pasted or uploaded to lines, each a name or a code."""

from services.errors import UserError

MOST_LINES = 10_000
LONGEST = 200
MOST_BYTES = 4 << 20
HEADINGS = frozenset({"企业名称", "单位名称", "名称", "统一社会信用代码", "企业名称或代码", "会员单位", "会员名称"})


def read_lines(text: str) -> list[str]:
    """The first cell of each line, blank lines left out; UserError where there is none or too many.

    A heading is left out; a number before the name, as lists have it, is not the name.
    """
    lines = [pick_cell(line) for line in text.splitlines()]
    lines = [line for line in lines if line]
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
    cells = [cell.strip().strip('"').strip() for cell in line.replace("，", ",").split(separator)]
    named = [cell for cell in cells if len(cell) > 1 and not (cell.isdecimal() and len(cell) < 8)]
    return named[0] if named else ""


def decode(content: bytes) -> str:
    """The text of an uploaded file; UserError for a workbook or what is no text."""
    if len(content) > MOST_BYTES:
        raise UserError(f"文件超过 {MOST_BYTES >> 20} MB")
    if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0":
        raise UserError("请把名单那一列复制粘贴到输入框，或在 Excel、WPS 中另存为 CSV 后上传")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UserError("文件不是文本：请上传 TXT 或 CSV")
