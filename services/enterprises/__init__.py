"""Enterprises: names, codes, the register and how one is found."""

import os

# Only readings of single characters are asked of pypinyin; its phrases would take 46 MB in each process.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
