"""Who takes part, as a hash: one person once, without keeping who it was."""

import hashlib
import hmac
from datetime import date


def hash_follower(follower_id: int) -> bytes:
    """Somebody whom WeChat named."""
    return hashlib.sha256(f"follower:{follower_id}".encode()).digest()


def hash_browser(token: str) -> bytes:
    """A browser that WeChat has not named; its token is in a sealed cookie."""
    return hashlib.sha256(f"browser:{token}".encode()).digest()


def hash_for_day(key: bytes, person: bytes, day: date) -> bytes:
    """Other on each day: a day's persons are told apart, one person's days are not put together."""
    return hmac.digest(key, b"counted " + day.isoformat().encode() + person, "sha256")
