"""What the name finder is asked in measurements: labelled queries, real short names, and which half they belong to."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.register import DATA
from services.enterprises.names import normalise
from services.enterprises.parts import split_name

SHORT_NAMES = "23x_short_names"


@dataclass(frozen=True)
class Question:
    """A text, its class, and the names that are right; none where the firm is in no register."""

    kind: str
    text: str
    truth: tuple[str, ...]
    core: str = ""  # where given, a name with this trade name and industry is as right
    beginning: str = ""  # where given, a name that begins so is as right
    parts: tuple[str, ...] = ()  # where given, it is right to ask which of these several names to look up

    @property
    def is_absent(self) -> bool:
        """The firm is in no register."""
        return not self.truth

    @property
    def is_fit(self) -> bool:
        """Belongs to the half of the firms that the weights are fitted on (`make fit`)."""
        source = normalise((self.truth or (self.text,))[0])
        return hashlib.sha256(source.encode()).digest()[0] % 2 == 0

    def is_right(self, name: str) -> bool:
        """Whether this name is one that was meant."""
        if name in self.truth:
            return True
        if self.core and split_name(normalise(name)).core == self.core:
            return True
        return bool(self.beginning) and normalise(name).startswith(self.beginning)


def read_labelled() -> Iterator[Question]:
    """The labelled queries."""
    for line in (DATA / "queries.jsonl").read_text(encoding="utf-8").splitlines():
        query = json.loads(line)
        yield Question(query["class"], query["query"], tuple(query["truth"]))


def read_short_names() -> Iterator[Question]:
    """The short names by which people call listed companies; the register says neither them nor who is listed."""
    for line in (DATA / "short_names.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        full, short = line.split("\t")
        yield Question(SHORT_NAMES, short, (full,))
