"""Big contents sealed as a stream of pieces: none can be altered, swapped, dropped or cut off unnoticed.

The construction is that of age and Tink: a key of its own for each stream, the piece's number and whether it
is the last one in the nonce. The key of a file lies sealed in its row; without the row the file is noise.
"""

import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from models.vault import VaultError, derive_key

VERSION = b"\x02"
KEY_BYTES, SALT_BYTES, TAG_BYTES, COUNTER_BYTES = 32, 16, 16, 11
PIECE_BYTES = 64 * 1024


def draw_key() -> bytes:
    """A key for one file and what is derived from it."""
    return os.urandom(KEY_BYTES)


def seal_stream(content: Iterable[bytes], key: bytes, part: str) -> Iterator[bytes]:
    """The sealed stream; `part` says which stream of this key it is, and is bound in."""
    salt = os.urandom(SALT_BYTES)
    cipher = make_cipher(key, part, salt)
    yield VERSION + salt
    for number, (piece, is_last) in enumerate(mark_last(cut(content))):
        yield cipher.encrypt(nonce_of(number, is_last=is_last), piece, None)


def open_stream(source: BinaryIO, key: bytes, part: str) -> Iterator[bytes]:
    """The content, piece by piece; VaultError at the first one that is not as it was sealed, or at a missing end."""
    head = source.read(len(VERSION) + SALT_BYTES)
    if head[:1] != VERSION or len(head) != len(VERSION) + SALT_BYTES:
        raise VaultError("no sealed stream")
    cipher = make_cipher(key, part, head[1:])
    sealed = iter(lambda: source.read(PIECE_BYTES + TAG_BYTES), b"")
    count = 0
    for number, (piece, is_last) in enumerate(mark_last(sealed)):
        count += 1
        try:
            yield cipher.decrypt(nonce_of(number, is_last=is_last), piece, None)
        except InvalidTag:
            raise VaultError("wrong key or altered stream") from None
    if count == 0:
        raise VaultError("the stream was cut off")


def make_cipher(key: bytes, part: str, salt: bytes) -> AESGCM:
    """The cipher of one stream; the salt keeps two streams of one part apart."""
    return AESGCM(derive_key(key, b"chengxin sealed stream v1 " + part.encode() + b" " + salt))


def nonce_of(number: int, *, is_last: bool) -> bytes:
    """Counter and mark of the end."""
    return number.to_bytes(COUNTER_BYTES) + bytes([is_last])


def cut(content: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of PIECE_BYTES, the last one shorter or empty."""
    rest = b""
    for some in content:
        rest += some
        whole = len(rest) - len(rest) % PIECE_BYTES
        for start in range(0, whole, PIECE_BYTES):
            yield rest[start : start + PIECE_BYTES]
        rest = rest[whole:]
    yield rest


def mark_last(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each piece and whether it is the last."""
    held: bytes | None = None
    for piece in pieces:
        if held is not None:
            yield held, False
        held = piece
    if held is not None:
        yield held, True
