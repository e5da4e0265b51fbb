"""A weighted draw without putting back that anybody can draw again from its seed; pure.

Each firm's key is u^(1/weight) with u from SHA-256 of seed and id (Efraimidis and Spirakis, 2006); the greatest keys
are drawn. It depends on no random generator of a language or version.
"""

import hashlib
import math
from collections.abc import Iterable
from heapq import nlargest


def key_of(seed: str, enterprise_id: int, weight: float) -> float:
    """The logarithm of the key: log(u) / weight, u in (0, 1)."""
    digest = hashlib.sha256(f"{seed}:{enterprise_id}".encode()).digest()
    u = (int.from_bytes(digest[:8]) + 1) / (2**64 + 2)
    return math.log(u) / weight


def draw(seed: str, pool: Iterable[tuple[int, float]], many: int) -> list[int]:
    """`many` ids of (id, weight), in the order of the draw; all of them where the pool is smaller."""
    keyed = ((key_of(seed, enterprise_id, weight), enterprise_id) for enterprise_id, weight in pool)
    return [enterprise_id for _, enterprise_id in nlargest(many, keyed)]


def hash_pool(pool: Iterable[tuple[int, float]]) -> str:
    """SHA-256 over ids and weights in the order of ids: whether a later draw has the same pool."""
    digest = hashlib.sha256()
    for enterprise_id, weight in sorted(pool):
        digest.update(f"{enterprise_id}:{weight:g}\n".encode())
    return digest.hexdigest()
