"""Following a case: found by WeChat or by number and code, its course in plain words, and what its owner may do."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from models.case import Case
from models.case_words import Action, CaseKind, ConsentKind, Side, State
from services.cases.access import Admission, admit_by_code, bind_follower, cases_of
from services.cases.advance import RefusedError, actions_for, advance
from services.cases.docket import Docket
from services.cases.facts import Step
from services.cases.standing import read_facts
from services.cases.view import show_case
from services.cases.wording import name_of, shown_state
from web.h5.complaints_counter import ComplaintCounter, show_again, typed
from web.h5.complaints_evidence import show_files, take_files
from web.h5.letters import local_path
from web.h5.signing_in import can_sign_in, should_sign_in
from web.h5.visits import let_see

CASE = "/h5/cases/<number>"
CARRIED = "carried-"  # what somebody typed before they had to say again who they are
MORE = (Action.ADD_MORE, Action.SUPPLEMENT, Action.RESUBMIT, Action.REOPEN)
WITHDRAWALS = (Action.RECORD_WITHDRAWAL, Action.WITHDRAW)
RATINGS = (Action.CONFIRM, Action.DISPUTE, Action.RATE)
SATISFIED_FROM = 3
LONGEST_TEXT = 4000
DONE_WORDS = {
    "supplement": "补充的内容已收到。",
    "withdraw": "已按您的要求办理撤回。",
    "rating": "感谢您的评价。",
    "consent": "已按您的意思记录。",
}


def add_progress(pages: Blueprint, counter: ComplaintCounter) -> None:
    """/h5/progress and /h5/cases."""
    add_search(pages, counter)
    add_case(pages, counter)
    add_withdrawal(pages, counter)


def add_search(pages: Blueprint, counter: ComplaintCounter) -> None:
    """Which case."""

    @pages.get("/h5/progress")
    def progress() -> str | AnyResponse:
        """One's own cases where WeChat has named one; number and code for everybody."""
        if should_sign_in(counter):
            return redirect(url_for("complaints.sign_in", back=request.full_path.rstrip("?")), 303)
        return show_search(counter, number=request.args.get("number", "")[:40])

    @pages.post("/h5/progress")
    def find_by_code() -> str | AnyResponse | tuple[str, int]:
        """Number and code; failures are counted by number and by address, in the same transaction."""
        number, code = request.form.get("number", "")[:60], request.form.get("code", "")[:60]
        with counter.database.write() as session:
            docket = counter.docket(session)
            admission = admit_by_code(docket, number, code, request.remote_addr or "")
            follower_id = counter.follower(session)
            if follower_id is not None and "bind" in request.form:
                bind_follower(admission, follower_id)
        if admission.case is None:
            return show_search(counter, number=number, refusal=admission.refusal, carried=carried()), 422
        let_see(admission.case.id, counter.clock())
        if then := request.form.get("then"):
            fields = [(name.removeprefix(CARRIED), value) for name, value in carried()]
            return show_again(local_path(then), fields)
        return redirect(url_for("complaints.case", number=admission.case.number), 303)


def carried() -> list[tuple[str, str]]:
    """What was typed on the page before."""
    return [(name, value) for name, value in typed(request.form) if name.startswith(CARRIED)]


def show_search(
    counter: ComplaintCounter,
    *,
    number: str = "",
    refusal: str = "",
    carried: list[tuple[str, str]] | None = None,
    then: str = "",
) -> str:
    """The page with both ways in."""
    with counter.database.read() as session:
        docket, follower_id = counter.docket(session), counter.follower(session)
        mine = cases_of(session, follower_id) if follower_id is not None else []
        return render_template(
            "h5/complaint_progress.html",
            cases=[describe(docket, case) for case in mine],
            is_known=follower_id is not None,
            can_sign_in=can_sign_in(counter),
            number=number,
            refusal=refusal,
            carried=carried or [],
            then=then or request.form.get("then", ""),
        )


def describe(docket: Docket, case: Case) -> dict[str, str]:
    """A line of the list."""
    category = docket.rules.category(case.category)
    return {
        "number": case.number,
        "kind": name_of("kinds", case.kind),
        "state": shown_state(case.state),
        "about": case.respondent_name or (category.name if category else ""),
    }


def add_case(pages: Blueprint, counter: ComplaintCounter) -> None:
    """One case: its course, what was told, and what can be done now."""

    @pages.get(CASE)
    def case(number: str) -> str | AnyResponse:
        """For its owner; everybody else is asked for number and code, whether there is such a case or not."""
        with counter.database.read() as session:
            admission = counter.admit(session, number)
            if admission.case is None:
                return redirect(url_for("complaints.progress", number=number), 303)
            return show(counter, counter.docket(session), admission, done=request.args.get("done", ""))

    @pages.post(f"{CASE}/supplement")
    def supplement(number: str) -> AnyResponse:
        """A text and files; in the state the case is in, that answers a question, adds, or opens it anew."""
        text = request.form.get("text", "").strip()[:LONGEST_TEXT]
        with counter.database.read() as session:
            admission = counter.admit(session, number)
        if admission.case is None:
            return ask_again(counter, number)
        troubles = take_files(counter, "") if request.files else []
        if troubles:
            return refuse(counter, number, {"supplement": "；".join(troubles)})
        said = text or ("（补充了证据文件）" if request.form.get("has_files") or has_posted_files() else "")
        return take(counter, number, "supplement", MORE, Step(text=said, has_new_facts=True))

    @pages.post(f"{CASE}/rating")
    def rate(number: str) -> AnyResponse:
        """1 to 5 with a reason; 1 and 2 have the answer looked at again."""
        score, note = request.form.get("score", ""), request.form.get("note", "").strip()[:LONGEST_TEXT]
        marks = int(score) if score in set("12345") else None
        return take(counter, number, "rating", RATINGS, Step(score=marks, note=note))

    @pages.post(f"{CASE}/consent")
    def consent(number: str) -> AnyResponse:
        """Give or take back what one agreed to; a citizen speaks for their own side only."""
        kind = request.form.get("kind", "")
        wanted = ConsentKind(kind) if kind in {ConsentKind.PUBLISH, ConsentKind.DELEGATION} else None
        step = Step(consent=wanted, side=Side.COMPLAINANT, is_given="given" in request.form)
        return take(counter, number, "consent", (Action.RECORD_CONSENT,), step)


