"""The logs of materials, media, live broadcasts and consultations on the spot."""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import DateField, Form, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional

from models.activity import EntryKind, PublicityEntry
from models.audit import Act
from services.campaigns.activities import ActivityError
from services.campaigns.publicity import ENTRY_WORDS, EntryWords, add_entry, list_entries, strike_out
from services.campaigns.running import latest_campaign
from web.console.activities import put_field_error
from web.console.activity_room import PEOPLE, campaign_choices, names_of_associations, note, own_association
from web.console.association_room import key_here
from web.console.forms import filled, required, strip
from web.console.gate import Stage, serves
from web.console.office import Office
from web.console.staff import LARGEST_ID


class EntryForm(Form):
    """One line."""

    kind = SelectField("类别", choices=[SelectChoice(kind.value, words[0]) for kind, words in ENTRY_WORDS.items()])
    title = StringField("标题或内容", required("请填写标题或内容"), filters=[strip])
    happened_on = DateField("日期", [InputRequired("请填写日期")])
    count = IntegerField("数量", [InputRequired("请填写数量")])
    way = StringField("方式、媒体或平台", [Length(max=60, message="最多 60 个字")], filters=[strip])
    address = StringField("网址", [Length(max=300, message="太长了")], filters=[strip])
    region = StringField("县区", [Length(max=40, message="最多 40 个字")], filters=[strip])
    campaign_id = SelectField("属于哪次宣传活动", [Optional()])

    def said(self) -> EntryWords:
        """As the service wants it."""
        return EntryWords(
            kind=EntryKind(self.kind.data),
            title=str(self.title.data),
            happened_on=self.happened_on.data or date.max,
            count=self.count.data or 0,
            way=self.way.data or "",
            address=self.address.data or "",
            region=self.region.data or "",
            campaign_id=int(self.campaign_id.data) if self.campaign_id.data else None,
        )


def add_publicity(pages: Blueprint, office: Office) -> None:
    """/console/publicity."""

    @pages.route("/publicity", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *PEOPLE)
    def publicity() -> AnyResponse | str:
        """The form of a new line above all lines."""
        with office.database.write() as session:
            own, latest = own_association(session), latest_campaign(session, office.today())
            form = filled(EntryForm, happened_on=office.today(), campaign_id=str(latest.id) if latest else "")
            form.campaign_id.choices = campaign_choices(session)
            if request.method == "POST" and form.validate():
                try:
                    row = add_entry(session, form.said(), association_id=own, by=key_here(), now=office.clock())
                except ActivityError as error:
                    put_field_error(form, error)
                else:
                    note(session, office, Act.ACTIVITY_STEP, row.title, f"登记{ENTRY_WORDS[row.kind][0]}")
                    flash("已登记。")
                    return redirect(url_for("console.publicity"), 303)
            return render_template(
                "console/publicity.html",
                form=form,
                rows=list_entries(session, own),
                names=names_of_associations(session),
                words=ENTRY_WORDS,
            )

    @pages.post(f"/publicity/<int(max={LARGEST_ID}):entry_id>/strike-out")
    @serves(Stage.INSIDE, *PEOPLE)
    def strike_out_entry(entry_id: int) -> AnyResponse:
        """With a reason."""
        try:
            with office.database.write() as session:
                row = session.get(PublicityEntry, entry_id) or abort(404)
                own = own_association(session)
                if own is not None and row.association_id != own:
                    abort(404)
                strike_out(row, request.form.get("reason", ""), office.clock())
                note(session, office, Act.ACTIVITY_STEP, row.title, "划去一条台账", reason=row.withdrawn_reason)
        except ActivityError as error:
            flash(str(error), "warn")
        else:
            flash("已划去，不再计数。")
        return redirect(url_for("console.publicity"), 303)
