"""Query codes: derived so that the same filing gets the same one again, kept only as a slow hash."""

import hashlib
import hmac

from models.vault import Vault
from services.numbers import spell_code

FIELD = "cases.query_code"
# 40 bits are few; 4 MB and some 10 ms a guess make 350 years of a core. More would hold up the writers of SQLite.
COST, BLOCK, PARALLEL = 2**12, 8, 1


def draw_codes(vault: Vault, client_key: str) -> list[str]:
    """The query code that belongs to a client's key, by each of the vault's keys, newest first."""
    return [spell_code(secret) for secret in vault.indexes(client_key, FIELD)]


def hash_code(number: str, code: str) -> bytes:
    """What is kept; independent of the vault's key, so that changing that key locks nobody out."""
    return hashlib.scrypt(code.encode(), salt=number.encode(), n=COST, r=BLOCK, p=PARALLEL, dklen=32)


def is_code(number: str, code: str, kept: bytes) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(hash_code(number, code), kept)


def hash_client_key(client_key: str) -> bytes:
    """What is kept of a client's key."""
    return hashlib.sha256(client_key.encode()).digest()
