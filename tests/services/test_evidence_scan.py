"""The bureau's program against viruses is asked before a file is looked at; without one nothing is asked."""

import sys

import pytest

from services.evidence.examining import examine, make_examiner
from services.evidence.trouble import EvidenceError, Trouble
from tests.evidence_files import make_photo

# Ends as clamdscan does: 1 for what it knows, 2 where it cannot look.
SCANNER = "import sys; said = sys.stdin.buffer.read(); sys.exit(1 if b'EICAR' in said else 2 if b'odd' in said else 0)"


def scanner() -> str:
    return f'{sys.executable} -c "{SCANNER}"'


def test_an_infected_file_is_refused_and_a_clean_one_taken() -> None:
    looked = make_examiner(scanner())
    assert looked(make_photo()).mime == "image/jpeg"
    with pytest.raises(EvidenceError, match="病毒") as refused:
        looked(make_photo() + b"EICAR")
    assert refused.value.trouble is Trouble.INFECTED


@pytest.mark.parametrize("command", [scanner(), "/nowhere/clamdscan -"])
def test_where_the_program_does_not_say_nothing_is_taken_for_clean(command: str) -> None:
    with pytest.raises(EvidenceError) as refused:
        make_examiner(command)(make_photo() + b"odd")
    assert refused.value.trouble is Trouble.BUSY


def test_without_a_setting_nothing_is_asked() -> None:
    assert make_examiner(" ") is examine
