"""Every dialogue of this folder, played through the encrypted webhook on the demonstration register."""

import itertools
from pathlib import Path

import pytest

from tests.citizen import Citizen, open_door, plain
from tests.conversations.conftest import Bureau
from tests.conversations.dialogue import Dialogue, act, check_line, check_manners, read_dialogues
from tests.conversations.office import Office

FILES = sorted(Path(__file__).parent.glob("*.txt"))
DIALOGUES = [(path.stem, dialogue) for path in FILES for dialogue in read_dialogues(path)]
NUMBERS = itertools.count(1)


@pytest.mark.parametrize(("file", "dialogue"), DIALOGUES, ids=[f"{name}-{found.title}" for name, found in DIALOGUES])
def test_dialogue(bureau: Bureau, office: Office, file: str, dialogue: Dialogue) -> None:
    door = open_door(bureau.reception(office.clock))
    citizen = Citizen(door, bureau.settings, f"o_citizen_{next(NUMBERS):017}")
    other = Citizen(door, bureau.settings, f"o_neighbour_{next(NUMBERS):015}")
    shown = ""
    for number, raw in dialogue.lines:
        line = office.fill(raw)
        try:
            if line.startswith(">"):
                who = other if line.startswith(">>") else citizen
                shown = act(who, line.lstrip("> "))
                check_manners(shown)
                office.note(shown)
            elif line.startswith("@"):
                office.clock.turn(int(line[1:]))
            elif line.startswith("!"):
                office.act(line[1:].strip())
            elif line.startswith("="):
                shown = office.delivered(citizen.openid)
                wanted = line[1:].strip()
                assert wanted in shown if wanted else not shown
            else:
                check_line(shown, line)
        except AssertionError as error:
            raise AssertionError(f"{file}.txt:{number}: {line}\n{plain(shown)}\n{error}") from error
