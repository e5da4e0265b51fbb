"""Registered names that the normaliser writes alike: each must be told apart or asked about, none silently merged."""

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.register import FILES, SEED, make_parser, open_register, run_measure
from models.enterprise import Enterprise
from services.enterprises.finding import Finding, Reason, Verdict
from services.enterprises.index import NameIndex
from services.enterprises.names import normalise
from services.enterprises.search import find

ASKED_EACH = 20_000
OFTEN = 20  # names that hold a character, for it to be printed
Firm = tuple[int, str, str]  # id, name as registered, code


def read_groups(session: Session) -> dict[str, list[Firm]]:
    """Firms whose names have one normal form, by that form; looked for by the hash that the finder looks by."""
    shared = select(Enterprise.name_hash).group_by(Enterprise.name_hash).having(func.count() > 1)
    rows = select(Enterprise.id, Enterprise.name, Enterprise.credit_code).where(Enterprise.name_hash.in_(shared))
    groups: dict[str, list[Firm]] = defaultdict(list)
    for enterprise_id, name, code in session.execute(rows.order_by(Enterprise.id)):
        groups[normalise(name)].append((enterprise_id, name, code or "no code"))
    return {key: firms for key, firms in groups.items() if len(firms) > 1}


def tell_outcome(finding: Finding, asked: Firm, group: Sequence[Firm]) -> str:
    """What a citizen who wrote this firm's name gets; "MERGED" where another firm is taken for it."""
    shown = {candidate.enterprise_id for candidate in finding.candidates}
    if finding.verdict is Verdict.MATCH:
        return "told apart" if shown == {asked[0]} else "MERGED"
    if finding.reason is Reason.SAME_NAME and (shown >= {firm[0] for firm in group} or len(shown) >= 5):
        return "asked"
    return "MERGED"


def list_collisions(session: Session, index: NameIndex) -> Counter[str]:
    """Print every group with what happens to each of its names; how often each outcome came."""
    outcomes: Counter[str] = Counter()
    groups = read_groups(session)
    different = sum(len({firm[1] for firm in firms}) > 1 for firms in groups.values())
    print(f"{len(groups)} normal forms are borne by several firms; {different} of them by names written differently:")
    for key, firms in sorted(groups.items()):
        print(f"\n{key}")
        for firm in firms:
            outcome = tell_outcome(find(session, firm[1], index), firm, firms)
            outcomes[outcome] += 1
            print(f"  {outcome:<11}{firm[1]}  {firm[2]}")
    return outcomes


def ask_for_themselves(session: Session, index: NameIndex, count: int) -> Counter[str]:
    """Every firm asked for by its registered name (or `count` of them): what is not itself is printed."""
    outcomes: Counter[str] = Counter()
    ids = session.scalars(select(Enterprise.id)).all()
    for enterprise_id in random.Random(SEED).sample(ids, count) if count < len(ids) else ids:
        name = session.scalars(select(Enterprise.name).where(Enterprise.id == enterprise_id)).one()
        finding = find(session, name, index)
        is_shown = enterprise_id in {candidate.enterprise_id for candidate in finding.candidates}
        if finding.verdict is Verdict.MATCH:
            outcome = "itself" if is_shown else "ANOTHER"
        else:
            outcome = "asked" if is_shown else "not shown"
        outcomes[outcome] += 1
        if outcome != "itself":
            print(f"  {outcome:<11}{name}: {finding.verdict}, {finding.reason}")
    return outcomes


def list_rewritten(session: Session) -> None:
    """Characters of registered names that the normaliser writes otherwise, and how many names hold the other."""
    counts: Counter[str] = Counter()
    for name in session.scalars(select(Enterprise.name).execution_options(yield_per=20_000)):
        counts.update(set(name))
    pairs = [(held, character, normalise(character)) for character, held in counts.most_common()]
    for held, character, form in pairs:
        if form not in ("", character) and held >= OFTEN and not character.isascii():
            print(f"  {character} → {form}: {held} names hold {character}, {counts[form]} hold {form}")


def measure(folder: Path, count: int) -> None:
    """All lists; fails where a firm is silently taken for another."""
    with open_register(folder).read() as session:
        index = NameIndex(folder / "index")
        index.make_ready(session)
        print(f"{index.count} firms of {', '.join(FILES)}")
        collisions = list_collisions(session, index)
        print(f"\n{dict(collisions)}\n\nregistered names asked for as they stand:")
        themselves = ask_for_themselves(session, index, count)
        print(f"{dict(themselves)}\n\ncharacters written otherwise, held by {OFTEN} names or more:")
        list_rewritten(session)
    is_kept_apart = not collisions["MERGED"] and not themselves["ANOTHER"]
    print(f"\nno firm is taken for another: {'met' if is_kept_apart else 'NOT MET'}")
    if not is_kept_apart:
        sys.exit(1)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the lists; needs the measuring data beside the checkout."""
    parser = make_parser(__doc__)
    parser.add_argument("--ask", type=int, default=ASKED_EACH, help="how many registered names are asked for")
    run_measure(parser, arguments, lambda folder, chosen: measure(folder, chosen.ask))


if __name__ == "__main__":
    main()
