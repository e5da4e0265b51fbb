"""A program that sets one paper: JSON from standard input, the PDF or picture to standard output; memory and time end.

A record of ten thousand pages, or one made to do harm, must not hold up or end the process that answers citizens.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from services.papers.pdf import set_type
from services.programs import restrict

FOLDER = Path(__file__).parent
MOST_MEMORY = 2 << 30  # bytes of addresses; the fonts are mapped
MOST_SECONDS = 20  # of CPU
NICE = 5  # somebody waits for it


def main() -> None:
    """One paper."""
    restrict(MOST_MEMORY, MOST_SECONDS, NICE)
    wanted = json.loads(sys.stdin.buffer.read())
    made_at = datetime.fromtimestamp(wanted["made_at"], UTC)
    words = json.dumps(wanted["values"], ensure_ascii=False)
    sys.stdout.buffer.write(set_type(FOLDER / f"{wanted['template']}.typ", words, made_at, wanted["form"]))


if __name__ == "__main__":
    main()