def has_posted_files() -> bool:
    """A form without script brought some."""
    return any(file.filename for file in request.files.getlist("files"))


def show(
    counter: ComplaintCounter,
    docket: Docket,
    admission: Admission,
    *,
    done: str = "",
    faults: dict[str, str] | None = None,
) -> str:
    """The page of a case."""
    case, actor = admission.case, admission.actor
    if case is None or actor is None:
        raise ValueError("nobody was admitted")
    facts, actions = read_facts(docket, case), actions_for(docket, case, actor)
    return render_template(
        "h5/complaint_case.html",
        parts=show_case(docket, case, actor),
        actions={str(action) for action in actions},
        can_add=bool(set(MORE) & set(actions)),
        can_withdraw=bool(set(WITHDRAWALS) & set(actions)),
        is_disputed=facts.is_disputed,
        is_second_rating=facts.dispute_count > 0,
        can_rate=bool(set(RATINGS) & set(actions)) and not facts.is_disputed and facts.score is None,
        consents={str(kind) for kind, side in facts.consents if side is Side.COMPLAINANT},
        files=show_files(counter, docket, case),
        done=DONE_WORDS.get(done, ""),
        faults=faults or {},
        typed=request.form,
    )


def take(counter: ComplaintCounter, number: str, name: str, wanted: tuple[Action, ...], step: Step) -> AnyResponse:
    """Take the step that the case's state allows; what is refused is said beside what was typed."""
    try:
        with counter.database.write() as session:
            docket = counter.docket(session)
            admission = counter.admit(session, number)
            if admission.case is None or admission.actor is None:
                return ask_again(counter, number)
            action = choose(docket, admission.case, admission, wanted, step)
            advance(docket, number, action, admission.actor, step)
    except RefusedError as error:
        return refuse(counter, number, {name: str(error)})
    return redirect(url_for("complaints.case", number=number, done=name), 303)


def choose(docket: Docket, case: Case, admission: Admission, wanted: tuple[Action, ...], step: Step) -> Action:
    """Which of the wanted actions fits; the last of them where none does, and then the service says why not."""
    if admission.actor is None:
        raise ValueError("nobody was admitted")
    possible = [action for action in wanted if action in actions_for(docket, case, admission.actor)]
    if Action.DISPUTE in possible:
        is_first = case.dispute_count == 0
        is_bad = step.score is not None and step.score < SATISFIED_FROM
        return Action.DISPUTE if is_first and is_bad else Action.CONFIRM
    if Action.RECORD_WITHDRAWAL in possible and case.kind is CaseKind.REPORT:
        return Action.RECORD_WITHDRAWAL
    if Action.REOPEN in possible and not case.unit and Action.RESUBMIT in possible:
        return Action.RESUBMIT
    possible = [action for action in possible if action is not Action.RESUBMIT or not case.unit]
    return possible[0] if possible else wanted[-1]


def refuse(counter: ComplaintCounter, number: str, faults: dict[str, str]) -> AnyResponse:
    """The page again, with everything that was typed."""
    with counter.database.read() as session:
        admission = counter.admit(session, number)
        if admission.case is None:
            return ask_again(counter, number)
        return Response(show(counter, counter.docket(session), admission, faults=faults), 422)


def ask_again(counter: ComplaintCounter, number: str) -> AnyResponse:
    """The time since number and code is over: asked again, and what was typed goes along."""
    fields = [(CARRIED + name, value) for name, value in typed(request.form)]
    words = "离开的时间长了，请再输入一次编号和查询码。您写的内容还在。"
    page = show_search(counter, number=number[:40], refusal=words, carried=fields, then=request.path)
    return Response(page, 403)


def add_withdrawal(pages: Blueprint, counter: ComplaintCounter) -> None:
    """Asked twice: a page of its own, and a box to tick on it."""

    @pages.get(f"{CASE}/withdraw")
    def ask_withdrawal(number: str) -> str | AnyResponse:
        """What withdrawing means."""
        with counter.database.read() as session:
            case = counter.admit(session, number).case
        if case is None:
            return redirect(url_for("complaints.progress", number=number), 303)
        return show_withdrawal(case)

    @pages.post(f"{CASE}/withdraw")
    def withdraw(number: str) -> AnyResponse:
        """Only with the box ticked."""
        with counter.database.read() as session:
            case = counter.admit(session, number).case
        if case is not None and not request.form.get("is_sure"):
            return Response(show_withdrawal(case, "请先勾选“我确定撤回”。"), 422)
        step = Step(is_confirmed=True, note=request.form.get("note", "").strip()[:LONGEST_TEXT])
        return take(counter, number, "withdraw", WITHDRAWALS, step)


def show_withdrawal(case: Case, fault: str = "") -> str:
    """The second question."""
    is_checked = case.kind is CaseKind.REPORT and case.state not in {State.SUBMITTED, State.NEED_MORE}
    return render_template(
        "h5/complaint_withdraw.html",
        number=case.number,
        kind=name_of("kinds", case.kind),
        is_checked=is_checked,
        fault=fault,
        note=request.form.get("note", ""),
    )
