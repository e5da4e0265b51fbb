"""The one entrance of cases: checked, numbered and written in one transaction, once for a client's key."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models.case import Case, CaseConsent, CaseNumbering
from models.case_file import CaseDraft, CaseEvidence
from models.case_words import Action, CaseKind, ConsentKind, Side, State
from models.database import stand_in_line, vault_of
from services.cases.bursts import watch_bursts
from services.cases.deciding import decide
from services.cases.docket import Docket
from services.cases.facts import Actor, Facts, Step
from services.cases.filing import Filing, find_faults, key_respondent
from services.cases.history import add_event
from services.cases.numbers import MOST_PER_DAY, CaseNumber
from services.cases.parties import add_party, find_duplicates
from services.cases.secrets import draw_codes, hash_client_key, hash_code, is_code
from services.cases.telling import notify
from services.cases.timing import explain_due, move_deadlines, told_deadline
from services.errors import UserError

FACTS = "cases.facts"


@dataclass(frozen=True)
class Receipt:
    """What the citizen must be shown, and shown again when they ask again."""

    number: str
    query_code: str
    due_on: date | None
    due: str  # 2026年12月1日（第7个工作日）
    is_new: bool  # False: this filing was submitted before
    earlier: tuple[str, ...] = ()  # numbers of the same person's cases on the same firm


class FilingError(UserError):
    """The filing cannot be submitted yet; `faults` says why by field."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__("；".join(faults.values()))
        self.faults = faults


def file_case(
    docket: Docket, filing: Filing, actor: Actor, client_key: str, *, follower_id: int | None = None
) -> Receipt:
    """Submit a filing. The same `client_key` (16 characters or more, unguessable) again gives the same receipt.

    FilingError if something is missing; the draft stays. Evidence of the draft goes with the case.
    """
    if len(client_key) < 16:
        raise ValueError("a client key must be unguessable")
    session, key_hash = docket.session, hash_client_key(client_key)
    if done := session.scalar(select(Case).where(Case.client_key_hash == key_hash)):
        return repeat_receipt(docket, done, client_key)
    if faults := find_faults(filing, docket.rules, docket.today):
        raise FilingError(faults)
    decision = decide(Action.SUBMIT, Facts(0, filing.kind, State.DRAFT), actor, Step(), docket.now)
    owner = None if filing.is_anonymous else follower_id
    respondent, phone = key_respondent(filing), filing.complainant.phone
    earlier = find_duplicates(docket, respondent, "" if filing.is_anonymous else phone, owner)
    number, code = take_number(docket, filing), draw_codes(vault_of(session), client_key)[0]
    try:
        with session.begin_nested():
            case = make_case(docket, filing, str(number), owner)
            case.query_code_hash, case.client_key_hash = hash_code(case.number, code), key_hash
            session.add(case)
    except IntegrityError:  # the same filing came through another process at the same moment
        done = session.scalars(select(Case).where(Case.client_key_hash == key_hash)).one()
        return repeat_receipt(docket, done, client_key)
    add_belongings(docket, case, filing, actor)
    take_draft(docket, case, key_hash)
    case.state = decision.state
    move_deadlines(docket, case, Action.SUBMIT)
    details = {"due": explain_due(told_deadline(session, case)), "channel": case.channel, "category": case.category}
    event = add_event(docket, case, Action.SUBMIT, decision.state, actor, role=decision.role, said={}, details=details)
    notify(docket, case, event)
    watch_bursts(docket, case)
    return make_receipt(docket, case, code, tuple(one.number for one in earlier))


def find_receipt(docket: Docket, client_key: str) -> Receipt | None:
    """What was shown when this filing was submitted; None where it was not yet."""
    done = docket.session.scalar(select(Case).where(Case.client_key_hash == hash_client_key(client_key)))
    return repeat_receipt(docket, done, client_key) if done else None


