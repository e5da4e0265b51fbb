"""The table of the archive's life as Markdown, for docs/archive.md; pure."""

from models.case_words import Outsider
from models.role import Role
from services.cases.facts import Who
from services.credit.life import TABLE, Move
from services.credit.words import ARCHIVE_ACTION_WORDS, LIFE_WORDS
from services.staff.words import ROLE_WORDS

HEAD = "| 步骤 | 代码 | 从 | 到 | 谁 | 条件 | 须写理由 |\n|---|---|---|---|---|---|---|"


def print_life() -> str:
    """One line for each of the table."""
    return "\n".join([HEAD, *(print_move(move) for move in TABLE)])


def print_move(move: Move) -> str:
    """A line."""
    sources = "、".join(LIFE_WORDS[life] if life else "（还没有）" for life in move.sources)
    target = LIFE_WORDS[move.target] if move.target else "不变"
    who = "、".join(sorted(name_of(one) for one in move.who))
    rules = "、".join(f"`{rule}`" for rule in move.rules) or "–"
    cells = (ARCHIVE_ACTION_WORDS[move.action], f"`{move.action}`", sources, target, who, rules)
    return f"| {' | '.join(cells)} | {'是' if move.needs_reason else '–'} |"


def name_of(who: Who) -> str:
    """Who takes the step."""
    return ROLE_WORDS[who] if isinstance(who, Role) else {Outsider.SYSTEM: "系统"}.get(who, str(who))
