"""Taking a step on a case: its form, the check for personal data, and what is said when two clerks meet."""

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from config.replies import Reply, load_replies
from models.audit import Act
from models.case import Case
from models.case_words import Action
from services.audit import record
from services.cases.advance import RefusedError, actions_for, advance
from services.cases.docket import Docket
from services.cases.handlers import handlers_of
from services.cases.history import read_history
from services.cases.offers import find_obstacle
from services.cases.parties import find_duplicates, parties_of, read_party
from services.cases.standing import find_case, read_facts
from services.cases.timing import describe_deadlines
from services.cases.wording import WORDS, name_of
from services.errors import UserError
from services.privacy import Place, find_places
from services.staff.accounts import list_accounts
from web.console.case_forms import StepForm, read_step, step_form
from web.console.case_page import read_proposal
from web.console.cases import (
    READERS,
    actor_of,
    docket_of,
    list_associations,
    list_units,
    load_case,
    names_of_staff,
)
from web.console.gate import Stage, serves
from web.console.office import Office, here

TOLD = ("text", "summary")  # fields whose words leave the bureau, or are read by who must not know persons


@dataclass
class Sheet:
    """The page of a step: its form, and what is said beside it."""

    action: Action
    form: StepForm
    places: list[Place] = field(default_factory=list)
    refusal: str = ""
    conflict: str = ""


def add_case_steps(pages: Blueprint, office: Office) -> None:
    """/console/cases/<number>/do/<action>."""
    replies = load_replies()

    def show(docket: Docket, case: Case, sheet: Sheet) -> str:
        return show_step(office, docket, case, sheet, [one for one in replies if one.step == sheet.action])

    @pages.route("/cases/<number>/do/<action>", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *READERS)
    def case_step(number: str, action: str) -> AnyResponse | str | tuple[str, int]:
        """Ask, check, take the step; whatever is refused, what was typed stays in the form."""
        chosen = Action(action) if action in set(Action) else abort(404)
        actor = actor_of(here())
        with office.database.read() as session:
            docket = docket_of(office, session)
            case = load_case(docket, number, actor)
            is_offered = chosen in actions_for(docket, case, actor)
            form = make_form(office, docket, case, chosen)
            sheet = Sheet(chosen, form)
            if request.method == "GET":
                if not is_offered:
                    flash(f"事项现在是“{name_of('states', case.state)}”，您不能进行这一步。", "warn")
                    return redirect(url_for("console.case_page", number=number), 303)
                sheet.refusal = find_obstacle(chosen, read_facts(docket, case), actor, docket.now)
                prefill(chosen, form, case, office)
                return show(docket, case, sheet)
            if form.validate():
                check_texts(docket, case, sheet)
                if not (form.errors or sheet.places) and take(office, number, sheet):
                    flash(f"{WORDS['actions'][chosen]['name']}：已完成。")
                    return redirect(url_for("console.case_page", number=number), 303)
        with office.database.read() as session:
            docket = docket_of(office, session)
            return show(docket, load_case(docket, number, actor), sheet), 409 if sheet.conflict else 422


def show_step(office: Office, docket: Docket, case: Case, sheet: Sheet, replies: list[Reply]) -> str:
    """The page of a step."""
    people, category = list_accounts(docket.session), office.rules.category(case.category)
    return render_template(
        "console/case_step.html",
        case=case,
        action=sheet.action,
        title=WORDS["actions"][sheet.action]["name"],
        form=sheet.form,
        sheet=sheet,
        replies=[(one.title, one.fill(case.respondent_name, category.name if category else "")) for one in replies],
        receivers=list_associations(people) if sheet.action is Action.DELEGATE_MEDIATION else office.rules.doors,
        proposal=read_proposal(docket, case),
        deadlines=[one for one in describe_deadlines(docket.session, case.id) if one["ended_at"] is None],
        earlier=list_earlier(docket, case) if sheet.action is Action.MERGE else [],
        names=names_of_staff(docket.session),
    )


