"""What WeChat's API refuses and what a robust client does about it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any


class Action(StrEnum):
    """What to do about an error code."""

    RETRY = "retry"  # busy: again with back-off, where a repeat does no harm
    REFRESH = "refresh"  # the token is not valid
    STOP_ALERT = "stop_alert"  # configuration: nothing works until a person acts
    DROP_FOLLOWER = "drop_follower"  # wrong openid, or no follower any more
    REFUSED = "refused"  # the citizen refused this subscription
    WINDOW_CLOSED = "window_closed"  # no contact within 48 hours, or its quota is used up
    QUOTA_DAY = "quota_day"  # this API rests until tomorrow
    QUOTA_MINUTE = "quota_minute"  # this API rests until the next minute
    ALREADY_DONE = "already_done"  # the idempotency key is known: it went out before
    WAIT = "wait"  # the same key was used within this minute
    FEATURE_OFF = "feature_off"  # no permission for this API
    PERMANENT = "permanent"  # the request itself is wrong


CODES = {
    Action.RETRY: (-1,),
    Action.REFRESH: (40001, 40014, 42001),
    Action.STOP_ALERT: (40013, 40125, 41002, 41004, 40164, 61004, 61024),
    Action.DROP_FOLLOWER: (40003, 43004, 50005),
    Action.REFUSED: (43101,),
    Action.WINDOW_CLOSED: (45015, 45047),
    Action.QUOTA_DAY: (45009,),
    Action.QUOTA_MINUTE: (45011,),
    Action.ALREADY_DONE: (45065,),
    Action.WAIT: (45066,),
    Action.FEATURE_OFF: (45106, 48001, 48003, 48004, 48006, 48008, 50002, 65400),
}
ACTIONS = {code: action for action, codes in CODES.items() for code in codes}


class GatewayError(Exception):
    """Any failure of a call; the text holds no token, secret or openid."""


class WechatError(GatewayError):
    """WeChat answered with an error code; `answer` is all it said, such as the msg_id beside 45065."""

    def __init__(self, code: int, message: str = "", answer: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"errcode {code}: {message}"[:300])
        self.code = code
        self.action = ACTIONS.get(code, Action.PERMANENT)
        self.answer = answer or {}


class NotSentError(GatewayError):
    """WeChat certainly did not get the request."""


class OutcomeUnknownError(GatewayError):
    """WeChat may have got the request and acted on it."""


class TooBigError(GatewayError):
    """A file is bigger than the caller wants."""


class ApiPausedError(GatewayError):
    """WeChat told us to leave this API alone until `until`; nothing was sent."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"paused until {until.isoformat(timespec='seconds')}")
        self.until = until
