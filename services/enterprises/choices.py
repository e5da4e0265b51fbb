"""The log of choices: which firm citizens meant by a query, to refit the finder on, with nothing of the citizen."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.choice import LoggedChoice
from models.enterprise import Enterprise, EnterpriseName
from services.enterprises.features import read_question
from services.enterprises.names import normalise
from services.enterprises.parts import industry_end, match_region, split_name
from services.enterprises.people import looks_like_person
from services.enterprises.shapes import load_shapes
from services.enterprises.sounds import encode, load_sounds

CHOICES_LAST = timedelta(days=730)
LONGEST_KEPT = 40
LONGEST_BRAND = 6  # a longer one that stands in no name is a sentence
MOST_STRANGE = 4  # characters of a query that stand in no name of the firm picked
NUMERAL = "0-9〇零一二三四五六七八九十百幺两"
# Telephones, codes and identity numbers; house numbers; words of a person about a person.
PRIVATE = re.compile(
    rf"[{NUMERAL}]{{5,}}|[{NUMERAL}](?:号|弄|巷|栋|幢|单元|室|楼|层|户|村|组)|路\d|"
    "身份证|电话|手机|微信|联系|地址|住在|住址|先生|女士|小姐|师傅|老师|阿姨|大姐|大哥|老板|法人|叫做|名叫|"
    "[我你您他她咱]|老公|老婆|儿子|女儿|爸|妈"
)


def keep_query(query: str) -> str:
    """The query in normal form if it may be remembered with a list of firms; "" if it could hold anything personal."""
    text = normalise(query)
    if not 2 <= len(text) <= LONGEST_KEPT or PRIVATE.search(text) or looks_like_person(text):
        return ""
    return text


def is_about_firm(query: str, names: Sequence[str]) -> bool:
    """Whether a kept query says little that is not public in one of these names: those of the firm picked.

    What it says beside may be words of trade, regions and a slip; two characters that could be a person's name not.
    """
    return any(says_nothing_strange(query, normalise(name)) for name in names)


def says_nothing_strange(query: str, name: str) -> bool:
    """is_about_firm for one name."""
    folds = load_sounds().fold_of
    sounds = set(folds[encode(name)].tolist())
    looks = {other for character in name for other in (character, *load_shapes().get(character, ()))}
    strange = [
        character not in looks and (not fold or fold not in sounds)
        for character, fold in zip(query, folds[encode(query)].tolist(), strict=True)
    ]
    place, runs = 0, []
    for is_strange, run in groupby(strange):
        length = len(list(run))
        if is_strange:
            runs.append(leave_out_public(query[place : place + length]))
        place += length
    return sum(map(len, runs)) <= MOST_STRANGE and not any(map(looks_like_person, runs))


def leave_out_public(text: str) -> str:
    """The text without regions, words of trade and a legal form."""
    left, place = [], 0
    body = split_name(f"某某{text}")
    text = text.removesuffix(body.form) if body.form else text
    while place < len(text):
        region = match_region(text, place)
        end = max(industry_end(text, place), place + (len(region.name) if region else 0))
        if end == place:
            left.append(text[place])
            end += 1
        place = end
    return "".join(left)


def is_absent_firm(query: str) -> bool:
    """Whether a kept query that fits no firm is clearly a firm's name, and its trade name no person's."""
    question = read_question(query)
    is_firm = question.form or bool(question.industry)
    return is_firm and 2 <= len(question.brand) <= LONGEST_BRAND and not looks_like_person(question.brand)


def log_choice(
    session: Session, query: str, enterprise_id: int | None, offered: Sequence[int], on: date, *, was_found: bool
) -> None:
    """Keep which of the offered enterprises was meant by a query that keep_query let pass; None: none of them."""
    if enterprise_id is None:
        may_keep = is_absent_firm(query)
    else:
        own = select(Enterprise.name).where(Enterprise.id == enterprise_id)
        other = select(EnterpriseName.name).where(EnterpriseName.enterprise_id == enterprise_id)
        may_keep = is_about_firm(query, [*session.scalars(own), *session.scalars(other)])
    if may_keep:
        session.add(
            LoggedChoice(
                query=query,
                enterprise_id=enterprise_id,
                position=None if enterprise_id is None else offered.index(enterprise_id) + 1,
                offered_count=len(offered),
                was_found=was_found,
                chosen_on=on,
            )
        )


def forget_choices(session: Session, today: date) -> int:
    """Delete what is older than CHOICES_LAST; how many."""
    old = delete(LoggedChoice).where(LoggedChoice.chosen_on < today - CHOICES_LAST)
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]
