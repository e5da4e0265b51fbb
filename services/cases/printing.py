"""The workflow as tables in Markdown, for docs/cases.md and for whoever asks the command line."""

from models.case_words import Timer
from services.cases.sight import SIGHTS, Field, Sight, Viewer
from services.cases.wording import WORDS, name_of
from services.cases.workflow import LIVE, OPEN, TABLE, TIMERS, Transition

MARKS = {Sight.OPEN: "●", Sight.MASKED: "◐", Sight.HIDDEN: "–"}


def print_workflow() -> str:
    """Every step: from, to, who, conditions, what must be given."""
    rows = ["| 步骤 | 代码 | 从 | 到 | 谁 | 条件 | 须填 | 通知市民 |", "|---|---|---|---|---|---|---|---|"]
    rows += [print_line(line) for line in TABLE]
    return "\n".join(rows)


def print_line(line: Transition) -> str:
    """One step."""
    places = {OPEN: "任何未办结状态", LIVE: "归档前任何状态"}
    sources = places.get(line.sources) or "、".join(name_of("states", state) for state in line.sources)
    cells = [
        WORDS["actions"][line.action]["name"],
        f"`{line.action}`",
        sources,
        name_of("states", line.target) or "不变",
        "、".join(sorted(name_of("roles", who) for who in line.who)),
        "、".join(f"`{guard}`" for guard in line.guards) or "–",
        "、".join(WORDS["fields"][need] for need in line.needs) or "–",
        "是" if line.tells else "–",
    ]
    return f"| {' | '.join(cells)} |"


def print_timers() -> str:
    """Every deadline: what begins it, where it runs and stands still, what ends it early, what takes it up again."""
    rows = ["| 期限 | 代码 | 开始 | 计时 | 暂停 | 提前结束 | 接着计时 |", "|---|---|---|---|---|---|---|"]
    for rule in TIMERS:
        cells = [
            name_of("timers", Timer(rule.timer)),
            f"`{rule.timer}`",
            "、".join(WORDS["actions"][action]["name"] for action in rule.starts),
            "、".join(name_of("states", state) for state in rule.runs),
            "、".join(name_of("states", state) for state in rule.pauses) or "–",
            "、".join(WORDS["actions"][action]["name"] for action in rule.ends) or "–",
            "、".join(WORDS["actions"][action]["name"] for action in rule.goes_on) or "–",
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def print_sights() -> str:
    """Who sees what: ● seen, ◐ masked until looked at with a reason, – hidden."""
    rows = [f"| | {' | '.join(f'`{viewer}`' for viewer in Viewer)} |", "|---" * (len(Viewer) + 1) + "|"]
    for field in Field:
        marks = [MARKS[SIGHTS[viewer].get(field, Sight.HIDDEN)] for viewer in Viewer]
        rows.append(f"| `{field}` | {' | '.join(marks)} |")
    return "\n".join(rows)


def print_all() -> str:
    """All three."""
    return f"### 步骤\n\n{print_workflow()}\n\n### 期限\n\n{print_timers()}\n\n### 谁能看什么\n\n{print_sights()}\n"
