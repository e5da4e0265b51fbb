"""What is printed of a firm's archive: 信用查询结果 for the counter, QR stickers for the doors of honoured stores."""

from typing import Literal

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from models.answer import AnswerDoor
from models.audit import Act
from services.audit import record
from services.credit.answers import issue_answer
from services.credit.report import compose_report
from services.credit.stickers import Honour, issue_sticker, list_honours
from services.errors import UserError
from services.papers.credit_sheet import draw_qr, fill_credit_sheet
from services.papers.press import press
from services.staff.duties import Permission
from web.console.archive import load_firm
from web.console.gate import Stage, serves
from web.console.office import Office, here
from web.console.staff import LARGEST_ID
from web.saving import send_made

PRINTERS = (Permission.KEEP_ARCHIVE, Permission.APPROVE_ARCHIVE, Permission.READ_CASES)
STICKERERS = (Permission.KEEP_ARCHIVE,)
FIRM = f"/archive/firms/<int(max={LARGEST_ID}):enterprise_id>"
SHEET = 6  # stickers on a page of A4


def add_answer_papers(pages: Blueprint, office: Office) -> None:
    """/console/archive/firms/<id>/papers."""

    @pages.get(f"{FIRM}/papers")
    @serves(Stage.INSIDE, *PRINTERS)
    def archive_papers(enterprise_id: int) -> str:
        """What can be printed."""
        with office.database.read() as session:
            firm = load_firm(session, enterprise_id)
            honours = list_honours(session, enterprise_id, office.today())
        return render_template("console/archive_papers.html", firm=firm, honours=honours)

    @pages.post(f"{FIRM}/credit-sheet")
    @serves(Stage.INSIDE, *PRINTERS)
    def credit_sheet(enterprise_id: int) -> AnyResponse:
        """信用查询结果, numbered and written down; made now, so it holds nothing that was repaired."""
        now = office.clock()
        try:
            with office.database.write() as session:
                load_firm(session, enterprise_id)
                report = compose_report(session, enterprise_id, office.today())
                if report is None:
                    raise UserError("这家企业已不在登记数据中")
                answer = issue_answer(session, report, AnswerDoor.COUNTER, now, office.desk.rules.region_code)
                record(session, here().actor, Act.PAPER_ISSUED, now, subject=answer.number)
            values = fill_credit_sheet(report, answer, office.desk.bureau.name, office.desk.link(answer.path))
            content = press("credit_sheet", values, now)
        except UserError as error:
            flash(str(error), "warn")
            return redirect(url_for("console.archive_papers", enterprise_id=enterprise_id), 303)
        return send_made(content, f"信用查询结果{answer.number}.pdf")

    @pages.post(f"{FIRM}/stickers")
    @serves(Stage.INSIDE, *STICKERERS)
    def stickers(enterprise_id: int) -> AnyResponse:
        """One sticker or a page of them, as PDF or PNG; a new one voids those before."""
        kind: Literal["pdf", "png"] = "png" if request.form.get("kind") == "png" else "pdf"
        count = SHEET if request.form.get("count") == "sheet" and kind == "pdf" else 1
        try:
            with office.database.write() as session:
                values = fill_stickers(session, office, enterprise_id, count)
            content = press("sticker", values, office.clock(), kind)
        except UserError as error:
            flash(str(error), "warn")
            return redirect(url_for("console.archive_papers", enterprise_id=enterprise_id), 303)
        return send_made(content, f"诚信门店贴纸.{kind}")


def fill_stickers(session: Session, office: Office, enterprise_id: int, count: int) -> dict[str, object]:
    """The values of the stickers that were asked for; UserError where the honour is not in force."""
    firm = load_firm(session, enterprise_id)
    honour = find_wanted(list_honours(session, enterprise_id, office.today()))
    actor, now, is_new = f"staff:{here().account_id}", office.clock(), "is_new" in request.form
    sticker = issue_sticker(session, honour.subject, honour.subject_id, actor, now, is_new=is_new)
    details = {"荣誉": honour.title, "重做": "是" if is_new else "否"}
    record(session, here().actor, Act.STICKER_ISSUED, now, subject=firm.name, details=details)
    address = office.desk.link(f"/store/{sticker.code}")
    one = {"qr": draw_qr(address), "name": firm.name, "title": honour.title}
    return {"organ": office.desk.bureau.name, "stickers": [one] * count}


def find_wanted(honours: list[Honour]) -> Honour:
    """The honour that was ticked."""
    wanted = request.form.get("honour", "")
    for honour in honours:
        if wanted == f"{honour.subject}:{honour.subject_id}":
            return honour
    raise UserError("请先选一项现在有效的荣誉")
