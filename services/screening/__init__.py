"""Screening of many firms at once (R19, R20, R34)."""
