"""Enterprises: names, codes, the register and how one is found."""
