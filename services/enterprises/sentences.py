"""Which reading of a citizen's words to believe: a code, one firm, several, a firm inside a story, or none."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from services.enterprises.asking import LONGEST, name_home, read_names, region_asked, strip_sentence
from services.enterprises.codes import find_codes
from services.enterprises.features import speak
from services.enterprises.finding import COMPANY_FORMS, Candidate, Finding, Reason, Verdict
from services.enterprises.names import normalise
from services.enterprises.numerals import other_numerals
from services.enterprises.parts import are_compatible, region_codes, split_name
from services.enterprises.people import holds_resident_id, looks_like_address, looks_like_phone
from services.enterprises.stories import (
    compares,
    drop_shop,
    is_city_only,
    is_kind_only,
    is_named,
    is_question,
    is_story,
    leaves_out,
    split_names,
    story_names,
)

MOST_SHOWN = 5
LIKELY = 0.85  # above it one name is asked for alone, if it leads clearly; no other reading is tried
LEAST_SUGGESTED = 0.005  # a name less likely is no suggestion, unless it holds the trade name asked for
LIKELY_SHORT = 0.5  # above it a name that was cut short is believed rather than one of elsewhere
POOR = 0.7  # a best name less likely, and not holding what was asked, may be no name at all
MOST_HELD = 8
LEAST_HELD = 3  # characters of a short form that count as a name where they stand in one


class Register(Protocol):
    """The look-ups that are put together here; `near` is the region preferred among equals."""

    def by_code(self, codes: list[str]) -> Finding:
        """By code, exact or with a slip."""

    def exact(self, names: list[str], near: str) -> Finding | None:
        """By exact name."""

    def alike(self, text: str, names: list[str], near: str) -> Finding:
        """By likeness."""

    def holding(self, core: str, near: str) -> list[Candidate]:
        """The firms in whose name this stands, best first."""


def understand(register: Register, text: str, home: str) -> Finding:
    """What a text asks for; `home` is the bureau's own region. Only the exact is a MATCH."""
    if holds_resident_id(text):
        return Finding("", Verdict.NONE, Reason.PERSON)
    if codes := find_codes(text):
        return find_by_code(register, codes, read_names(text), home)
    literal = normalise(text[:LONGEST])
    if not literal:
        return Finding("", Verdict.NONE, Reason.NO_NAME)
    # Most often it is the very name, and that is the end of it.
    return register.exact([literal], home) or read_on(register, text, literal, home)


def read_on(register: Register, text: str, literal: str, home: str) -> Finding:
    """What a text asks for that is no name as it stands, in its `literal` normal form."""
    names = read_names(text)
    if not names:
        return Finding("", Verdict.NONE, Reason.NO_NAME)
    others = [name for name in names if name != literal]
    certain = register.exact(others, home) or split_several(register, text, home, is_sure=True)
    if certain:
        return certain
    if is_kind_only(names[1]):
        return Finding(names[1], Verdict.NONE, Reason.TOO_BROAD)
    return find_unsure(register, text, home)


def find_unsure(register: Register, text: str, home: str) -> Finding:
    """By likeness; where little is like it, several firms, one inside a story, or an honest no."""
    finding = find_one(register, name_home(text, home), home)
    best = finding.candidates[0] if finding.candidates else None
    if best and best.score >= LIKELY and not leaves_out(normalise(best.name), text):
        return finding
    if is_city_only(finding.query):
        return Finding(finding.query, Verdict.NONE, Reason.TOO_BROAD)
    if several := split_several(register, text, home, is_sure=False):
        return several
    if is_story(text) and finding.verdict is Verdict.CHOOSE and not (is_literal(finding) or name_inside(finding)):
        finding = replace(finding, verdict=Verdict.NONE, reason=Reason.NOT_FOUND)  # like some words of the story only
    if not is_poor(finding):
        return finding
    return find_in_story(register, text, home) or find_inside(register, finding, home) or admit(finding, text)


def find_by_code(register: Register, codes: list[str], names: list[str], home: str) -> Finding:
    """By the code; a name beside it that is another firm's makes it a question."""
    long = [code for code in codes if len(code) == 18]
    if len(long) > 1:
        return Finding(long[0], Verdict.CHOOSE, Reason.SEVERAL, parts=tuple(long[:MOST_SHOWN]))
    finding = register.by_code(codes)
    named = register.exact([name for name in names if name not in codes], home)
    if named is None or named.verdict is not Verdict.MATCH or finding.verdict is Verdict.CHOOSE:
        return finding
    firms = {found.enterprise_id: found for found in (*finding.candidates, *named.candidates)}
    if finding.verdict is Verdict.MATCH and len(firms) == 1:
        return finding
    return Finding(finding.query, Verdict.CHOOSE, Reason.CODE_AND_NAME, list(firms.values()))


