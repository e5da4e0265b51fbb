"""What an answer means, which questions are drawn, who has passed; pure."""

import random
import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from models.quiz import QuestionKind

LETTERS = "ABCD"
TRUE_FALSE = ("对", "错")
RIGHT_WORDS = re.compile(r"(?:选|答案?是?|我选)?(?:对的?|正确|是的?|√|✓|t(?:rue)?)(?:吧|的)?")
WRONG_WORDS = re.compile(r"(?:选|答案?是?|我选)?(?:错的?|错误|不对|不正确|不是|×|✗|x|f(?:alse)?)(?:吧|的)?")
SAID_LETTERS = re.compile(
    r"(?:我?选择?|答案?是?|我觉得)?\s*([a-d](?:[\s,，、和及与.]*[a-d])*)\s*(?:项|吧|选项)?", re.IGNORECASE
)


def read_answer(words: str, kind: QuestionKind, option_count: int) -> str | None:
    """The letters meant by A, ａ, 选b, a、c, AC, 对; in order, each once. None: no answer to this question."""
    said = unicodedata.normalize("NFKC", words).strip().strip("。.!！?？ ")
    if kind is QuestionKind.TRUE_FALSE:
        if RIGHT_WORDS.fullmatch(said.casefold()):
            return "A"
        if WRONG_WORDS.fullmatch(said.casefold()):
            return "B"
    found = SAID_LETTERS.fullmatch(said)
    if not found:
        return None
    letters = sorted({letter for letter in found[1].upper() if letter in LETTERS})
    if any(LETTERS.index(letter) >= option_count for letter in letters):
        return None
    if kind is not QuestionKind.MULTIPLE and len(letters) > 1:
        return None
    return "".join(letters)


def is_valid_on(day: date, valid_from: date | None, valid_until: date | None) -> bool:
    """The law that a question asks for holds on that day; both ends included."""
    return (valid_from is None or valid_from <= day) and (valid_until is None or day <= valid_until)


def draw(seed: int, ids: Sequence[int], count: int) -> list[int]:
    """`count` of the questions in random order; the same seed and bank give the same."""
    pool = sorted(ids)
    return random.Random(seed).sample(pool, min(count, len(pool)))  # noqa: S311 - nothing is at stake


def find_faults(kind: QuestionKind, options: Sequence[str], answer: str) -> list[str]:
    """What is wrong with a question, in words for its editor."""
    faults = []
    filled = [option.strip() for option in options]
    if not 2 <= len(filled) <= len(LETTERS) or not all(filled):
        faults.append("请填写两到四个选项，不能有空的")
    if len(set(filled)) != len(filled):
        faults.append("有两个选项一样")
    if not answer or any(letter not in LETTERS[: len(filled)] for letter in answer):
        faults.append("请在选项中标明正确答案")
    elif kind is QuestionKind.MULTIPLE and len(answer) < 2:
        faults.append("多选题至少有两个正确答案")
    elif kind is not QuestionKind.MULTIPLE and len(answer) != 1:
        faults.append("单选题和判断题只有一个正确答案")
    return faults
