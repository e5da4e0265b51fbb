"""进度: where a case stands, by account or by number and query code; the number alone is enough to ask."""

import re

from bot.replies import Reply, Text
from bot.router import PASS, Pass, Router, Turn
from bot.wording import render
from handlers.complaint_form import docket_of, load_form
from handlers.complaint_reference import admit, admit_last, admit_own, ask_which, own_cases, read_reference
from models.case import Case
from models.case_words import Action
from services.calendar.telling import day_words
from services.calendar.working_days import day_of
from services.cases.access import Admission, bind_follower
from services.cases.advance import actions_for
from services.cases.docket import Docket
from services.cases.sight import Field
from services.cases.view import show_case
from services.evidence.keeping import count_expected

router = Router("complaint_progress")

VERB = "进度"
ASKED = re.compile(
    r"(?:我的|我|查|看|查一下|查询)*(?:投诉|举报|咨询|办理|处理)?(?:的)?(?:进度|进展|结果)(?:查询|怎么样了?|如何|呢)?"
    r"|(?:我的|我)?(?:投诉|举报)(?:办|处理)?(?:得|的|到)?(?:怎么样|哪一步|哪里|好)了?(?:吗|没有?)?|查询?(?:投诉)?进度|我的(?:投诉|举报|咨询)"
)
MOST_STEPS = 6  # of the course
LONGEST_NEWS = 260  # characters of what was told last
BIND = "以后发给我"


def asks_progress(turn: Turn) -> bool:
    """The question alone, or beside a number, or a number alone."""
    if turn.message.menu_id.startswith("pick:") or len(turn.text) > 120:
        return False
    reference = read_reference(turn.text)
    if not (reference.number or reference.is_mistyped):
        return ASKED.fullmatch(turn.words) is not None
    rest = re.sub(r"[\s，,:：。]|编号|查询码", "", reference.rest) if reference.number else turn.text[:2]
    return not rest or ASKED.fullmatch(rest) is not None or (reference.is_mistyped and len(turn.text) <= 60)


@router.on_click("progress")
@router.on_text(asks_progress)
def tell_progress(turn: Turn) -> Reply | Pass:
    """Of the case that is meant; of several own ones the list."""
    reference = read_reference(turn.text)
    if reference.number or reference.is_mistyped:
        return show_admitted(turn, admit(turn, reference))
    cases = own_cases(turn)
    if len(cases) == 1:
        return show_admitted(turn, admit_own(cases[0]))
    if cases:
        return Text(ask_which(turn, VERB, cases))
    admission = admit_last(turn)
    return show_admitted(turn, admission) if admission.case else Text(render("complaint_none", form=load_form(turn)))


@router.on_text(BIND)
def bind(turn: Turn) -> Reply | Pass:
    """Who came by code wants to hear of changes here."""
    admission = admit_last(turn)
    if admission.case is None:
        return PASS
    return Text(render("complaint_bound", is_bound=bind_follower(admission, turn.follower.id)))


def show_admitted(turn: Turn, admission: Admission) -> Text:
    """The course, what was told last, the deadline, and what the citizen can do now."""
    case, actor = admission.case, admission.actor
    if case is None or actor is None:
        return Text(admission.refusal)
    docket = docket_of(turn)
    parts = show_case(docket, case, actor)
    news = parts[Field.TIMELINE][-1]["text"]
    actions = actions_for(docket, case, actor)
    text = render(
        "complaint_progress",
        course=parts[Field.COURSE],
        respondent=parts[Field.RESPONDENT]["name"],
        steps=steps_of(parts[Field.TIMELINE])[-MOST_STEPS:],
        news=news if len(news) <= LONGEST_NEWS else f"{news[:LONGEST_NEWS]}…",
        days=days_left(docket, parts),
        count=sum(count_expected(turn.session, case)),
        verbs=verbs_for(case, actions),
    )
    return Text(text)


def verbs_for(case: Case, actions: list[Action]) -> list[tuple[str, str]]:
    """Labels and words of the lines to tap."""
    can_rate = Action.CONFIRM in actions or (Action.RATE in actions and case.score is None)
    offered = [
        ("评价", f"评价 {case.number}", can_rate),
        ("补充材料", f"补充 {case.number}", bool({Action.ADD_MORE, Action.SUPPLEMENT, Action.REOPEN} & set(actions))),
        ("撤回", f"撤回 {case.number}", bool({Action.WITHDRAW, Action.RECORD_WITHDRAWAL} & set(actions))),
        (BIND, BIND, case.follower_id is None and not case.is_anonymous),
    ]
    return [(label, says) for label, says, is_offered in offered if is_offered]


def steps_of(timeline: list[dict[str, object]]) -> list[tuple[str, object]]:
    """Day and state of each change of state, oldest first."""
    steps: list[tuple[str, object]] = []
    for entry in timeline:
        day = day_of(entry["at"])  # type: ignore[arg-type]
        if not steps or steps[-1][1] != entry["state"]:
            steps.append((day_words(day), entry["state"]))
    return steps


def days_left(docket: Docket, parts: dict[Field, object]) -> int | None:
    """Calendar days until the deadline that is told; None without one."""
    course = parts[Field.COURSE]
    running = [row for row in course["deadlines"] if row["due"] == course["due"] and row["due_on"]]  # type: ignore[index]
    return (running[-1]["due_on"] - docket.today).days if course["due"] and running else None  # type: ignore[index]