def find_one(register: Register, text: str, home: str) -> Finding:
    """One firm by likeness, in the region that was asked for, with numbers written in any way."""
    names = read_names(text)
    if not names:
        return Finding("", Verdict.NONE, Reason.NO_NAME)
    near = region_asked(names[1])[0] or home
    finding = prefer_region(register, register.alike(text, names, near))
    if finding.candidates and finding.candidates[0].score >= LIKELY:
        return finding
    for other in other_numerals(names[1]):
        if spoken := register.exact([other], near):
            return Finding(names[1], Verdict.CHOOSE, Reason.SIMILAR, spoken.candidates)
        if held := hold(register, other, near):
            return replace(held, query=names[1])
    if finding.verdict is not Verdict.NONE:
        return finding
    return hold(register, names[1], near) or without_shop(register, names[1], near) or finding


def without_shop(register: Register, asked: str, near: str) -> Finding | None:
    """The firm of a shop that is called by its kind: 大润发超市 of 大润发商业有限公司."""
    shorter = drop_shop(asked)
    if not shorter:
        return None
    finding = prefer_region(register, register.alike(shorter, [shorter, shorter], near))
    return finding if finding.verdict is Verdict.CHOOSE and is_known(finding) else None


def hold(register: Register, asked: str, near: str) -> Finding | None:
    """The firms whose names hold a short form as it stands: 海底捞 of many branches."""
    if not LEAST_HELD <= len(asked) <= MOST_HELD or split_name(asked).form.endswith(COMPANY_FORMS):
        return None
    found = register.holding(asked, near)
    if not found:
        return None
    shown = found[:MOST_SHOWN]
    return Finding(asked, Verdict.CHOOSE, Reason.SIMILAR, shown, more_count=len(found) - len(shown))


def prefer_region(register: Register, finding: Finding) -> Finding:
    """The firms of the region asked for first; where none bears the name there, that is said."""
    region, rest = region_asked(finding.query)
    has_form = split_name(rest).form.endswith(COMPANY_FORMS)
    if len(rest) < 2 or not region or (has_form and finding.reason is Reason.OTHER_REGION):
        return finding
    is_literal_there = any(finding.query in normalise(found.name) for found in finding.candidates)
    # The region may be a part of a short form: 山东药玻 is 山东省药用玻璃.
    if is_literal_there or (is_shortened(finding) and finding.candidates[0].score >= LIKELY_SHORT):
        return finding
    asked = region_codes(region)
    same = [found for found in finding.candidates if normalise(found.name) == rest]
    if has_form and not same:
        return finding
    holders = same or [found for found in finding.candidates if rest in normalise(found.name)]
    if not any(lies_in(found, asked) for found in holders):
        holders = register.holding(rest, region)
        holders = [found for found in holders if normalise(found.name) == rest] if same else holders
    there = [found for found in holders if lies_in(found, asked)]
    if there:
        others = [] if same else [found for found in finding.candidates if found not in there]
        others.sort(key=lambda found: rest not in normalise(found.name))
        return Finding(
            finding.query, Verdict.CHOOSE, Reason.SIMILAR, [*there, *others][:MOST_SHOWN], asked_region=region
        )
    if holders:
        shown = holders[:MOST_SHOWN]
        more = len(holders) - len(shown)
        return Finding(rest, Verdict.CHOOSE, Reason.OTHER_REGION, shown, asked_region=region, more_count=more)
    return finding


def lies_in(found: Candidate, asked: frozenset[str]) -> bool:
    """Whether a firm is registered in a region, or its name says that it is there."""
    parts = split_name(normalise(found.name))
    registered = region_codes(found.region)
    named = region_codes(parts.region) | region_codes(parts.tail)
    return bool(registered and are_compatible(asked, registered)) or any(
        code.startswith(region) for code in named for region in asked
    )


