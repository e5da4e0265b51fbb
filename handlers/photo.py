"""A photo of a licence or a shop sign: read by the jobs process, then answered like a code or a name."""

from collections.abc import Iterable

from bot.conversation import Choice
from bot.messages import Kind
from bot.replies import Later, Reply, Text
from bot.router import Router, Turn
from bot.wording import render
from handlers.credit import LONGEST_ECHO, answer_nothing, label_of, offer_again, offer_choices, show_card
from services.enterprises.codes import corrections
from services.enterprises.finding import Candidate, Finding, Reason, Verdict
from services.enterprises.names import normalise
from services.enterprises.search import find
from services.photos.reading import Reading, Trouble

router = Router("photo")

BEST_FIRST = (Verdict.MATCH, Verdict.CHOOSE, Verdict.NONE)
NO_ENTERPRISE = (Reason.PERSON, Reason.PHONE, Reason.STREET, Reason.TOO_BROAD, Reason.SEVERAL, Reason.NO_NAME)


@router.on_kind(Kind.IMAGE)
def answer_photo(turn: Turn) -> Reply | Later:
    """Not read yet: later; read: what it asks for."""
    reading = turn.message.reading
    if reading is None:
        return Later() if turn.desk.reads_photos else Text(render("photo_not_read"))
    if reading.is_person:
        return Text(render("credit_person", bureau=turn.desk.bureau))
    return Text(render("photo_trouble", trouble=reading.trouble)) if reading.trouble else answer_reading(turn, reading)


def answer_reading(turn: Turn, reading: Reading) -> Reply:
    """By code and by name; only where they agree, or one stands alone, is it an answer without a question."""
    by_code = look_up(turn, [reading.code]) if reading.code else None
    by_name = look_up(turn, reading.names)
    coded, named = matched(by_code), matched(by_name)
    told = {"name": echo(by_name, reading), "code": reading.code}
    if coded and named and coded.enterprise_id != named.enterprise_id:
        return ask(turn, [coded, named], note="two_firms", **told)
    if coded:
        return show(turn, coded, note="other_name" if by_name and not bears(coded, named, reading) else "", **told)
    if named:
        doubt = find_doubt(reading, named)
        return ask(turn, [named], note=doubt, **told) if doubt else show(turn, named, note="", **told)
    return answer_unmatched(turn, by_code, by_name, render("photo_found", note="", **told))


def look_up(turn: Turn, words: Iterable[str]) -> Finding | None:
    """The best finding of several readings; None where none could be an enterprise."""
    home = turn.desk.bureau.city or turn.desk.bureau.province
    findings = [find(turn.session, text, turn.desk.index, home) for text in words]
    useful = [finding for finding in findings if finding.reason not in NO_ENTERPRISE]
    return min(useful, key=lambda finding: BEST_FIRST.index(finding.verdict), default=None)


def matched(finding: Finding | None) -> Candidate | None:
    """The firm, where there is no doubt which the words mean."""
    return finding.candidates[0] if finding and finding.verdict is Verdict.MATCH else None


def bears(coded: Candidate, named: Candidate | None, reading: Reading) -> bool:
    """One of the names on the photo is, or was, this firm's."""
    return named is not None or normalise(coded.name) in map(normalise, reading.names)


def find_doubt(reading: Reading, named: Candidate) -> str:
    """Why the firm found by name alone must be asked for; empty where its code agrees or none was seen."""
    if reading.code:
        return "" if named.credit_code in corrections(reading.code) else "other_code"
    return "" if reading.is_sure else "unclear"


def echo(by_name: Finding | None, reading: Reading) -> str:
    """The name as it was read, so that a wrong reading is seen; never words that are not taken for a name."""
    if by_name is None:
        return ""
    name = next((name for name in reading.names if by_name.query in name), by_name.query)
    return name if len(name) <= LONGEST_ECHO else f"{name[:LONGEST_ECHO]}…"


def show(turn: Turn, found: Candidate, *, note: str, name: str, code: str) -> Reply:
    """The card, under what the photo says."""
    told = render("photo_found", note=note, name=name, code=code)
    return show_card(turn, found.enterprise_id, f"{told}\n")


def ask(turn: Turn, candidates: list[Candidate], *, note: str, name: str, code: str) -> Reply:
    """Which of these, or whether it is this one; nothing about their records."""
    choices = [Choice(found.enterprise_id, label_of(found)) for found in candidates]
    return offer_again(turn, choices, render("photo_found", note=note, name=name, code=code))


def answer_unmatched(turn: Turn, by_code: Finding | None, by_name: Finding | None, told: str) -> Reply:
    """A choice, by the code rather than by the name; else what was not found."""
    findings = [finding for finding in (by_code, by_name) if finding]
    if not findings:
        return Text(render("photo_trouble", trouble=Trouble.UNCLEAR))
    for finding in findings:
        if finding.verdict is Verdict.CHOOSE:
            return put_before(told, offer_choices(turn, finding))
    is_code_better = by_code is not None and by_code.reason is Reason.CODE_UNKNOWN
    return put_before(told, answer_nothing(turn, findings[0 if is_code_better else -1]))


def put_before(told: str, reply: Reply) -> Reply:
    """What the photo says, then the answer."""
    return Text(f"{told}\n\n{reply.text}", reply.more_url) if isinstance(reply, Text) else reply