def make_form(office: Office, docket: Docket, case: Case, action: Action) -> StepForm:
    """The form of a step with what may be chosen in it."""
    units, people = list_units(office, list_accounts(docket.session)), handlers_of(docket.session, case.unit)
    return step_form(action, case.event_count, units, categories(office), people)


def categories(office: Office) -> dict[str, str]:
    """Code and name."""
    return {category.code: category.name for category in office.rules.categories}


def prefill(action: Action, form: StepForm, case: Case, office: Office) -> None:
    """What is known already."""
    category = office.rules.category(case.category)
    if action is Action.ASSIGN:
        form.unit.data = category.unit if category else ""
    if action is Action.AMEND:
        form.summary.data, form.category.data, form.urgency.data = case.summary, case.category, str(case.urgency)
    if action is Action.REFER and category and category.door:
        door = next(door for door in office.rules.doors if door.code == category.door)
        form.receiver.data, form.legal_basis.data = door.name, door.basis


def check_texts(docket: Docket, case: Case, sheet: Sheet) -> None:
    """Empty places of a template are errors; what may be personal is named, and a tick says it was looked at."""
    names = [read_party(docket.session, party).name for party in parties_of(docket.session, case.id)]
    fields = sheet.form._fields
    for one in (fields[name] for name in TOLD if name in fields):
        said = one.data or ""
        if "【" in said and "】" in said:
            gap = said[said.index("【") : said.index("】") + 1]
            one.errors = [*one.errors, f"还有没填的空：{gap}"]
        if not sheet.form.is_checked.data:
            sheet.places += find_places(said, names)


def take(office: Office, number: str, sheet: Sheet) -> bool:
    """The step in its transaction; False with the reason on the sheet, or beside its field."""
    form, action = sheet.form, sheet.action
    try:
        step = read_step(form)
    except ValueError:
        form.recovered.errors = ["请填写金额，例：1500 或 1500.50"]
        return False
    try:
        with office.database.write() as session:
            docket = docket_of(office, session)
            case = find_case(session, number, locks=True)
            if case is not None and case.event_count != form.version.data:
                sheet.conflict = tell_conflict(docket, case)
                form.version.data = case.event_count
                return False
            advance(docket, number, action, actor_of(here()), step)
            details = {"步骤": WORDS["actions"][action]["name"]}
            record(session, here().actor, Act.CASE_STEP, docket.now, subject=number, details=details)
    except RefusedError as error:
        put_refusal(sheet, error)
        return False
    except UserError as error:
        sheet.refusal = str(error)
        return False
    return True


def tell_conflict(docket: Docket, case: Case) -> str:
    """Who was faster, and with what."""
    last = read_history(docket, case)[-1]
    who = names_of_staff(docket.session).get(last.actor, last.actor)
    done, state = WORDS["actions"][last.action]["name"], name_of("states", case.state)
    return f"您打开这一页以后，{who}已经做了“{done}”，事项现在是“{state}”。您填的内容都还在下面，核对后可以再提交一次。"


def put_refusal(sheet: Sheet, error: RefusedError) -> None:
    """Beside the field that is missing, or above the form."""
    for name, one in sheet.form._fields.items():
        if error.code == "missing" and not one.data and WORDS["fields"].get(name, one.label.text) in str(error):
            one.errors = [str(error)]
            return
    sheet.refusal = str(error)


def list_earlier(docket: Docket, case: Case) -> list[dict[str, Any]]:
    """The same person's other cases on the same firm, into which this one may be merged."""
    phones = [read_party(docket.session, party).phone for party in parties_of(docket.session, case.id)]
    found = find_duplicates(docket, case.respondent_key, phones[0] if phones else "", case.follower_id)
    return [{"number": one.number, "state": name_of("states", one.state)} for one in found if one.id != case.id]
