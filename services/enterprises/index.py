"""The name index: candidates for a badly remembered name out of millions, in a millisecond."""

from pathlib import Path


class NameIndex:
    """Opened once per process; follows the register by its revision."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
