"""双随机抽查: the rules in force, draws by a logged seed, drawing again."""

from collections.abc import Iterator

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from config.inspections import load_inspection_rules
from models.archive import EnterpriseTag
from models.audit import Act
from models.inspection import InspectionDraw
from services import audit
from services.errors import UserError
from services.inspections.draws import Wanted, draw_again, make_draw
from services.inspections.rules import rules_in_force, rules_of_version
from services.papers.workbook import Cell, Table, make_xlsx
from services.staff.duties import Permission
from web.console.class_rules import add_class_rules
from web.console.gate import Stage, serves
from web.console.office import Office, here
from web.console.staff import LARGEST_ID
from web.saving import send_made

PAGE = 30
HEADINGS = ("顺序", "企业名称", "统一社会信用代码", "监管类别", "权重")


def add_inspections(pages: Blueprint, office: Office) -> None:
    """/console/inspections."""
    add_class_rules(pages, office)
    shipped = load_inspection_rules()

    @pages.route("/inspections", methods=["GET", "POST"], endpoint="inspections")
    @serves(Stage.INSIDE, Permission.KEEP_ARCHIVE)
    def inspections() -> AnyResponse | str:
        """The rules, the form, the draws so far."""
        if request.method == "POST":
            try:
                return redirect(url_for("console.inspection_draw", draw_id=draw_firms(office)), 303)
            except UserError as error:
                flash(str(error), "warn")
        with office.database.read() as session:
            draws = list(session.scalars(select(InspectionDraw).order_by(InspectionDraw.id.desc()).limit(PAGE)))
            tags = sorted(set(session.scalars(select(EnterpriseTag.tag).distinct())))
            rules = rules_in_force(session, shipped)
        return render_template("console/inspections.html", draws=draws, tags=tags, rules=rules, typed=request.form)

    @pages.route(f"/inspections/<int(max={LARGEST_ID}):draw_id>", methods=["GET", "POST"])
    @serves(Stage.INSIDE, Permission.KEEP_ARCHIVE)
    def inspection_draw(draw_id: int) -> AnyResponse | str:
        """One draw; posting draws again, and says whether it is the same."""
        with office.database.read() as session:
            found = session.get(InspectionDraw, draw_id) or abort(404)
            if request.method == "POST":
                flash(draw_again(session, found, rules_of_version(session, found.rules_version, shipped)))
                return redirect(url_for("console.inspection_draw", draw_id=draw_id), 303)
        return render_template("console/inspection_draw.html", draw=found)

    @pages.get(f"/inspections/<int(max={LARGEST_ID}):draw_id>.xlsx")
    @serves(Stage.INSIDE, Permission.KEEP_ARCHIVE)
    def inspection_sheet(draw_id: int) -> AnyResponse:
        """The firms that were drawn."""
        with office.database.read() as session:
            found = session.get(InspectionDraw, draw_id) or abort(404)
        table = Table("抽查名单", HEADINGS, write_rows(found), {"企业名称": 40, "统一社会信用代码": 22})
        return send_made(make_xlsx([table]), f"抽查名单-{found.id}.xlsx")


def draw_firms(office: Office) -> int:
    """By what the form says; its number. UserError says what is wrong."""
    form = request.form
    many = form.get("many", "").strip()
    wanted = Wanted(
        plan=form.get("plan", ""),
        many=int(many) if many.isdecimal() and len(many) < 6 else 0,
        region=form.get("region", "").strip()[:40],
        tag=form.get("tag", ""),
    )
    visit = here()
    with office.database.write() as session:
        made = make_draw(
            session,
            wanted,
            rules_in_force(session, load_inspection_rules()),
            account_id=visit.account_id,
            actor=visit.actor.name,
            now=office.clock(),
        )
        details = {
            "编号": str(made.id),
            "种子": made.seed,
            "规则版本": str(made.rules_version),
            "范围": f"{made.region or '全部地区'} {made.tag or '全部类别'}",
            "企业数": str(made.pool_count),
            "名单校验值": made.pool_hash,
        }
        audit.record(session, visit.actor, Act.FIRMS_DRAWN, office.clock(), reason=made.plan, details=details)
        return made.id


def write_rows(found: InspectionDraw) -> Iterator[list[Cell]]:
    """In the order of the draw."""
    for number, one in enumerate(found.picked, 1):
        yield [number, one["name"], one["code"], one["class"], float(one["weight"])]
