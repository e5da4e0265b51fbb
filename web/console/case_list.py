"""The work list: filters in the address, telephones never in it."""

from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from models.audit import Act
from models.case_words import CaseKind, State
from models.role import Role
from services.audit import record
from services.cases.facts import Actor
from services.cases.listing import Scope, Stand, Urgent, Wanted, find_by_phone, list_cases, list_regions
from services.cases.numbers import find_number, parse_number
from services.cases.personal import is_phone, tidy_phone
from services.enterprises.parts import name_region
from services.staff.accounts import list_accounts
from web.console.case_alerts import alerts_of
from web.console.case_handing import offer_handing
from web.console.cases import DUE_WORDS, READERS, actor_of, docket_of, list_units, names_of_staff, tell_due
from web.console.gate import Stage, serves
from web.console.office import Office, here

SCOPE_WORDS = {
    Scope.MINE: "等我办",
    Scope.OWN: "我承办的",
    Scope.FREE: "本处室没人领的",
    Scope.UNIT: "本处室",
    Scope.ALL: "全部",
}
STAND_WORDS = {Stand.OPEN: "未办结", Stand.ENDED: "已办结"}
MOST_TEXT = 60
Word = TypeVar("Word", bound=StrEnum)


def add_case_list(pages: Blueprint, office: Office) -> None:
    """/console/cases, its search, and assigning many."""

    @pages.get("/cases")
    @serves(Stage.INSIDE, *READERS)
    def cases() -> str:
        """A page of the list; htmx gets the rows alone."""
        wanted = read_wanted(request.args)
        part = "HX-Request" in request.headers
        return show_list(office, wanted, request.args.get("after", ""), part=part)

    @pages.get("/cases/next")
    @serves(Stage.INSIDE, *READERS)
    def next_case() -> AnyResponse:
        """The most urgent of what waits for me, but not the one that was just done."""
        with office.database.read() as session:
            listed = list_cases(docket_of(office, session), actor_of(here()), Wanted(Scope.MINE), count=2)
        left = [row.case.number for row in listed.rows if row.case.number != request.args.get("but")]
        if left:
            return redirect(url_for("console.case_page", number=left[0]), 303)
        flash("等您办的都办完了。")
        return redirect(url_for("console.cases"), 303)

    @pages.post("/cases/search")
    @serves(Stage.INSIDE, *READERS)
    def search_cases() -> AnyResponse | str:
        """A number opens its case; a telephone is looked up and never stands in an address; else the list."""
        text = request.form.get("text", "").strip()[:MOST_TEXT]
        if (found := find_number(text)) and (parsed := parse_number(found)):
            return redirect(url_for("console.case_page", number=str(parsed)), 303)
        if is_phone(text) and len(tidy_phone(text)) > 6:
            return show_by_phone(office, text)
        return redirect(url_for("console.cases", scope="all", state="", text=text), 303)


def show_list(office: Office, wanted: Wanted, after: str = "", *, part: bool = False, phone: str = "") -> str:
    """The page of rows with its filters."""
    actor = actor_of(here())
    with office.database.read() as session:
        docket = docket_of(office, session)
        listed = list_cases(docket, actor, wanted, after)
        page = {
            "listed": listed,
            "dues": {row.case.id: tell_due(docket, row.due_at) for row in listed.rows},
            "wanted": wanted,
            "kept": kept_of(wanted),
            "after": after,
            "phone": phone,
            **({} if part else offer_filters(office, session, actor)),
        }
        page["units"] = list_units(office, list_accounts(session))
        page["categories"] = {category.code: category.name for category in office.rules.categories}
        handing = offer_handing(office, session, actor)
        page["many"], page["tickable"] = handing, handing.states if handing else ()
        page["names"] = names_of_staff(session)
    return render_template("console/case_rows.html" if part else "console/cases.html", **page)


def offer_filters(office: Office, session: Session, actor: Actor) -> dict[str, Any]:
    """What may be chosen."""
    hidden = {Scope.OWN} if Role.HANDLER not in actor.roles else set()
    hidden |= set() if actor.unit else {Scope.UNIT, Scope.FREE}
    scopes = [one for one in Scope if one not in hidden]
    return {
        "scopes": {str(one): SCOPE_WORDS[one] for one in scopes},
        "stands": STAND_WORDS,
        "states": [state for state in State if state is not State.DRAFT],
        "kinds": list(CaseKind),
        "urgents": DUE_WORDS,
        "regions": {code: name_region(code) for code in list_regions(session)},
        "home": office.rules.region_code,
        "alerts_count": len(alerts_of(session, actor)),
    }


def show_by_phone(office: Office, phone: str) -> str:
    """The cases of a telephone, by its blind index; that it was looked for is written down."""
    with office.database.write() as session:
        ids = find_by_phone(session, actor_of(here()), phone)
        if ids is None:
            flash("您的岗位不能按电话查找。", "warn")
            return show_list(office, Wanted(case_ids=()))
        record(session, here().actor, Act.PHONE_SEARCHED, office.clock(), details={"找到": f"{len(ids)} 件"})
    return show_list(office, Wanted(case_ids=ids), phone=f"尾号 {tidy_phone(phone)[-4:]}")


def read_wanted(args: "MultiDict[str, str]") -> Wanted:
    """The filters of an address; what is none is left out. Without any: open cases that wait for me."""
    state: Stand | State | None = choose(Stand, args.get("state", "open")) or choose(State, args.get("state", ""))
    return Wanted(
        scope=choose(Scope, args.get("scope", "")) or Scope.MINE,
        state=state,
        kind=choose(CaseKind, args.get("kind", "")),
        category=args.get("category", "")[:24],
        unit=args.get("unit", "")[:60],
        region=args.get("region", "")[:6],
        urgent=choose(Urgent, args.get("urgent", "")),
        text=args.get("text", "").strip()[:MOST_TEXT],
    )


def choose(words: type[Word], text: str) -> Word | None:
    """The word of a closed set, or None."""
    return next((word for word in words if word.value == text), None)


def kept_of(wanted: Wanted) -> dict[str, Any]:
    """The filters as they stand in an address."""
    kept = {
        "scope": wanted.scope,
        "state": wanted.state,
        "kind": wanted.kind,
        "category": wanted.category,
        "unit": wanted.unit,
        "region": wanted.region,
        "urgent": wanted.urgent,
        "text": wanted.text,
    }
    return {key: str(value or "") for key, value in kept.items() if value or key == "state"}
