"""The code that is shown at the venue: it changes every minute, so that nobody checks in from home; pure."""

import hmac
from datetime import datetime, timedelta

from config.taking_part import ActivityRules

ALPHABET = "23456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 8


def venue_code(key: bytes, activity_id: int, at: datetime, seconds: int) -> str:
    """The code of the stretch of `seconds` in which `at` lies."""
    stretch = int(at.timestamp()) // seconds
    digest = hmac.digest(key, b"venue %d %d" % (activity_id, stretch), "sha256")
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:LENGTH])


def is_venue_code(said: str, key: bytes, activity_id: int, at: datetime, seconds: int) -> bool:
    """The present code, or the one before: somebody scanned it just now and the page took a while to open."""
    stretches = (at, at - timedelta(seconds=seconds))
    codes = [venue_code(key, activity_id, one, seconds) for one in stretches]
    return any(hmac.compare_digest(code.encode(), said.strip().upper().encode()) for code in codes)


def is_open(begins_at: datetime, ends_at: datetime, at: datetime, rules: ActivityRules) -> bool:
    """Whether one may check in at that moment."""
    early, late = timedelta(minutes=rules.early_minutes), timedelta(minutes=rules.late_minutes)
    return begins_at - early <= at <= ends_at + late
