"""The inbox of an association: what changed at its members (入会后诚信监督)."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.credit.words import BLOCK_WORDS
from services.watching.members import count_unread, mark_read, read_inbox
from web.console.association_room import PEOPLE, is_outsider, key_here, load_association
from web.console.gate import Stage, serves
from web.console.office import Office, here
from web.console.staff import LARGEST_ID

NEWS = f"/associations/<int(max={LARGEST_ID}):association_id>/news"


def add_member_news(pages: Blueprint, office: Office) -> None:
    """/console/associations/<id>/news."""

    def unread_of(association_id: int) -> int:
        """For the association's desk."""
        with office.database.read() as session:
            return count_unread(session, association_id)

    pages.add_app_template_global(unread_of, "unread_member_news")

    @pages.get(NEWS)
    @serves(Stage.INSIDE, *PEOPLE)
    def member_news(association_id: int) -> str:
        """The newest changes; of each only what is public now."""
        with office.database.read() as session:
            association = load_association(session, association_id)
            lines = read_inbox(session, association_id, office.today())
        return render_template(
            "console/member_news.html",
            association=association,
            lines=lines,
            words=BLOCK_WORDS,
            is_own=is_outsider(here()),
        )

    @pages.post(NEWS)
    @serves(Stage.INSIDE, *PEOPLE)
    def read_member_news(association_id: int) -> AnyResponse:
        """Everything is read; only the association itself says so."""
        with office.database.write() as session:
            load_association(session, association_id)
            if is_outsider(here()):
                count = mark_read(session, association_id, key_here(), office.clock())
                flash(f"{count} 条已标为看过。")
        return redirect(url_for("console.member_news", association_id=association_id), 303)
