"""The way of an article printed for docs/campaigns.md."""

from models.role import Role
from services.campaigns.wording import word_of
from services.campaigns.workflow import ASSOCIATION, BUREAU, TABLE, Line
from services.staff.words import ROLE_WORDS

OWNERS = {"": "都可以", ASSOCIATION: "商协会的", BUREAU: "主管部门的"}


def print_table() -> str:
    """Every line of the table."""
    rows = ["| 步骤 | 代码 | 哪些文章 | 从 | 到 | 谁 | 条件 | 须写理由 |", "|---|---|---|---|---|---|---|---|"]
    return "\n".join([*rows, *map(print_line, TABLE)])


def print_line(line: Line) -> str:
    """One line."""
    who = "、".join(ROLE_WORDS[role] for role in Role if role in line.who)
    guards = "、".join(f"`{guard}`" for guard in line.guards) or "–"
    cells = (
        word_of("actions", line.action),
        f"`{line.action}`",
        OWNERS[line.owner],
        word_of("states", line.source),
        word_of("states", line.target),
        who,
        guards,
        "是" if line.needs_comment else "–",
    )
    return f"| {' | '.join(cells)} |"
