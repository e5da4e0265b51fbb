"""The last look, submitting once, and the receipt that can be opened again."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from models.case import Case
from services.cases.crowding import require_room
from services.cases.docket import Docket
from services.cases.drafts import find_draft, load_draft
from services.cases.facts import act_as_citizen
from services.cases.filing import key_respondent
from services.cases.intake import FilingError, Receipt, file_case, find_receipt
from services.cases.numbers import parse_number
from services.cases.parties import find_duplicates
from services.cases.standing import find_case
from services.errors import UserError
from web.h5.complaints_counter import RECEIPT_COOKIE_SECONDS, ComplaintCounter
from web.h5.complaints_evidence import show_files
from web.h5.complaints_form import KIND_WORDS, find_form_faults, make_filing
from web.h5.visits import here, let_see


def add_submission(pages: Blueprint, counter: ComplaintCounter) -> None:
    """The last look, submitting once, and the receipt, which can be opened again."""
    add_check(pages, counter)
    add_submit(pages, counter)


def add_check(pages: Blueprint, counter: ComplaintCounter) -> None:
    """What will be submitted."""

    @pages.get("/h5/complaints/check")
    def check() -> str | AnyResponse:
        """All that was filled in, to be read once more."""
        key = counter.draft_key()
        with counter.database.read() as session:
            docket = counter.docket(session)
            if key and find_receipt(docket, key):
                return redirect(url_for("complaints.receipt"), 303)
            draft = load_draft(docket, key) if key else None
            if draft is None or find_form_faults(draft.content, counter.desk.rules, counter.today()):
                return redirect(url_for("complaints.form"), 303)
            filing, follower_id, row = make_filing(draft.content), counter.follower(session), find_draft(docket, key)
            earlier = find_duplicates(docket, key_respondent(filing), "", follower_id) if follower_id else []
            category = counter.desk.rules.category(filing.category)
            return render_template(
                "h5/complaint_check.html",
                key=key,
                filing=filing,
                kind=KIND_WORDS[filing.kind][0],
                category=category.name if category else "",
                files=show_files(counter, docket, row) if row else [],
                earlier=[one.number for one in earlier],
            )


def add_submit(pages: Blueprint, counter: ComplaintCounter) -> None:
    """What was submitted."""

    @pages.post("/h5/complaints/submit")
    def submit() -> AnyResponse:
        """Once, however often it is pressed; what is wrong leads back to the form with everything in it."""
        key = counter.draft_key()
        try:
            with counter.database.write() as session:
                docket = counter.docket(session)
                receipt = find_receipt(docket, key) if key else None
                receipt = receipt or submit_draft(counter, docket, key)
                case = find_case(session, receipt.number)
                if case is not None:
                    let_see(case.id, counter.clock())
        except FilingError:
            return redirect(url_for("complaints.form"), 303)
        except UserError as error:
            return Response(render_template("h5/complaint_refused.html", words=str(error)), 409)
        response = redirect(url_for("complaints.receipt"), 303)
        counter.cookies.set(response, "draft", key, RECEIPT_COOKIE_SECONDS)
        return response

    @pages.get("/h5/complaints/receipt")
    def receipt() -> str | AnyResponse:
        """Number, query code and date, for the browser that submitted."""
        key = counter.draft_key()
        with counter.database.read() as session:
            docket = counter.docket(session)
            found = find_receipt(docket, key) if key else None
            case = find_case(session, found.number) if found else None
            if found is None or case is None:
                return redirect(url_for("complaints.start"), 303)
            return show_receipt(counter, found, case)


def submit_draft(counter: ComplaintCounter, docket: Docket, key: str) -> Receipt:
    """File what the draft holds; FilingError where there is nothing, or something is missing."""
    draft, row = (load_draft(docket, key), find_draft(docket, key)) if key else (None, None)
    if draft is None or row is None:
        raise FilingError({})
    if faults := find_form_faults(draft.content, counter.desk.rules, counter.today()):
        raise FilingError(faults)
    # Who began the draft in WeChat is who files it, also when the sign-in ran out meanwhile.
    owner = counter.follower(docket.session) or row.follower_id
    require_room(docket, owner, request.remote_addr or "")
    return file_case(docket, make_filing(draft.content), act_as_citizen(None), key, follower_id=owner)


def show_receipt(counter: ComplaintCounter, receipt: Receipt, case: Case) -> str:
    """The page to keep, print or copy from."""
    parsed = parse_number(receipt.number)
    return render_template(
        "h5/complaint_receipt.html",
        receipt=receipt,
        case=case,
        kind=KIND_WORDS[parsed.kind][0] if parsed else "",
        term=counter.desk.rules.terms.accept.split()[0],
        is_known=here().follower(counter.clock()) is not None,
    )