def make_case(docket: Docket, filing: Filing, number: str, follower_id: int | None) -> Case:
    """The row, complete but for its secrets."""
    told = {
        "facts": filing.facts,
        "place": filing.place,
        "order_number": filing.order_number,
        "handled_elsewhere": filing.handled_elsewhere,
        "answer_number": filing.answer_number,
    } | filing.details
    return Case(
        number=number,
        kind=filing.kind,
        state=State.DRAFT,
        event_count=0,
        channel=filing.channel,
        urgency=filing.urgency,
        source_number=filing.source_number or None,
        follower_id=follower_id,
        is_anonymous=filing.is_anonymous,
        is_confidential=filing.is_confidential or filing.kind is CaseKind.REPORT,
        category=filing.category,
        respondent_key=key_respondent(filing),
        enterprise_id=filing.enterprise_id,
        credit_code=filing.credit_code,
        respondent_name=filing.respondent_name.strip()[:200],
        respondent_address=filing.respondent_address[:300],
        respondent_phone=filing.respondent_phone[:40],
        facts_sealed=docket.seal({key: text for key, text in told.items() if text}, FACTS),
        requests=list(filing.requests),
        happened_on=filing.happened_on,
        amount_fen=filing.amount_fen,
        submitted_at=docket.now,
        is_unit_fixed=False,
        is_disputed=False,
        dispute_count=0,
        rework_count=0,
        unit="",
        association="",
        summary="",
    )


def add_belongings(docket: Docket, case: Case, filing: Filing, actor: Actor) -> None:
    """Persons and consents; of the anonymous no person is kept, whatever was typed."""
    for person in () if filing.is_anonymous else filing.persons:
        add_party(docket.session, case.id, person)
    asked = {
        ConsentKind.NOTICE: bool(filing.notice_version),
        ConsentKind.PUBLISH: filing.agrees_to_publish,
        ConsentKind.DELEGATION: filing.agrees_to_delegation,
    }
    for kind, is_given in asked.items():
        docket.session.add(
            CaseConsent(
                case_id=case.id,
                kind=kind,
                side=Side.COMPLAINANT,
                is_given=is_given,
                version=filing.notice_version,
                recorded_by=actor.key,
                at=docket.now,
            )
        )


def take_draft(docket: Docket, case: Case, key_hash: bytes) -> None:
    """Move the draft's evidence to the case and drop the draft, locked: what arrives now finds the case."""
    session = docket.session
    draft = session.scalar(select(CaseDraft).where(CaseDraft.client_key_hash == key_hash).with_for_update())
    if draft is None:
        return
    for evidence in session.scalars(select(CaseEvidence).where(CaseEvidence.draft_id == draft.id)):
        evidence.case_id, evidence.draft_id = case.id, None
    session.flush()
    session.delete(draft)
    session.flush()


def take_number(docket: Docket, filing: Filing) -> CaseNumber:
    """The next of the region's day; a transaction that is rolled back gives it back."""
    session, region = docket.session, filing.region_code or docket.rules.region_code
    stand_in_line(session, f"case_numbering:{region}")
    wanted = (
        select(CaseNumbering)
        .where(CaseNumbering.region_code == region, CaseNumbering.day == docket.today)
        .with_for_update()
    )
    row = session.scalar(wanted)
    if row is None:
        try:
            with session.begin_nested():
                session.add(CaseNumbering(region_code=region, day=docket.today, last=0))
        except IntegrityError:  # another process took the day's first number
            pass
        row = session.scalars(wanted.execution_options(populate_existing=True)).one()
    if row.last >= MOST_PER_DAY:
        raise UserError("今日编号已用完，请明日再提交，草稿已保留")
    row.last += 1
    session.flush()
    return CaseNumber(filing.kind, docket.today, region, row.last)


def repeat_receipt(docket: Docket, case: Case, client_key: str) -> Receipt:
    """What was shown before; the code by whichever key it was drawn."""
    codes = draw_codes(vault_of(docket.session), client_key)
    code = next((code for code in codes if is_code(case.number, code, case.query_code_hash)), "")
    return make_receipt(docket, case, code, (), is_new=False)


def make_receipt(docket: Docket, case: Case, code: str, earlier: tuple[str, ...], *, is_new: bool = True) -> Receipt:
    """Number, code and date."""
    row = told_deadline(docket.session, case)
    return Receipt(case.number, code, row.due_on if row else None, explain_due(row), is_new, earlier)
