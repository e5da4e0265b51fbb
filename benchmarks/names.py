"""Finding names through the citizens' door: quality and time by class of question, beside what is wanted of them."""

import gc
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.habits import make_habits
from benchmarks.questions import SHORT_NAMES, Question, read_labelled, read_short_names
from benchmarks.register import SEED, make_index, make_parser, open_register, run_measure
from benchmarks.scores import HEADER, Answer, Wanted, judge, percentile, share, tell, tell_row
from benchmarks.unseen import make_unseen
from models.enterprise import Enterprise
from services.enterprises.index import NameIndex
from services.enterprises.names import hash_name
from services.enterprises.search import find

EACH_UNSEEN = 160
EXACT = 1_000  # registered names and codes asked for as they stand
WARMING = 50  # questions asked before the clock runs: tables are loaded at first use
LABELLED = tuple(f"{number:02}_" for number in range(1, 27))
HONEST_ABSENT = ("N1", "N4")  # far from every firm; nearer ones may be asked about
ROWS = (
    Wanted("all positives", LABELLED, 97.5, 99.5),
    Wanted("exact, format … in a sentence", ("01", "02", "03", "04", "05", "22", "26"), 99.8, 99.8),
    Wanted("one error (09-14)", ("09", "10", "11", "12", "13", "14"), 99, 99.8),
    Wanted("transposed", ("15",), 97, 99),
    Wanted("two errors", ("16",), 99, 99.7),
    Wanted("region moved", ("17",), 99, 99.7),
    Wanted("voice", ("18",), 99, 99.7),
    Wanted("brand + industry, one error", ("25",), 90, 97),
    Wanted("no region, one error", ("24",), 90, 97),
    Wanted("full pinyin", ("19",), 99),
    Wanted("pinyin of brand + industry", ("20",), 98),
    Wanted("initials", ("21",), None, 97),
    Wanted("real short names, nothing recorded", (SHORT_NAMES,), 85, 96),
    Wanted("wrong industry word", ("U2",), 90, 97),
    Wanted("brand + wrong industry", ("U8",), 83, 93),
)


def sample_firms(session: Session, count: int) -> list[tuple[str, str]]:
    """Registered names with their codes."""
    highest = session.scalar(select(func.max(Enterprise.id))) or 0
    ids = random.Random(SEED).sample(range(1, highest + 1), min(2 * count, highest))
    rows = select(Enterprise.name, Enterprise.credit_code).where(Enterprise.id.in_(ids))
    return [(row.name, row.credit_code) for row in session.execute(rows) if row.credit_code][:count]


def read_questions(session: Session) -> Iterator[Question]:
    """All that is asked for its quality."""

    def is_registered(name: str) -> bool:
        found = session.scalar(select(Enterprise.id).where(Enterprise.name_hash == hash_name(name)).limit(1))
        return found is not None

    yield from read_labelled()
    yield from read_short_names()
    names = [name for name, _ in sample_firms(session, 10_000)]
    yield from make_unseen(names, EACH_UNSEEN, SEED, is_registered)
    yield from make_habits(names, EACH_UNSEEN, SEED, is_registered)


def ask(session: Session, index: NameIndex, questions: Sequence[Question]) -> list[Answer]:
    """Every question through the same door as a citizen's, in a mixed order."""
    mixed = random.Random(SEED).sample(list(questions), len(questions))
    for question in mixed[:WARMING]:
        find(session, question.text, index)
    gc.freeze()  # as a server does once all is loaded
    answers = []
    for question in mixed:
        wall, cpu = time.perf_counter(), time.thread_time()
        finding = find(session, question.text, index)
        cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
        answers.append(judge(question, finding, cpu, wall))
    return answers


def print_table(title: str, answers: Sequence[Answer], rows: Sequence[Wanted] = ROWS) -> None:
    """The rows of what is wanted, then each class by itself."""
    print(f"\n{title:<34}{HEADER[34:]}  wanted, first / five", flush=True)
    for row in rows:
        if chosen := row.choose(answers):
            print(tell_row(row.title, chosen) + row.compare(chosen))
    print()
    for kind in sorted({answer.question.kind for answer in answers}):
        print(tell_row(f"  {kind}", [answer for answer in answers if answer.question.kind == kind]))


def print_honesty(title: str, answers: Sequence[Answer]) -> None:
    """Who is matched wrongly, who is told that nothing was found."""
    groups: list[tuple[str, Callable[[Answer], bool], float, bool]] = [
        ("far absent firms answered none", lambda a: a.question.kind.startswith(HONEST_ABSENT), 78, True),
        ("positives answered none", lambda a: a.question.kind.startswith(LABELLED), 1, False),
        ("unseen errors (U) answered none", lambda a: a.question.kind.startswith("U"), 4, False),
    ]
    print(f"\n{title}")
    wrong = sum(answer.is_wrong for answer in answers)
    print(f"  match on a wrong or absent firm     {wrong:>6} of {len(answers)}  wanted 0, {tell(not wrong)}")
    for name, is_meant, bound, is_least in groups:
        found = share([answer for answer in answers if is_meant(answer)], "is_none")
        is_met = found >= bound if is_least else found <= bound
        print(f"  {name:<36}{found:>6.1f} %  wanted {'≥' if is_least else '≤'} {bound:g}, {tell(is_met)}")


def print_speed(answers: Sequence[Answer], exact: dict[str, list[Answer]]) -> None:
    """CPU time: over all labelled classes, and of what is asked for exactly."""
    labelled = [answer.cpu for answer in answers if answer.question.kind.startswith((*LABELLED, "N"))]
    figures = [
        ("all classes, p50", percentile(labelled, 0.5), 3.5),
        ("all classes, p99", percentile(labelled, 0.99), 8.0),
        *((f"{name}, p50", percentile([answer.cpu for answer in found], 0.5), 0.3) for name, found in exact.items()),
    ]
    print("\nCPU ms a question")
    for name, found, most in figures:
        print(f"  {name:<36}{found:>6.2f}  wanted ≤ {most:g}, {tell(found <= most)}")
    print(f"\n{HEADER}")
    for name, answered in exact.items():
        print(tell_row(name, answered))


def measure(folder: Path) -> None:
    """All tables; the register is kept in the folder, the index is made anew."""
    with open_register(folder).read() as session:
        index, seconds, size = make_index(session, folder / "index")
        print(f"index of {index.count} firms: {size:.1f} bytes a name on disk, wanted ≤ 100, {tell(size <= 100)}")
        print(f"index made in {seconds:.1f} s of CPU, wanted ≤ 90, {tell(seconds <= 90)}")
        answers = ask(session, index, list(read_questions(session)))
        firms = sample_firms(session, EXACT)
        exact = {
            "exact names": ask(session, index, [Question("exact", name, (name,)) for name, _ in firms]),
            "exact codes": ask(session, index, [Question("code", code, (name,)) for name, code in firms]),
        }
    for title, half in (("fit half", [True]), ("check half", [False]), ("all", [True, False])):
        chosen = [answer for answer in answers if answer.question.is_fit in half]
        print_table(title, chosen)
        print_honesty(f"{title}: honesty", chosen)
    print_speed(answers, exact)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print it all; needs the measuring data beside the checkout."""
    run_measure(make_parser(__doc__), arguments, lambda folder, _: measure(folder))


if __name__ == "__main__":
    main()
