"""Every dialogue of this folder, played through the encrypted webhook on the demonstration register."""

import itertools
from pathlib import Path

import pytest

from tests.citizen import Citizen, open_door, plain
from tests.conversations.conftest import Bureau, Clock
from tests.conversations.dialogue import Dialogue, act, check_line, check_manners, read_dialogues

FILES = sorted(Path(__file__).parent.glob("*.txt"))
DIALOGUES = [(path.stem, dialogue) for path in FILES for dialogue in read_dialogues(path)]
NUMBERS = itertools.count(1)


@pytest.mark.parametrize(("file", "dialogue"), DIALOGUES, ids=[f"{name}-{found.title}" for name, found in DIALOGUES])
def test_dialogue(bureau: Bureau, file: str, dialogue: Dialogue) -> None:
    clock = Clock()
    citizen = Citizen(open_door(bureau.reception(clock)), bureau.settings, f"o_citizen_{next(NUMBERS):017}")
    shown = ""
    for number, line in dialogue.lines:
        try:
            if line.startswith(">"):
                shown = act(citizen, line[1:].strip())
                check_manners(shown)
            elif line.startswith("@"):
                clock.turn(int(line[1:]))
            else:
                check_line(shown, line)
        except AssertionError as error:
            raise AssertionError(f"{file}.txt:{number}: {line}\n{plain(shown)}\n{error}") from error
