"""Finding the enterprise a citizen means: by code, by exact name, by likeness; only the exact is an answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.enterprise import Enterprise, EnterpriseName, NameKind, Status
from models.prepared import Prepared, PreparedAmong
from services.enterprises.asking import region_asked, spans_with_form
from services.enterprises.codes import corrections, is_valid
from services.enterprises.features import read_question, speak
from services.enterprises.finding import COMPANY_FORMS, Candidate, Finding, Reason, Verdict, put_parents_first
from services.enterprises.index import NameIndex
from services.enterprises.matching import Hit
from services.enterprises.names import hash_key, normalise
from services.enterprises.parts import are_compatible, region_codes, split_name
from services.enterprises.people import looks_like_person
from services.enterprises.readings import MOST_RANKED, find_hits, leave_out_far
from services.enterprises.sentences import LIKELY, MOST_SHOWN, understand

NEARLY_EQUAL = 0.3  # ranks closer than this are told apart by status, branch and region
UNLIKELY = 0.3  # below it a registered name inside a longer text is asked for first
CLEAR_LEAD = 1.5
# While not all names can be searched, nothing is said to be absent.
UNSURE = {Reason.NOT_FOUND: Reason.NOT_READY, Reason.PERSON: Reason.NOT_READY, Reason.OTHER_REGION: Reason.SIMILAR}
LEAST_SUGGESTED = 0.01  # below it a name is not even a suggestion beside "not found"
FAR_LESS = 10  # for short forms, of which all are unlikely: times less likely than what is no answer
TYPED_LEAST = 0.7  # names spelt less like the letters typed are no answer
REGISTER, OTHERS = Enterprise.__table__.c, EnterpriseName.__table__.c
SHOWN = select(
    REGISTER.id, REGISTER.name, REGISTER.credit_code, REGISTER.province, REGISTER.city, REGISTER.status
).where(REGISTER.status != Status.REMOVED)
BY_CODE = PreparedAmong(SHOWN, REGISTER.credit_code)
BY_HASH = PreparedAmong(SHOWN, REGISTER.name_hash)
BY_ID = PreparedAmong(SHOWN, REGISTER.id)
OTHER_BY_OWNER = Prepared(select(OTHERS.name, OTHERS.kind).where(OTHERS.enterprise_id == bindparam("owner")))
OTHER_BY_HASH = PreparedAmong(select(OTHERS.enterprise_id, OTHERS.name, OTHERS.kind), OTHERS.name_hash)


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
    is_whole = index.is_whole
    finding = replace(look(session, text, index, home), searched_count=index.count)
    if is_whole or not finding.query:
        return finding
    return replace(finding, reason=UNSURE.get(finding.reason, finding.reason))


def suggest(session: Session, text: str, index: NameIndex, limit: int = 8, home: str = "") -> list[Candidate]:
    """Names to offer while a citizen is still typing; never anything about records."""
    if len(normalise(text)) < 2:
        return []
    index.follow(session)
    return list(look(session, text, index, home).candidates[:limit])


def look(session: Session, text: str, index: NameIndex, home: str) -> Finding:
    """find without the count."""
    return understand(LookUps(session, index), text, home)


@dataclass(frozen=True)
class LookUps:
    """What sentences.py puts together."""

    session: Session
    index: NameIndex

    def by_code(self, codes: list[str]) -> Finding:
        """By code, exact or with a slip."""
        return find_code(self.session, codes)

    def exact(self, names: list[str], near: str) -> Finding | None:
        """By exact name."""
        return find_exact(self.session, names, near)

    def alike(self, text: str, names: list[str], near: str) -> Finding:
        """By likeness."""
        return find_alike(self.session, text, names, self.index, near)

    def holding(self, core: str, near: str) -> list[Candidate]:
        """The firms in whose name this stands, best first."""
        hits = [hit for hit in self.index.search(core, MOST_RANKED) if core in hit.name]
        return rank_candidates(self.session, hits, near)


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


def fetch(session: Session, statement: PreparedAmong, wanted: Sequence[int] | Sequence[str]) -> list[Candidate]:
    """Enterprises as candidates."""
    rows = statement.run(session, wanted)
    return [
        Candidate(row.id, row.name, row.credit_code, row.province or "", row.city or "", row.status, 1.0)
        for row in rows
    ]


def find_exact(session: Session, names: list[str], home: str) -> Finding | None:
    """By exact name: the first of these normalised names that any enterprise bears or bore."""
    if not names:
        return None
    bearers = fetch_bearers(session, names)
    for name in names:
        found = order([bearer.candidate for bearer in bearers if bearer.key == name], home)
        registered = [candidate for candidate in found if candidate.matched_kind is None]
        others = [candidate for candidate in found if candidate.matched_kind is not None]
        if len(registered) == 1:
            # Who else bears or bore the name is told beside it.
            return Finding(name, Verdict.MATCH, Reason.EXACT_NAME, [*registered, *others][:MOST_SHOWN])
        if len(found) == 1:
            return Finding(name, Verdict.MATCH, Reason.OTHER_NAME, found)
        if found:
            shown = [*registered, *others][:MOST_SHOWN]
            return Finding(name, Verdict.CHOOSE, Reason.SAME_NAME, shown, more_count=len(found) - len(shown))
    return None


def fetch_bearers(session: Session, names: list[str]) -> list[Bearer]:
    """Everyone who bears one of these normalised names, as registered or as another name."""
    wanted = set(names)
    hashes = [hash_key(name) for name in names]
    found = [Bearer(candidate, normalise(candidate.name)) for candidate in fetch(session, BY_HASH, hashes)]
    others = OTHER_BY_HASH.run(session, hashes)
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
    candidates = rank_candidates(session, leave_out_far(hits, asked), home)
    question = read_question(asked)
    if question.is_short and not question.is_branch:
        candidates = put_parents_first(candidates)
    region = region_asked(asked)[0]
    likely = hits[0].likelihood if hits and (is_typed or shares_sound(question.core, hits[0].name)) else 0.0
    if (
        likely < UNLIKELY
        and not question.is_branch
        and (inside := find_exact(session, spans_with_form(names[0]), home))
    ):
        # A registered name inside a longer text: probably meant, but the rest of the text may say otherwise.
        return Finding(asked, Verdict.CHOOSE, Reason.SPELLING, merge(inside.candidates, candidates))
    elsewhere = [hit.enterprise_id for hit in hits if hit.has_same_core and hit.has_region_conflict]
    has_alike_here = any(
        not hit.has_region_conflict and (hit.has_same_sound or question.core in hit.name) for hit in hits
    )
    if elsewhere and elsewhere[0] == hits[0].enterprise_id and question.brand and not has_alike_here:
        # The firm asked for exists, but only in other places.
        others = [candidate for candidate in candidates if candidate.enterprise_id in elsewhere]
        if not question.form.endswith(COMPANY_FORMS):
            # 满果多超市 may be any firm of that trade name, one as likely as another.
            alike = [one for one in candidates if one not in others and question.brand in normalise(one.name)]
            others += [replace(one, score=others[0].score) for one in alike if others]
        shown, more = others[:MOST_SHOWN], len(others[MOST_SHOWN:])
        return Finding(asked, Verdict.CHOOSE, Reason.OTHER_REGION, shown, asked_region=region, more_count=more)
    none_below = index.weights_for(question).none_below
    if not hits or likely < (TYPED_LEAST if is_typed else none_below):
        least = min(LEAST_SUGGESTED, none_below / FAR_LESS)
        suggested = [candidate for candidate in candidates[:3] if candidate.score >= least]
        return Finding(asked, Verdict.NONE, Reason.NOT_FOUND, suggested, asked_region=region)
    reason = Reason.SIMILAR
    if likely >= LIKELY and leads(hits) and candidates[0].enterprise_id == hits[0].enterprise_id:
        reason = Reason.SPELLING
    more = sum(asked in normalise(candidate.name) for candidate in candidates[MOST_SHOWN:])
    return Finding(asked, Verdict.CHOOSE, reason, candidates[:MOST_SHOWN], asked_region=region, more_count=more)


def shares_sound(core: str, name: str) -> bool:
    """Whether a name's core holds anything of a query's, as heard: of a few firms one is always the likeliest."""
    return bool(set(speak(core)) & set(speak(split_name(name).core)))


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
            is_own = hit.name in (found.name, normalise(found.name))
            other, kind = ("", None) if is_own else find_other_name(session, hit)
            named = replace(found, score=round(hit.likelihood, 4), matched_name=other, matched_kind=kind)
            candidates.append((hit.rank, named))
    steps: list[list[Candidate]] = []
    last = float("inf")
    for rank, candidate in candidates:
        if last - rank > NEARLY_EQUAL:
            steps.append([])
            last = rank
        steps[-1].append(candidate)
    return [candidate for step in steps for candidate in order(step, home)]


def find_other_name(session: Session, hit: Hit) -> tuple[str, NameKind | None]:
    """The other name by which a firm was found, as it is written, and its kind."""
    rows = OTHER_BY_OWNER.run(session, owner=hit.enterprise_id)
    return next(((row.name, row.kind) for row in rows if normalise(row.name) == hit.name), (hit.name, None))


def order(candidates: list[Candidate], near: str) -> list[Candidate]:
    """Equals: in force first, then those of the region asked for or the bureau's own, parents before branches."""
    if len(candidates) < 2:
        return candidates
    region = region_codes(near) if near else frozenset()
    return sorted(
        candidates,
        key=lambda candidate: (
            candidate.status not in {Status.IN_FORCE, Status.UNKNOWN},
            not (region and is_registered_in(candidate, region)),
            candidate.is_branch,
        ),
    )


def is_registered_in(candidate: Candidate, region: frozenset[str]) -> bool:
    """Whether a firm's place of registration is known and lies in a region, or the region in it."""
    held = region_codes(candidate.region)
    return bool(held) and are_compatible(region, held)
