"""`make faults`: the tests of docs/faults.md, with counts; exit code 1 where one fails or is skipped."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"`(test_\w+\.py::test_\w+)`")


def read_table() -> list[str]:
    """module.py::test of every line of the document."""
    return NAMED.findall((ROOT / "docs/faults.md").read_text(encoding="utf-8"))


def find_tests() -> list[str]:
    """Their paths; modules of tests have names of their own."""
    places = {path.name: path.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py")}
    return [f"{places[module]}::{function}" for module, _, function in (name.partition("::") for name in read_table())]


def main() -> None:
    """Run them, and print for each how many cases passed."""
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-m",
            "drill or not drill",
            "-o",
            "junit_family=legacy",  # knows properties, and there the counts are
            f"--junitxml={report}",
            *find_tests(),
        ]
        code = subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode
        cases = ET.parse(report).getroot().iter("testcase")  # noqa: S314 - pytest wrote it
        counts: dict[str, list[int]] = {}
        told: dict[str, str] = {}
        for case in cases:
            passed = case.find("failure") is None and case.find("error") is None and case.find("skipped") is None
            count = counts.setdefault(case.attrib["name"].partition("[")[0], [0, 0])
            count[0 if passed else 1] += 1
            for one in case.iter("property"):
                told[case.attrib["name"]] = one.attrib["value"]
    for name, (good, bad) in counts.items():
        print(f"{good:>4} passed {bad:>3} not  {name}{': ' if name in told else ''}{told.get(name, '')}")
    print(f"{sum(one for one, _ in counts.values())} passed, {sum(one for _, one in counts.values())} not")
    sys.exit(code)


if __name__ == "__main__":
    main()
