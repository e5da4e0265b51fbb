"""类别规则: the version in force and why, a draft filled in by one person, approved by another, all versions."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from config.inspections import InspectionRules, load_inspection_rules
from models.audit import Act
from models.enterprise import Enterprise, Status
from models.inspection import ClassRules, RulesState
from services import audit
from services.calendar.working_days import day_of
from services.credit.words import BLOCK_WORDS, SEVERITY_WORDS
from services.errors import UserError
from services.inspections.draws import class_pool
from services.inspections.rules import (
    BLOCKS,
    decide_rules,
    draft_rules,
    find_draft,
    list_versions,
    rules_in_force,
    tell_rule,
)
from services.staff.duties import Permission
from web.console.gate import Stage, serves
from web.console.office import Office, here

READERS = (Permission.KEEP_ARCHIVE, Permission.APPROVE_ARCHIVE)
STATE_WORDS = {RulesState.DRAFT: "等另一人批准", RulesState.APPROVED: "已批准", RulesState.DROPPED: "已作废"}
SPARE = 2  # empty lines to fill in
MOST_CLASSES, MOST_CONDITIONS = 10, 8
MOST_COUNTED = 50_000  # firms classed twice to tell what a draft would change


def add_class_rules(pages: Blueprint, office: Office) -> None:
    """/console/inspections/rules."""
    add_rules_editing(pages, office)

    @pages.get("/inspections/rules")
    @serves(Stage.INSIDE, *READERS)
    def class_rules() -> str:
        """What holds, what waits and what it would change, what was before."""
        with office.database.read() as session:
            rules, draft = rules_in_force(session, load_inspection_rules()), find_draft(session)
            drafted = InspectionRules.model_validate(draft.rules) if draft else None
            moves = count_moves(office, session, rules, drafted) if drafted else []
            versions = list_versions(session)
        values = {"rules": rules, "draft": draft, "drafted": drafted, "moves": moves, "versions": versions}
        words = {"tell_rule": tell_rule, "STATE_WORDS": STATE_WORDS}
        return render_template("console/class_rules.html", **values, **words)

    @pages.post("/inspections/rules")
    @serves(Stage.INSIDE, *READERS)
    def decide_class_rules() -> AnyResponse:
        """Approve, for who may approve and did not write it; or drop."""
        visit, number = here(), request.form.get("version", "")
        is_approved = request.form.get("do") == "approve"
        try:
            if is_approved and not visit.may(Permission.APPROVE_ARCHIVE):
                raise UserError("批准要由审核人、负责人办理")
            with office.database.write() as session:
                row = decide_rules(
                    session,
                    int(number) if number.isdecimal() and len(number) < 6 else 0,
                    is_approved=is_approved,
                    account_id=visit.account_id,
                    actor=visit.actor.name,
                    now=office.clock(),
                )
                write_down(office, session, row)
        except UserError as error:
            flash(str(error), "warn")
        else:
            flash(f"第 {row.version} 版{'已批准，从现在起生效' if is_approved else '已作废'}。")
        return redirect(url_for("console.class_rules"), 303)


def write_down(office: Office, session: Session, row: ClassRules) -> None:
    """In the audit log."""
    details = {"版本": str(row.version), "现在": STATE_WORDS[row.state]}
    audit.record(session, here().actor, Act.CLASS_RULES_CHANGED, office.clock(), reason=row.reason, details=details)


def count_moves(
    office: Office, session: Session, rules: InspectionRules, drafted: InspectionRules
) -> list[tuple[str, str, int]]:
    """Of the firms in force how many would go from which class to which, the most first; empty for too many firms."""
    in_force = Enterprise.status == Status.IN_FORCE
    if (session.scalar(select(func.count()).where(in_force)) or 0) > MOST_COUNTED:
        return []
    pool, today = list(session.scalars(select(Enterprise.id).where(in_force))), day_of(office.clock())
    before, after = (class_pool(session, pool, one, today) for one in (rules, drafted))
    counted: dict[tuple[str, str], int] = {}
    for one in pool:
        move = before[one].name, after[one].name
        counted[move] = counted.get(move, 0) + 1
    moved = [(*names, count) for names, count in counted.items() if names[0] != names[1]]
    return sorted(moved, key=lambda move: -move[2])


def add_rules_editing(pages: Blueprint, office: Office) -> None:
    """/console/inspections/rules/edit."""

    @pages.route("/inspections/rules/edit", methods=["GET", "POST"])
    @serves(Stage.INSIDE, Permission.KEEP_ARCHIVE)
    def edit_class_rules() -> AnyResponse | str | tuple[str, int]:
        """The draft, or the version in force to begin from; what is wrong is said and nothing typed is lost."""
        shipped = load_inspection_rules()
        if request.method == "POST":
            told, reason = read_rules(), request.form.get("reason", "")
            try:
                save_draft(office, told, reason, shipped)
            except UserError as error:
                return show_form(told, reason, str(error)), 422
            flash("已保存，请另一人批准后生效。")
            return redirect(url_for("console.class_rules"), 303)
        with office.database.read() as session:
            draft, rules = find_draft(session), rules_in_force(session, shipped)
        return show_form(draft.rules if draft else rules.model_dump(mode="json"), draft.reason if draft else "")


def save_draft(office: Office, told: dict[str, Any], reason: str, shipped: InspectionRules) -> None:
    """With its entry in the log; UserError says what is wrong."""
    visit, now = here(), office.clock()
    with office.database.write() as session:
        row = draft_rules(session, told, reason, shipped, account_id=visit.account_id, actor=visit.actor.name, now=now)
        write_down(office, session, row)


def show_form(told: dict[str, Any], reason: str, refusal: str = "") -> str:
    """The form with some empty lines."""
    values = {"told": told, "reason": reason, "refusal": refusal, "spare": SPARE}
    words = {"blocks": {one: BLOCK_WORDS[one] for one in BLOCKS}, "severities": SEVERITY_WORDS}
    return render_template("console/class_rules_edit.html", **values, **words)


def read_rules() -> dict[str, Any]:
    """The form as the bureau's file would say it; lines without a name or a kind are left out."""
    form = request.form
    classes = []
    for at in range(MOST_CLASSES):
        if not (name := form.get(f"class-{at}-name", "").strip()):
            continue
        rule: dict[str, Any] = {"name": name, "about": form.get(f"class-{at}-about", "").strip()}
        rule |= {"weight": form.get(f"class-{at}-weight", ""), "is_clean": bool(form.get(f"class-{at}-is_clean"))}
        rule["when"] = [one for number in range(MOST_CONDITIONS) if (one := read_condition(f"when-{at}-{number}"))]
        classes.append(rule)
    return {
        "is_public": bool(form.get("is_public")),
        "unrated": form.get("unrated", "").strip(),
        "unrated_weight": form.get("unrated_weight", ""),
        "classes": classes,
    }


def read_condition(name: str) -> dict[str, Any]:
    """One line of the form; empty where no kind was chosen."""
    form = request.form
    if not (block := form.get(f"{name}-block", "")):
        return {}
    numbers = {"at_least": form.get(f"{name}-at_least") or "1", "months": form.get(f"{name}-months") or "0"}
    return {"block": block, "severity": form.get(f"{name}-severity", "")} | numbers
