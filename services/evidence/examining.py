"""Has a file looked at by a program of its own: what goes wrong there goes wrong there only."""

import json
import logging
import shlex
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from services.evidence.kinds import EvidenceKind
from services.evidence.trouble import EvidenceError, Trouble
from services.programs import ask_program

SECONDS = 30
INFECTED = 1

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Examined:
    """What a file is by its content, and the copy to display."""

    kind: EvidenceKind
    mime: str
    extension: str
    view_mime: str = ""  # "": nothing but the original
    view: bytes = b""


@dataclass(frozen=True)
class Scan:
    """The bureau's program against viruses: it reads the file and ends with 0 for clean, 1 for infected (clamdscan)."""

    command: tuple[str, ...]

    def check(self, content: bytes) -> None:
        """EvidenceError for an infected file, and, to be tried again, where the program does not say."""
        try:
            done = subprocess.run(  # noqa: S603 - the command is the bureau's own setting
                self.command, input=content, capture_output=True, timeout=SECONDS, check=False
            )
        except (subprocess.SubprocessError, OSError) as error:
            log.error("a file of evidence could not be scanned: %s", type(error).__name__)
            raise EvidenceError(Trouble.BUSY) from None
        if done.returncode == INFECTED:
            raise EvidenceError(Trouble.INFECTED)
        if done.returncode != 0:
            log.error("a file of evidence could not be scanned: the program ended with %s", done.returncode)
            raise EvidenceError(Trouble.BUSY)


def make_examiner(command: str) -> Callable[[bytes], Examined]:
    """`examine`, after the command of the setting where there is one."""
    if not command.strip():
        return examine
    scan = Scan(tuple(shlex.split(command)))

    def examine_scanned(content: bytes) -> Examined:
        scan.check(content)
        return examine(content)

    return examine_scanned


def examine(content: bytes) -> Examined:
    """What a file is; EvidenceError for what is not taken. Takes a tenth of a second, big pictures a second."""
    try:
        line, _, view = ask_program("services.evidence.looking", content, SECONDS).partition(b"\n")
        told = json.loads(line)
    except (subprocess.SubprocessError, ValueError, OSError) as error:
        log.error("a file of evidence could not be looked at: %s", type(error).__name__)
        raise EvidenceError(Trouble.BUSY) from None
    if "trouble" in told:
        raise EvidenceError(Trouble(told["trouble"]))
    return Examined(EvidenceKind(told["kind"]), told["mime"], told["extension"], told["view_mime"], view)
