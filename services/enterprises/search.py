"""Finding the enterprise a citizen means: by code, by exact name, by likeness; only the exact is an answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import Session

from models.enterprise import Enterprise, EnterpriseName, Status
from services.enterprises.asking import read_names, spans_with_form, strip_sentence
from services.enterprises.codes import corrections, find_codes, is_valid
from services.enterprises.finding import Candidate, Finding, Reason, Verdict
from services.enterprises.index import NameIndex
from services.enterprises.matching import Hit, read_question, weights_for
from services.enterprises.names import hash_key, normalise
from services.enterprises.parts import split_name
from services.enterprises.people import looks_like_person
from services.enterprises.pinyin import find_typed

MOST_SHOWN = 5
MOST_RANKED = 20
NEARLY_EQUAL = 0.3  # ranks closer than this are told apart by status, branch and region
UNLIKELY = 0.3  # below it a registered name inside a longer text is asked for first
LIKELY = 0.85  # above it one name is asked for alone, if it leads clearly
CLEAR_LEAD = 1.5
TYPED_LEAST = 0.7  # names spelt less like the letters typed are no answer
REGISTER, OTHERS = Enterprise.__table__.c, EnterpriseName.__table__.c
SHOWN = select(
    REGISTER.id, REGISTER.name, REGISTER.credit_code, REGISTER.province, REGISTER.city, REGISTER.status
).where(REGISTER.status != Status.REMOVED)
Shown = Select[Any]
# Built once: a statement made anew for each question costs more than its execution.
WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)
BY_CODE = SHOWN.where(REGISTER.credit_code.in_(WANTED))
BY_HASH = SHOWN.where(REGISTER.name_hash.in_(WANTED))
BY_ID = SHOWN.where(REGISTER.id.in_(WANTED))
OTHER_BY_HASH = select(OTHERS.enterprise_id, OTHERS.name, OTHERS.kind).where(OTHERS.name_hash.in_(WANTED))


@dataclass(frozen=True)
class Bearer:
    """An enterprise that bears a name exactly, and as what."""

    candidate: Candidate
    key: str


def find(session: Session, text: str, index: NameIndex, home: str = "") -> Finding:
    """The enterprise that a citizen's text asks for; `home` is the bureau's own city or province.

    MATCH only for an exact code, an exact registered name, or another name that one firm alone bears.
    """
    index.follow(session)
    return replace(look(session, text, index, home), searched_count=index.count)


def suggest(session: Session, text: str, index: NameIndex, limit: int = 8, home: str = "") -> list[Candidate]:
    """Names to offer while a citizen is still typing; never anything about records."""
    if len(normalise(text)) < 2:
        return []
    index.follow(session)
    return list(look(session, text, index, home).candidates[:limit])


def look(session: Session, text: str, index: NameIndex, home: str) -> Finding:
    """find without the count."""
    names = read_names(text)
    if not names:
        return Finding("", Verdict.NONE, Reason.NO_NAME)
    codes = find_codes(text)
    if codes:
        return find_code(session, codes)
    return find_exact(session, names, home) or find_alike(session, text, names, index, home)


def find_code(session: Session, codes: list[str]) -> Finding:
    """By code: exact, else the corrections that the register holds."""
    for code in codes:
        if found := fetch(session, BY_CODE, [code]):
            return Finding(code, Verdict.MATCH, Reason.EXACT_CODE, found)
    code = codes[0]
    near = fetch(session, BY_CODE, corrections(code))
    if near:
        return Finding(code, Verdict.CHOOSE, Reason.CODE_SLIP, near[:MOST_SHOWN])
    return Finding(code, Verdict.NONE, Reason.CODE_UNKNOWN if is_valid(code) else Reason.CODE_WRONG)


def fetch(session: Session, statement: Shown, wanted: Sequence[int] | Sequence[str]) -> list[Candidate]:
    """Enterprises as candidates."""
    rows = session.execute(statement, {"wanted": wanted})
    return [
        Candidate(
            row.id,
            row.name,
            row.credit_code,
            row.province or "",
            row.city or "",
            row.status,
            1.0,
            is_branch=split_name(normalise(row.name)).is_branch,
        )
        for row in rows
    ]


def find_exact(session: Session, names: list[str], home: str) -> Finding | None:
    """By exact name: the first of these normalised names that any enterprise bears or bore."""
    if not names:
        return None
    bearers = fetch_bearers(session, names)
    for name in names:
        found = [bearer.candidate for bearer in bearers if bearer.key == name]
        registered = [candidate for candidate in found if candidate.matched_kind is None]
        if len(registered) == 1:
            return Finding(name, Verdict.MATCH, Reason.EXACT_NAME, registered)
        if registered:
            return Finding(name, Verdict.CHOOSE, Reason.SAME_NAME, order(registered, home)[:MOST_SHOWN])
        if len(found) == 1:
            return Finding(name, Verdict.MATCH, Reason.OTHER_NAME, found)
        if found:
            return Finding(name, Verdict.CHOOSE, Reason.SAME_NAME, order(found, home)[:MOST_SHOWN])
    return None


def fetch_bearers(session: Session, names: list[str]) -> list[Bearer]:
    """Everyone who bears one of these normalised names, as registered or as another name."""
    wanted = set(names)
    hashes = [hash_key(name) for name in names]
    found = [Bearer(candidate, normalise(candidate.name)) for candidate in fetch(session, BY_HASH, hashes)]
    others = session.execute(OTHER_BY_HASH, {"wanted": hashes}).all()
    if others:
        owners = by_id(fetch(session, BY_ID, [row.enterprise_id for row in others]))
        held = {bearer.candidate.enterprise_id for bearer in found}
        for row in others:
            if row.enterprise_id in owners and row.enterprise_id not in held:
                named = replace(owners[row.enterprise_id], matched_name=row.name, matched_kind=row.kind)
                found.append(Bearer(named, normalise(row.name)))
    return [bearer for bearer in found if bearer.key in wanted]


def by_id(candidates: Iterable[Candidate]) -> dict[int, Candidate]:
    """Candidates by their enterprise."""
    return {candidate.enterprise_id: candidate for candidate in candidates}


def find_alike(session: Session, text: str, names: list[str], index: NameIndex, home: str) -> Finding:
    """By likeness: never an answer, a question or nothing."""
    asked = names[1] if len(names) > 1 else names[0]
    hits, is_typed = find_hits(text, asked, index)
    if looks_like_person(asked) and not any(asked in hit.name for hit in hits):
        return Finding(asked, Verdict.NONE, Reason.PERSON)
    candidates = rank_candidates(session, hits, home)
    question = read_question(asked)
    region = asked[: asked.find(question.core)] if question.regions and question.core in asked else ""
    likely = hits[0].likelihood if hits else 0.0
    if (
        likely < UNLIKELY
        and not question.is_branch
        and (inside := find_exact(session, spans_with_form(names[0]), home))
    ):
        # A registered name inside a longer text: probably meant, but the rest of the text may say otherwise.
        return Finding(asked, Verdict.CHOOSE, Reason.SPELLING, merge(inside.candidates, candidates))
    elsewhere = [hit.enterprise_id for hit in hits if hit.has_same_core and hit.has_region_conflict]
    if elsewhere and all(hit.has_region_conflict for hit in hits if hit.has_same_core):
        others = [candidate for candidate in candidates if candidate.enterprise_id in elsewhere]
        return Finding(asked, Verdict.CHOOSE, Reason.OTHER_REGION, others[:MOST_SHOWN], asked_region=region)
    if not hits or likely < (TYPED_LEAST if is_typed else weights_for(question).none_below):
        return Finding(asked, Verdict.NONE, Reason.NOT_FOUND, candidates[:3], asked_region=region)
    reason = Reason.SIMILAR
    if likely >= LIKELY and leads(hits) and candidates[0].enterprise_id == hits[0].enterprise_id:
        reason = Reason.SPELLING
    return Finding(asked, Verdict.CHOOSE, reason, candidates[:MOST_SHOWN], asked_region=region)


def find_hits(text: str, asked: str, index: NameIndex) -> tuple[list[Hit], bool]:
    """The names like what is asked for, and whether they were found by its letters: pinyin, initials."""
    hits = [] if asked.isascii() else index.search(asked, MOST_RANKED)
    if not hits or hits[0].likelihood < LIKELY:
        typed = find_typed(index, strip_sentence(text), MOST_RANKED)
        if typed and (not hits or typed[0].likelihood > hits[0].likelihood):
            return typed, True
    return hits or index.search(asked, MOST_RANKED), False


def leads(hits: list[Hit]) -> bool:
    """Whether the best hit stands clear of the second."""
    return len(hits) == 1 or hits[0].rank - hits[1].rank >= CLEAR_LEAD


def merge(first: list[Candidate], then: list[Candidate]) -> list[Candidate]:
    """Both lists in order without repetition, as many as are shown."""
    known = {candidate.enterprise_id for candidate in first}
    return [*first, *(candidate for candidate in then if candidate.enterprise_id not in known)][:MOST_SHOWN]


def rank_candidates(session: Session, hits: list[Hit], home: str) -> list[Candidate]:
    """The hits with what the register says of them, near equals in a sensible order."""
    known = by_id(fetch(session, BY_ID, [hit.enterprise_id for hit in hits]))
    candidates = []
    for hit in hits:
        if found := known.get(hit.enterprise_id):
            other = "" if normalise(found.name) == hit.name else hit.name
            candidates.append((hit.rank, replace(found, score=round(hit.likelihood, 4), matched_name=other)))
    steps: list[list[Candidate]] = []
    last = float("inf")
    for rank, candidate in candidates:
        if last - rank > NEARLY_EQUAL:
            steps.append([])
            last = rank
        steps[-1].append(candidate)
    return [candidate for step in steps for candidate in order(step, home)]


def order(candidates: list[Candidate], home: str) -> list[Candidate]:
    """Equals: in force first, then the bureau's own region, parents before branches."""
    return sorted(
        candidates,
        key=lambda candidate: (
            candidate.status not in {Status.IN_FORCE, Status.UNKNOWN},
            not home or home not in (candidate.city, candidate.province),
            candidate.is_branch,
        ),
    )
