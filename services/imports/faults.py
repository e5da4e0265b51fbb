"""What can be wrong with a row, in words for whoever sent it, and against which quality it is (pure)."""

from enum import StrEnum
from typing import NamedTuple


class Quality(StrEnum):
    """Which of the four qualities a fault is against (归集要全面、及时、安全、准确)."""

    COMPLETE = "完整性"
    VALID = "规范性"
    ACCURATE = "准确性"
    TIMELY = "时效性"


class Fault(NamedTuple):
    """One thing wrong with a row, in words for whoever sent it."""

    quality: Quality
    words: str


PERSON = Fault(Quality.VALID, "自然人的信息不入企业信用档案")
PERSON_NUMBER = Fault(Quality.VALID, "代码列中是个人证件号码")
NUMBER_LOST = Fault(Quality.ACCURATE, "代码被存成了数字，末几位已丢失，请以文本格式重新填写")
UNREADABLE = Fault(Quality.VALID, "有无法识别的字符，请核对文件的编码")
IN_FUTURE = Fault(Quality.ACCURATE, "决定日期在将来")
ENDS_BEFORE = Fault(Quality.ACCURATE, "公示截止期早于决定日期")
TOO_MANY_CELLS = Fault(Quality.VALID, "列数多于表头")
NO_NAME = Fault(Quality.VALID, "名称无法识别")
QUALITY_OF = {
    fault.words: fault.quality
    for fault in (PERSON, PERSON_NUMBER, NUMBER_LOST, UNREADABLE, IN_FUTURE, ENDS_BEFORE, TOO_MANY_CELLS, NO_NAME)
}


def quality_of(words: str) -> Quality:
    """Which quality a fault was against, by its words."""
    if words in QUALITY_OF:
        return QUALITY_OF[words]
    if words.startswith("缺少"):
        return Quality.COMPLETE
    return Quality.VALID if words.endswith(("无法识别", "过长")) else Quality.ACCURATE
