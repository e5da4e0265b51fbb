"""我的数据: everything about oneself to take along, and what can be deleted, deleted."""

import json

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.cases.my_data import erase_my_data, export_my_data
from web.h5.complaints_counter import ComplaintCounter
from web.h5.signing_in import can_sign_in, should_sign_in
from web.saving import save_as

FILE_NAME = "我的数据.json"


def add_my_data(pages: Blueprint, counter: ComplaintCounter) -> None:
    """/h5/my-data."""

    @pages.get("/h5/my-data")
    def my_data() -> str | AnyResponse:
        """What is kept, and the two buttons; for whom WeChat has named."""
        if should_sign_in(counter):
            return redirect(url_for("complaints.sign_in", back=url_for("complaints.my_data")), 303)
        return show(counter)

    @pages.post("/h5/my-data/export")
    def export() -> AnyResponse:
        """As a file (个人信息保护法第四十五条)."""
        with counter.database.read() as session:
            follower_id = counter.follower(session)
            if follower_id is None:
                return redirect(url_for("complaints.my_data"), 303)
            found = export_my_data(counter.docket(session), follower_id)
        response = Response(json.dumps(found, ensure_ascii=False, indent=2), mimetype="application/json")
        save_as(response, FILE_NAME)
        return response

    @pages.post("/h5/my-data/erase")
    def erase() -> AnyResponse | str | tuple[str, int]:
        """Only with the box ticked (个人信息保护法第四十七条); says what was deleted and what was kept, and why."""
        if not request.form.get("is_sure"):
            return show(counter, fault="请先勾选“我确定删除”。"), 422
        with counter.database.write() as session:
            follower_id = counter.follower(session)
            if follower_id is None:
                return redirect(url_for("complaints.my_data"), 303)
            erasure = erase_my_data(counter.docket(session), follower_id)
        return render_template("h5/complaint_data.html", erasure=erasure, is_known=True)


def show(counter: ComplaintCounter, fault: str = "") -> str:
    """The page before anything is done."""
    with counter.database.read() as session:
        is_known = counter.follower(session) is not None
    return render_template(
        "h5/complaint_data.html", erasure=None, is_known=is_known, can_sign_in=can_sign_in(counter), fault=fault
    )
