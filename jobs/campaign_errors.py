"""What a failed call for a send means: certainly not out, perhaps, or never (pure)."""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.api_errors import Action, ApiPausedError, GatewayError, NotSentError, WechatError
from bot.quotas import next_day, next_minute
from services.campaigns.sending_words import explain_code

UNTIL_A_PERSON_ACTS = timedelta(minutes=5)
LATER = {Action.REFRESH, Action.STOP_ALERT, Action.QUOTA_DAY, Action.QUOTA_MINUTE}
UNSURE = {Action.RETRY, Action.WAIT}


class Fate(StrEnum):
    """Of a call that failed."""

    NOT_OUT = "not_out"  # try again, with nothing to fear
    MAYBE = "maybe"
    REFUSED = "refused"  # WeChat will not have it


def read_fate(error: GatewayError, *, was_asked: bool) -> Fate:
    """`was_asked`: the call that sends had begun; a draft that failed is never out."""
    if isinstance(error, NotSentError | ApiPausedError):
        return Fate.NOT_OUT
    if isinstance(error, WechatError):
        if error.action in LATER:
            return Fate.NOT_OUT
        if error.action not in UNSURE:
            return Fate.REFUSED
    return Fate.MAYBE if was_asked else Fate.NOT_OUT


def explain_error(error: GatewayError) -> str:
    """For staff."""
    if isinstance(error, WechatError):
        return "微信系统繁忙（代码 -1）" if error.code == -1 else explain_code(error.code)
    if isinstance(error, ApiPausedError):
        return "这个接口今天的次数已用完，微信要求暂停"
    return "没有连上微信" if isinstance(error, NotSentError) else "微信没有给出完整的回答"


def rest_until(error: GatewayError, now: datetime, back_off: timedelta) -> datetime:
    """When to try again."""
    if isinstance(error, ApiPausedError):
        return error.until
    if isinstance(error, WechatError):
        later = {
            Action.QUOTA_DAY: next_day(now),
            Action.QUOTA_MINUTE: next_minute(now),
            Action.STOP_ALERT: now + UNTIL_A_PERSON_ACTS,
        }
        return later.get(error.action, now + back_off)
    return now + back_off
