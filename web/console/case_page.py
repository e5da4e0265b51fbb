"""The page of a case: what the law wants next, what happened, who it is about, and a look at who reported."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from models.audit import Act
from models.case import Case
from models.case_words import Proposal
from models.role import Role
from services.audit import record
from services.cases.advance import children_of
from services.cases.docket import Docket
from services.cases.effects import PROPOSED
from services.cases.facts import Actor, Facts
from services.cases.listing import Wanted, list_cases
from services.cases.offers import Offer, find_choices, list_offers, next_actions, next_roles
from services.cases.personal import Person
from services.cases.places import link_points
from services.cases.sight import Field
from services.cases.standing import open_proposal, read_facts
from services.cases.timing import explain_due
from services.cases.view import look_at_identity, show_case
from services.cases.wording import WORDS, name_of
from services.errors import UserError
from services.papers.forms import title_of
from services.papers.issuing import list_forms, papers_of
from web.console.case_groups import group_offers
from web.console.cases import READERS, actor_of, docket_of, load_case, names_of_staff, tell_due
from web.console.gate import Stage, serves
from web.console.office import Office, here


def add_case_page(pages: Blueprint, office: Office) -> None:
    """/console/cases/<number> and the look at who it was."""

    @pages.get("/cases/<number>")
    @serves(Stage.INSIDE, *READERS)
    def case_page(number: str) -> str:
        """As far as this viewer may see."""
        with office.database.read() as session:
            docket, actor = docket_of(office, session), actor_of(here())
            case = load_case(docket, number, actor)
            return render_template("console/case.html", **read_page(docket, case, actor))

    @pages.post("/cases/<number>/identity")
    @serves(Stage.INSIDE, *READERS)
    def look_at_case(number: str) -> AnyResponse | str:
        """Once, on this answer only; the look and its reason are written first."""
        reason = request.form.get("reason", "").strip()
        try:
            with office.database.write() as session:
                docket, actor = docket_of(office, session), actor_of(here())
                case = load_case(docket, number, actor)
                persons = look_at_identity(docket, case, actor, reason)
                record(session, here().actor, Act.IDENTITY_LOOKED, docket.now, subject=case.number, reason=reason)
                return render_template("console/case.html", **read_page(docket, case, actor, persons))
        except UserError as error:
            flash(str(error), "warn")
            return redirect(url_for("console.case_page", number=number) + "#persons", 303)


def read_page(docket: Docket, case: Case, actor: Actor, opened: list[Person] | None = None) -> dict[str, Any]:
    """All that the template names; `opened`: the persons after a look."""
    parts, facts = show_case(docket, case, actor), read_facts(docket, case)
    offers = list_offers(facts, actor, docket.now)
    mains = find_choices(facts, offers, actor)
    due, names = find_due(docket, case, actor), names_of_staff(docket.session)
    return {
        "case": case,
        "parts": parts,
        "maps": link_points(docket.rules.map_link, (parts.get(Field.FACTS) or {}).get("place", "")),
        "opened": opened,
        "mains": mains,
        "next_words": tell_next(facts, mains, case, names),
        "groups": group_offers([offer for offer in offers if offer not in mains and not offer.obstacle]),
        "blocked": [offer for offer in offers if offer.obstacle],
        "due": due,
        "facts": facts,
        "proposal": read_proposal(docket, case) if Field.HISTORY in parts else None,
        "names": names,
        "actions": WORDS["actions"],
        "children": children_of(docket, case),
        "parent": docket.session.get(Case, case.parent_id) if case.parent_id else None,
        "papers": papers_of(docket.session, case.id) if Field.IDENTITY in parts else [],
        "forms": [(form, title_of(form, name_of("kinds", case.kind))) for form in list_forms(docket, case)]
        if Field.IDENTITY in parts
        else [],
        "form_title": title_of,
        "explain_due": explain_due,
    }


def find_due(docket: Docket, case: Case, actor: Actor) -> Any:
    """The nearest end of a term, as in the work list."""
    rows = list_cases(docket, actor, Wanted(case_ids=(case.id,))).rows
    return tell_due(docket, rows[0].due_at) if rows else None


def tell_next(facts: Facts, mains: list[Offer], case: Case, names: dict[str, str]) -> str:
    """What the case waits for, in a sentence, also for who cannot do it."""
    if mains:
        return "请权衡后选一项：" if len(mains) > 1 else ""
    waiting = next_actions(facts)
    if not waiting:
        return "已经办完，不需要再做什么。" if case.closed_at else "等市民回复或评价，到期自动办结。"
    roles = next_roles(facts)
    who = "、".join(sorted(name_of("roles", role) for role in roles))
    if facts.handler and Role.HANDLER in roles:
        who = f"承办人{names.get(facts.handler, '')}"
    return f"等{who}：{WORDS['actions'][waiting[0]]['name']}。"


def read_proposal(docket: Docket, case: Case) -> dict[str, Any] | None:
    """What waits for a second person."""
    row = open_proposal(docket.session, case.id)
    if row is None:
        return None
    return {
        "kind": name_of("proposals", row.kind),
        "is_answer": row.kind is Proposal.ANSWER,
        "text": docket.open(row.text_sealed, PROPOSED).get("text", ""),
        "result": name_of("results", row.result),
        "recovered_fen": row.recovered_fen,
        "by": row.proposed_by,
        "at": row.proposed_at,
    }
