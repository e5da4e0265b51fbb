"""The commitment wall, stories to hand in, and honest shops nearby."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from models.nomination import NominationKind
from services.associations.home import AssociationError
from services.campaigns import nominations
from services.campaigns.activities import ActivityError
from services.campaigns.nominations import CONSENT, KIND_WORDS, Story
from services.campaigns.running import campaign_on, latest_campaign
from services.campaigns.shops import find_shops, list_districts
from services.campaigns.wall import TEXT, read_wall, sign_wall
from web.h5.complaints_counter import ComplaintCounter, draw_key


def add_wall(pages: Blueprint, counter: ComplaintCounter) -> None:
    """/h5/commitments."""

    @pages.route("/h5/commitments", methods=["GET", "POST"])
    def commitments() -> str | AnyResponse | tuple[str, int]:
        """Who has signed; a firm signs by name and code."""
        error: AssociationError | None = None
        if request.method == "POST":
            try:
                return sign()
            except AssociationError as refused:
                error = refused
        with counter.database.read() as session:
            campaign = latest_campaign(session, counter.today())
            count, signed = read_wall(session, campaign) if campaign else (0, [])
            is_open = campaign_on(session, counter.today()) is not None
        page = render_template(
            "h5/commitments.html", campaign=campaign, count=count, signed=signed, text=TEXT, is_open=is_open,
            error=error, typed=request.form, is_signed="signed" in request.args,
        )  # fmt: skip
        return (page, 409) if error else page

    def sign() -> AnyResponse:
        """AssociationError says why not."""
        form = request.form
        if not form.get("agrees"):
            raise AssociationError("agrees", "请勾选，说明您受本企业委托签署")
        with counter.database.write() as session:
            campaign = campaign_on(session, counter.today())
            if campaign is None:
                raise AssociationError("code", "现在不在宣传活动期间，下次活动再来签署")
            sign_wall(session, campaign, form.get("name", "")[:200], form.get("code", "")[:40], counter.clock())
        return redirect(url_for("taking.commitments", signed=1), 303)


def add_nominations(pages: Blueprint, counter: ComplaintCounter) -> None:
    """/h5/stories."""

    @pages.route("/h5/stories", methods=["GET", "POST"])
    def stories() -> str | AnyResponse | tuple[str, int]:
        """A story is handed in once for a page; what is wrong is said beside its field, nothing is lost."""
        form, faults = request.form, {}
        if request.method == "POST":
            said = read_story()
            faults = nominations.find_faults(said)
            if not faults:
                return hand_in(said)
        page = render_template(
            "h5/stories.html", kinds=KIND_WORDS, consent=CONSENT.format(bureau=counter.desk.bureau.name), typed=form,
            faults=faults, key=form.get("key") or draw_key(),
        )  # fmt: skip
        return (page, 409) if faults else page

    @pages.get("/h5/stories/<number>")
    def story(number: str) -> str:
        """What comes next."""
        return render_template("h5/story_thanks.html", number=number[:20])

    def hand_in(said: Story) -> AnyResponse | tuple[str, int]:
        key = request.form.get("key", "")[:64] or draw_key()
        try:
            with counter.database.write() as session:
                row = nominations.hand_in(
                    session, said, key, counter.desk.bureau.name, follower_id=counter.follower(session),
                    now=counter.clock(),
                )  # fmt: skip
                number = row.number
        except ActivityError as error:
            return str(error), 409
        return redirect(url_for("taking.story", number=number), 303)


def read_story() -> Story:
    """The form as it came."""
    form = request.form
    kind = form.get("kind", "")
    names = ("title", "subject", "story", "credit_code", "proof", "name", "phone")
    return Story(
        kind=NominationKind(kind) if kind in set(NominationKind) else NominationKind.STORY,
        consents=bool(form.get("consents")),
        **{name: form.get(name, "").strip()[:5000] for name in names},
    )


def add_shops(pages: Blueprint, counter: ComplaintCounter) -> None:
    """/h5/shops."""

    @pages.get("/h5/shops")
    def shops() -> str:
        """By district; an honour that has run out is gone the day after."""
        district = request.args.get("district", "").strip()[:20]
        with counter.database.read() as session:
            found = find_shops(session, counter.today())
        districts = list_districts(found)
        shown = [one for one in found if one.district == district] if district else found
        return render_template(
            "h5/shops.html", shops=shown[:50], districts=districts, district=district, total=len(found)
        )
