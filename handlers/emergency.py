"""Danger comes first: someone who writes of blood or fire is told whom to call."""

import re
from enum import StrEnum

from bot.replies import Text
from bot.router import Router, Turn
from bot.wording import render
from handlers.complaint_form import TOPIC, load_form, save_form
from services.cases.hearing import holds_resident_id

router = Router("emergency")


class Danger(StrEnum):
    """Whom to call first."""

    CRIME = "110"
    FIRE = "119"
    HEALTH = "120"


SIGNS = {
    Danger.HEALTH: r"流血|出血|中毒|晕倒|昏倒|昏迷|没有?呼吸|心脏病|触电|溺水|救护车|受伤|要生了|快不行了",
    Danger.FIRE: r"着火|起火|失火|火灾|冒烟|爆炸|(煤气|燃气|天然气|液化气)(泄漏|泄露|味)|被困(电梯|里面)",
    Danger.CRIME: (
        r"打架|打起来|打人|被打|砍人|捅人|持刀|拿刀|抢劫|被抢|绑架|救命|非法拘禁|不让(我|人)走|自杀|跳楼|报警"
    ),
}
PATTERNS = {danger: re.compile(signs) for danger, signs in SIGNS.items()}
# A firm's name may hold such a word (消防, 急救), and so may a question about one.
NAME_END = re.compile(r".*(公司|厂|店|部|院|所|社|中心|集团|商行|超市)(怎么样|靠谱吗|好不好|可信吗|吗)?", re.DOTALL)


def find_dangers(words: str) -> list[Danger]:
    """Whom to call, in the order of urgency; nothing for a firm's name or a long story."""
    if NAME_END.fullmatch(words) or len(words) > 200:
        return []
    return [danger for danger, pattern in PATTERNS.items() if pattern.search(words)]


@router.on_text(lambda turn: bool(find_dangers(turn.words)))
def send_to_rescue(turn: Turn) -> Text:
    """110, 119, 120 before anything else; in the middle of a complaint the words may tell what is past."""
    is_filing = turn.conversation.topic == TOPIC and hold_words(turn)
    dangers = find_dangers(turn.words)
    return Text(render("emergency", dangers=dangers, hotline=turn.desk.bureau.hotline, is_filing=is_filing))


def hold_words(turn: Turn) -> bool:
    """Keep them in the draft until the citizen says what they are; False where there is none."""
    found = load_form(turn)
    if found is None:
        return False
    form = found[0]
    form.held = "" if holds_resident_id(turn.text) else turn.text
    save_form(turn, form)
    return True
