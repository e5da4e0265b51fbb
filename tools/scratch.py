"""Prints where tests write what they throw away: memory, where the machine has it to spare, else the usual place.

Tests make thousands of small databases, each commit of which waits for the disk.
"""

import os
import shutil
import tempfile

MEMORY = "/dev/shm"
NEEDED = 4 << 30  # bytes


def find_scratch():
    """A folder."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= NEEDED:
        return MEMORY
    return tempfile.gettempdir()


if __name__ == "__main__":
    print(find_scratch())
