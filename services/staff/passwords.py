"""Passwords: hashing, judging a new one, drawing a one-time one."""

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

LEAST_LENGTH, LONGEST = 10, 72
# Of a guesser who knows the usual lists and habits; an online guesser gets a handful of tries a day.
LEAST_GUESSES = 10**8
# What zxcvbn's lists, made from English leaks, do not know.
COMMON_HERE = (
    *"woaini iloveyou 5201314 1314520 7758521 zhongguo beijing shanghai nihao admin123 a123456 qq123456".split(),
    *"chengxin chengxintong shangwuju commerce swj 12312 12345 12315 诚信通 商务局 密码 我爱你".split(),
)
# Easy to read out and to type: no 0 O 1 I L.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
HASHER = PasswordHasher()  # RFC 9106, low memory: 64 MiB for each hash
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
TURNS = threading.BoundedSemaphore(2)  # so that a flood of sign-ins does not take the memory of the whole machine


def judge_password(password: str, known_words: tuple[str, ...] = ()) -> str:
    """What is wrong with a new password, in words; "" when nothing is. `known_words`: login, name and the like."""
    if len(password) < LEAST_LENGTH:
        return f"太短了，至少 {LEAST_LENGTH} 个字符；可以用一句容易记住的话的拼音"
    if len(password) > LONGEST:
        return f"太长了，最多 {LONGEST} 个字符"
    words = [word for word in (*known_words, *COMMON_HERE) if word]
    if zxcvbn(password, user_inputs=words)["guesses"] < LEAST_GUESSES:
        return "太常见，容易被猜到；换几个不相干的词，用拼音连起来，例如 haidai dengta tongkou（不要照抄）"
    return ""


def hash_password(password: str) -> str:
    """The argon2id hash with its salt and costs."""
    with TURNS:
        return HASHER.hash(password)


def hash_drawn(password: str) -> str:
    """A quick hash for a long password drawn at random, which no trying finds; of demonstrations and tests alone.

    In an installation it would show, by the time that a refusal takes, which logins there are.
    """
    return QUICK_HASHER.hash(password)


DUMMY_HASH = hash_password(secrets.token_hex(16))


def is_password(password_hash: str | None, password: str) -> bool:
    """Whether it is the one; takes as long for None, an account that does not exist."""
    with TURNS:
        try:
            HASHER.verify(password_hash or DUMMY_HASH, password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def draw_password() -> str:
    """A one-time password of 77 bits, such as 7KQ4-WX9M-2HBT-R5ZC."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(16))
    return "-".join(drawn[start : start + 4] for start in range(0, 16, 4))
