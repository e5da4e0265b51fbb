"""Members of an association: found and picked one by one, or pasted as a list of which every line is shown again."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from models.association import Association
from services.associations.home import AssociationError
from services.associations.members import (
    Line,
    LineState,
    add_members,
    count_lines,
    end_membership,
    list_members,
    read_list,
)
from services.associations.statements import names_of
from services.enterprises.finding import Candidate
from services.enterprises.search import find
from services.staff.duties import Permission
from web.console.association_room import DECIDERS, PEOPLE, key_here, load_association
from web.console.forms import ReasonForm, filled
from web.console.gate import Stage, serves
from web.console.office import Office, here
from web.console.staff import LARGEST_ID
from web.h5.queries import clean_query

LINE_WORDS = {
    LineState.FOUND: "将登记",
    LineState.MEMBER: "已是会员，不重复登记",
    LineState.TWICE: "与前面重复，不再登记",
    LineState.CHOOSE: "有几家相近的，请选一家",
    LineState.NONE: "没有找到，不登记；请核对全称或代码",
    LineState.EMPTY: "空行",
}
PLACE = f"/associations/<int(max={LARGEST_ID}):association_id>/members"
KEEPERS = (Permission.KEEP_ASSOCIATION, Permission.RUN_CAMPAIGNS)


def add_association_members(pages: Blueprint, office: Office) -> None:
    """/console/associations/<id>/members."""

    @pages.get(PLACE)
    @serves(Stage.INSIDE, *PEOPLE, *DECIDERS)
    def members(association_id: int) -> str:
        """All of them, and the finder."""
        query = clean_query(request.args.get("q", ""))
        with office.database.read() as session:
            row = load_association(session, association_id)
            found = offer(office, session, query.text) if query.text else []
            return show_members(office, session, row, query=query.text, found=found)

    @pages.post(PLACE)
    @serves(Stage.INSIDE, *KEEPERS)
    def add_member(association_id: int) -> AnyResponse:
        """The firm that was picked."""
        picked = request.form.get("enterprise", "")
        try:
            with office.database.write() as session:
                row = load_association(session, association_id)
                ids = [int(picked)] if picked.isdecimal() and int(picked) <= LARGEST_ID else []
                count = add_members(session, row, ids, here().actor, key_here(), now=office.clock())
            flash("已登记为会员。" if count else "这家企业已经是会员。")
        except AssociationError as error:
            flash(str(error), "warn")
        return redirect(url_for("console.members", association_id=association_id), 303)

    @pages.post(f"{PLACE}/list")
    @serves(Stage.INSIDE, *KEEPERS)
    def read_members(association_id: int) -> AnyResponse | str | tuple[str, int]:
        """A pasted list: first every line with what it means, then, confirmed, those that are certain."""
        text = request.form.get("text", "")
        try:
            with office.database.read() as session:
                row = load_association(session, association_id)
                lines = read_list(session, text, row, office.desk.index, picked=read_picks(), today=office.today())
        except AssociationError as error:
            with office.database.read() as session:
                row = load_association(session, association_id)
                return show_members(office, session, row, text=text, fault=str(error)), 422
        if request.form.get("do") == "add":
            return take_in(office, association_id, lines)
        page = {"association": row, "lines": lines, "text": text, "counts": count_lines(lines)}
        return render_template("console/association_list.html", **page, LINE_WORDS=LINE_WORDS, LineState=LineState)


def add_association_leaving(pages: Blueprint, office: Office) -> None:
    """/console/associations/<id>/members/<firm>/end."""

    @pages.route(f"{PLACE}/<int(max={LARGEST_ID}):enterprise_id>/end", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *KEEPERS)
    def end_member(association_id: int, enterprise_id: int) -> AnyResponse | str | tuple[str, int]:
        """A firm leaves; asks why."""
        form = filled(ReasonForm)
        with office.database.read() as session:
            row = load_association(session, association_id)
            name = names_of(session, [enterprise_id]).get(enterprise_id, "")
        if request.method == "POST" and form.validate():
            try:
                with office.database.write() as session:
                    end_membership(
                        session,
                        load_association(session, association_id),
                        enterprise_id,
                        here().actor,
                        reason=str(form.reason.data),
                        now=office.clock(),
                    )
                flash(f"“{name}”已退出。")
                return redirect(url_for("console.members", association_id=association_id), 303)
            except AssociationError as error:
                form.reason.errors = [str(error)]
        page = render_template("console/association_leave.html", form=form, association=row, name=name)
        return (page, 422) if request.method == "POST" else page


def offer(office: Office, session: Session, text: str) -> list[Candidate]:
    """Firms to pick from: nothing is taken without a pick."""
    return find(session, text, office.desk.index).offered


def show_members(
    office: Office,
    session: Session,
    row: Association,
    *,
    query: str = "",
    found: list[Candidate] | None = None,
    text: str = "",
    fault: str = "",
) -> str:
    """The page."""
    listed = list_members(session, row, office.today())
    names = names_of(session, {one.enterprise_id for one in listed})
    return render_template(
        "console/association_members.html",
        association=row,
        members=listed,
        firms=names,
        query=query,
        found=found or [],
        text=text,
        fault=fault,
    )


def read_picks() -> dict[int, int]:
    """pick-3=12: of the third line the firm 12."""
    picks: dict[int, int] = {}
    for name, value in request.form.items():
        number = name.removeprefix("pick-")
        if name != number and number.isdecimal() and value.isdecimal() and len(value) < 11 and len(number) < 5:
            picks[int(number)] = int(value)
    return picks


def take_in(office: Office, association_id: int, lines: list[Line]) -> AnyResponse:
    """Those lines that are certain; the account of all."""
    ids = [line.firm.enterprise_id for line in lines if line.state is LineState.FOUND and line.firm]
    counts = count_lines(lines)
    left = counts[LineState.CHOOSE] + counts[LineState.NONE]
    try:
        with office.database.write() as session:
            row = load_association(session, association_id)
            added = add_members(session, row, ids, here().actor, key_here(), now=office.clock())
    except AssociationError as error:
        flash(str(error), "warn")
        return redirect(url_for("console.members", association_id=association_id), 303)
    skipped = counts[LineState.MEMBER] + counts[LineState.TWICE] + counts[LineState.EMPTY]
    flash(f"共 {len(lines)} 行：登记 {added} 家，已有、重复或空行 {skipped} 行，没有登记的 {left} 行。")
    return redirect(url_for("console.members", association_id=association_id), 303)
