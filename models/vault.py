"""Encryption of personal fields at rest and blind indexes to look them up."""

import contextlib
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"\x01"
NONCE_BYTES = 12


class VaultError(Exception):
    """Sealed with another key or for another field, or altered."""


class Vault:
    """Seals and opens small secrets; a sealed value is version, nonce, ciphertext with tag.

    While the key is changed, `previous` still opens and still finds; sealing is by the new key only
    (services/keys.py seals everything anew).
    """

    def __init__(self, secret_key: str, *previous: str) -> None:
        materials = [secret_key.encode(), *(key.encode() for key in previous if key)]
        self._seals = [AESGCM(derive_key(material, b"chengxin field encryption v1")) for material in materials]
        self._index_keys = [derive_key(material, b"chengxin blind index v1") for material in materials]
        self.signing_key = derive_key(materials[0], b"chengxin signed links v1")

    def seal(self, text: str, field: str) -> bytes:
        """Encrypt; `field` (table.column) is bound in, so that a value moved elsewhere does not open."""
        return self.seal_bytes(text.encode(), field)

    def open(self, sealed: bytes, field: str) -> str:
        """Decrypt; VaultError if key or field differ or a bit was changed."""
        return self.open_bytes(sealed, field).decode()

    def seal_bytes(self, content: bytes, field: str) -> bytes:
        """Encrypt what is no text, as `seal` does."""
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._seals[0].encrypt(nonce, content, field.encode())

    def open_bytes(self, sealed: bytes, field: str) -> bytes:
        """Decrypt what `seal_bytes` encrypted; VaultError as in `open`."""
        if sealed[:1] != VERSION:
            raise VaultError("unknown version")
        nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        for key in self._seals:
            with contextlib.suppress(InvalidTag):
                return key.decrypt(nonce, ciphertext, field.encode())
        raise VaultError("wrong key or altered value")

    def index(self, text: str, field: str) -> bytes:
        """The blind index of a value: equal values of one field have equal indexes, nothing else is seen."""
        return self.indexes(text, field)[0]

    def indexes(self, text: str, field: str) -> list[bytes]:
        """The blind index by each key, newest first: what a look-up must ask for while the key is changed."""
        said = field.encode() + b"\x00" + text.encode()
        return [hmac.digest(key, said, hashlib.sha256) for key in self._index_keys]


def derive_key(material: bytes, purpose: bytes) -> bytes:
    """A 32-byte key of its own for each purpose."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(material)