def split_several(register: Register, text: str, home: str, *, is_sure: bool) -> Finding | None:
    """More than one firm in one text.

    Sure where each part is somebody's exact name, all end as names do, or the text asks which is better; else each
    must be found in some way.
    """
    parts = split_names(text)
    if not parts:
        return None
    exact = [register.exact(read_names(part), home) for part in parts]
    if all(exact) or all(map(is_named, parts)) or compares(text):
        return name_several(parts)
    if is_sure or split_name(normalise(strip_sentence(text))).form.endswith(COMPANY_FORMS):
        return None  # perhaps one name with 和 or 与 in it
    findings = [found or find_one(register, part, home) for found, part in zip(exact, parts, strict=True)]
    return name_several(parts) if all(map(is_known, findings)) else None


def name_several(parts: Sequence[str]) -> Finding:
    """A question which of these names to look up."""
    return Finding(normalise(parts[0]), Verdict.CHOOSE, Reason.SEVERAL, parts=tuple(parts))


def is_known(finding: Finding) -> bool:
    """Whether a reading is somebody's name, and not just a little like one."""
    if finding.verdict is not Verdict.CHOOSE:
        return finding.verdict is Verdict.MATCH
    return finding.candidates[0].score >= LIKELY or is_literal(finding)


def is_literal(finding: Finding) -> bool:
    """Whether the best name holds the trade name asked for as it was written."""
    trade_name = split_name(region_asked(finding.query)[1]).core
    return bool(finding.candidates and len(trade_name) >= 2 and trade_name in normalise(finding.candidates[0].name))


def is_shortened(finding: Finding) -> bool:
    """Whether what was asked is the best name cut short: all of its syllables stand there in their order."""
    held = iter(speak(normalise(finding.candidates[0].name)) if finding.candidates else "")
    return all(syllable in held for syllable in speak(finding.query))


def find_in_story(register: Register, text: str, home: str) -> Finding | None:
    """The firm that a story tells of; always a question, since the story says more."""
    if not is_story(text):
        return None
    for name in story_names(name_home(text, home)):
        finding = register.exact([name], home) or find_one(register, name, home)
        if finding.verdict is Verdict.MATCH or (finding.verdict is Verdict.CHOOSE and is_literal(finding)):
            reason = Reason.SIMILAR if finding.verdict is Verdict.MATCH else finding.reason
            return replace(finding, query=name, verdict=Verdict.CHOOSE, reason=reason)
    return None


def name_inside(finding: Finding) -> str:
    """The whole trade name of a candidate that stands in a text that says more: 云朵岸还能去充卡吗; else empty."""
    if finding.asks_full_name:
        return ""
    names = (normalise(found.matched_name or found.name) for found in finding.candidates)
    trade_names = (split_name(name).trade[0] for name in names)
    return next((name for name in trade_names if len(name) >= LEAST_HELD and name in finding.query), "")


def find_inside(register: Register, finding: Finding, home: str) -> Finding | None:
    """The firms that bear the trade name inside a text."""
    name = name_inside(finding)
    found = register.holding(name, home) if name else []
    if not found:
        return None
    shown, more = found[:MOST_SHOWN], len(found[MOST_SHOWN:])
    return replace(finding, verdict=Verdict.CHOOSE, reason=Reason.SIMILAR, candidates=shown, more_count=more)


def is_poor(finding: Finding) -> bool:
    """Whether what was found may be no more than chance."""
    if finding.reason is Reason.NOT_FOUND:
        return True
    best = max((found.score for found in finding.candidates), default=0.0)
    return finding.reason is Reason.SIMILAR and best < POOR and not (is_literal(finding) or is_shortened(finding))


def admit(finding: Finding, text: str) -> Finding:
    """A poor finding, less what is far-fetched; a number, an address or a mere question is called so."""
    asked = finding.query
    if looks_like_phone(text):
        return Finding("", Verdict.NONE, Reason.PHONE)
    if looks_like_address(asked):
        return Finding(asked, Verdict.NONE, Reason.STREET)
    if is_question(strip_sentence(text)) or (is_story(text) and not split_name(asked).form):
        return Finding(asked, Verdict.NONE, Reason.NO_NAME)
    if asked.isascii():  # letters that spell no name
        finding = replace(finding, verdict=Verdict.NONE, reason=Reason.NOT_FOUND)
    if finding.verdict is Verdict.CHOOSE:
        return finding
    return replace(finding, candidates=[found for found in finding.candidates if is_worth_showing(found, asked)])


def is_worth_showing(found: Candidate, asked: str) -> bool:
    """Whether a name can be a suggestion beside "not found"."""
    trade_name = split_name(asked).trade[0]
    holds = len(trade_name) >= 2 and trade_name in normalise(found.name)
    return holds or (found.score >= LEAST_SUGGESTED and not asked.isascii())
