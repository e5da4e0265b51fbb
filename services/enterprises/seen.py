"""Which enterprises a file has already named."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from services.enterprises.entries import Entry, Refusal, Refused


class SeenBefore:
    """Enterprises already met in a file, at eight bytes each: sorted runs that are merged as they grow."""

    def __init__(self) -> None:
        self.runs: list[npt.NDArray[np.int64]] = []

    def split(self, entries: Sequence[Entry]) -> tuple[list[Entry], list[Refused]]:
        """Entries met for the first time, and the repeated ones."""
        keys = np.array([hash(entry.credit_code or entry.key) for entry in entries], np.int64)
        fresh, first = np.unique(keys, return_index=True)
        is_first = np.zeros(len(keys), np.bool_)
        is_first[first] = True
        for run in self.runs:
            places = np.minimum(np.searchsorted(run, keys), len(run) - 1)
            is_first &= run[places] != keys
        self.remember(fresh)
        if is_first.all():
            return list(entries), []
        kept = [entry for entry, new in zip(entries, is_first, strict=True) if new]
        again = [Refused(entry.row, Refusal.REPEATED) for entry, new in zip(entries, is_first, strict=True) if not new]
        return kept, again

    def remember(self, run: npt.NDArray[np.int64]) -> None:
        """Add a sorted run; one that is not longer than it is merged with it, and so on."""
        while self.runs and len(self.runs[-1]) <= len(run):
            run = np.union1d(self.runs.pop(), run)
        if len(run):
            self.runs.append(run)
