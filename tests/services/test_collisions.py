"""Names that are written alike: told apart or asked about, never one firm taken for another."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from benchmarks.collisions import read_groups, tell_outcome
from models.enterprise import Enterprise, Status
from services.enterprises.finding import Candidate, Finding, Reason, Verdict
from services.enterprises.index import NameIndex
from services.enterprises.search import find
from tests.factories import make_enterprise

# Differing in what a citizen may well write otherwise: width, brackets, points, spaces, case, script.
ALIKE = (
    ("长沙云朵岸(集团)有限公司", "长沙云朵岸（集团）有限公司"),
    ("湘潭石榴巷供销社第二门市部", "湘潭石榴巷供销社第二门市部."),
    ("青柚湾自行车集团公司(株洲)销售公司", "青柚湾自行车集团公司株洲销售公司"),
    ("衡阳白鹭汀 商贸有限公司", "衡阳白鹭汀商贸有限公司"),
    ("ABC白鹭汀科技有限公司", "Ａbc白鹭汀科技有限公司"),
    ("长沙雲朵岸物业有限公司", "长沙云朵岸物业有限公司"),
)
# Differing in a character that is standard in both forms, or in a sign that is read.
DIFFERENT = (
    ("长沙日昇渡商贸有限公司", "长沙日升渡商贸有限公司"),
    ("湘潭乾云朵餐饮有限公司", "湘潭干云朵餐饮有限公司"),
    ("衡阳二○一医院", "衡阳二一医院"),
    ("岳阳一二白鹭汀商贸有限公司", "岳阳12白鹭汀商贸有限公司"),
)


@pytest.fixture
def index(tmp_path: Path) -> NameIndex:
    return NameIndex(tmp_path / "index")


def register(session: Session, *names: str) -> list[Enterprise]:
    """Firms that have nothing in common but perhaps the name."""
    return [make_enterprise(session, name) for name in names]


def shown(finding: Finding) -> set[int]:
    return {candidate.enterprise_id for candidate in finding.candidates}


@pytest.mark.parametrize("names", ALIKE)
def test_two_firms_written_alike_are_asked_about(session: Session, index: NameIndex, names: tuple[str, str]) -> None:
    firms = register(session, *names)
    for name in names:
        finding = find(session, name, index)
        assert (finding.verdict, finding.reason) == (Verdict.CHOOSE, Reason.SAME_NAME)
        assert shown(finding) == {firm.id for firm in firms}


@pytest.mark.parametrize("names", ALIKE)
def test_one_firm_is_found_in_either_writing(session: Session, index: NameIndex, names: tuple[str, str]) -> None:
    firm, *_ = register(session, names[0])
    for name in names:
        finding = find(session, name, index)
        assert (finding.verdict, shown(finding)) == (Verdict.MATCH, {firm.id})


@pytest.mark.parametrize("names", DIFFERENT)
def test_two_firms_written_differently_are_told_apart(
    session: Session, index: NameIndex, names: tuple[str, str]
) -> None:
    for firm in register(session, *names):
        finding = find(session, firm.name, index)
        assert (finding.verdict, shown(finding)) == (Verdict.MATCH, {firm.id})


@pytest.mark.parametrize("names", [names for pair in DIFFERENT for names in (pair, pair[::-1])])
def test_a_firm_is_not_taken_for_one_written_differently(
    session: Session, index: NameIndex, names: tuple[str, str]
) -> None:
    held, asked = names
    register(session, held)
    assert find(session, asked, index).verdict is not Verdict.MATCH


def test_the_list_of_collisions_sees_those_and_no_others(session: Session) -> None:
    alike = register(session, *ALIKE[0])
    register(session, "长沙星辰渡电子科技有限公司")
    groups = read_groups(session)
    assert [[firm[0] for firm in firms] for firms in groups.values()] == [[firm.id for firm in alike]]


def test_a_merged_firm_is_called_merged() -> None:
    one, other = ((number, name, "") for number, name in enumerate(ALIKE[0]))

    def found(verdict: Verdict, reason: Reason, *ids: int) -> Finding:
        return Finding("", verdict, reason, [Candidate(one, "", None, "", "", Status.IN_FORCE, 1.0) for one in ids])

    group = [one, other]
    assert tell_outcome(found(Verdict.MATCH, Reason.EXACT_NAME, one[0]), one, group) == "told apart"
    assert tell_outcome(found(Verdict.MATCH, Reason.EXACT_NAME, other[0]), one, group) == "MERGED"
    assert tell_outcome(found(Verdict.CHOOSE, Reason.SAME_NAME, one[0], other[0]), one, group) == "asked"
    assert tell_outcome(found(Verdict.CHOOSE, Reason.SAME_NAME, other[0]), one, group) == "MERGED"
