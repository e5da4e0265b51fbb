"""`tools/environment.py`, which runs before anything is installed: what it says to a machine that lacks something."""

import ast
import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parent.parent.parent / "tools" / "environment.py"
AS_PYTHON_3_8 = """
import runpy, sys
sys.version_info = (3, 8, 10)
runpy.run_path(sys.argv[1], run_name="__main__")
"""


def run_script(folder: Path, path: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", AS_PYTHON_3_8, str(SCRIPT)],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_old_pythons_can_read_it() -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 4))


def test_an_old_python_alone_is_told_so_in_one_line(tmp_path: Path) -> None:
    done = run_script(tmp_path, str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [done.stderr.strip()]
    assert "需要 Python 3.11" in done.stderr
    assert "3.8" in done.stderr


def test_an_old_python_hands_over_to_a_newer_one(tmp_path: Path) -> None:
    newer = tmp_path / "python3.12"
    newer.write_text('#!/bin/sh\necho handed over: "$@"\n')
    newer.chmod(0o755)
    done = run_script(tmp_path, f"{tmp_path}:/usr/bin:/bin")
    assert done.returncode == 0, done.stderr
    assert "handed over" in done.stdout
