"""docs/faults.md names tests that exist, and `make faults` runs just these."""

import re
from pathlib import Path

import pytest

from benchmarks.faults import find_tests, read_table

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", sorted(read_table()))
def test_what_proves_a_fault_exists(name: str) -> None:
    module, _, function = name.partition("::")
    (path,) = (ROOT / "tests").rglob(module)
    assert re.search(rf"^def {function}\(", path.read_text(encoding="utf-8"), re.MULTILINE), name


def test_every_line_has_its_proof() -> None:
    lines = (ROOT / "docs/faults.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("|")][2:]
    assert all("::" in row for row in rows)
    assert len(find_tests()) == len(read_table())
