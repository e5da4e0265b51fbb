"""Looks at the photos that citizens send to the chat: fetched, read, forgotten; the answer goes out by the outbox."""

import contextlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.api_errors import Action, ApiPausedError, GatewayError, TooBigError, WechatError
from bot.gateway import Gateway
from bot.messages import Inbound
from services.photos.reader import MOST_BYTES
from services.photos.reading import Reading, Trouble

MOST_PER_STEP = 3  # then the clock may end the process
PATIENCE = timedelta(minutes=2)  # with the network; then the citizen is told
PASSING = {Action.RETRY, Action.REFRESH}

log = logging.getLogger(__name__)


class NotYetError(Exception):
    """The photo could not be fetched now; another time."""


class PhotoLooker:
    """One look at one photo at a time, in memory only."""

    def __init__(self, gateway: Gateway, read: Callable[[bytes], Reading], clock: Callable[[], datetime]) -> None:
        self.gateway, self.read, self.clock = gateway, read, clock

    def look(self, message: Inbound, arrived_at: datetime) -> Reading:
        """What the photo of a message says, or why it says nothing; NotYetError while WeChat is out of reach."""
        try:
            content = self.gateway.get_media(message.media_id, MOST_BYTES)
        except TooBigError:
            return Reading(trouble=Trouble.TOO_BIG)
        except GatewayError as error:
            log.warning("a photo could not be fetched: %s", error)
            if has_passing_cause(error) and self.clock() - arrived_at < PATIENCE:
                raise NotYetError from None
            return Reading(trouble=name_trouble(error))
        with contextlib.suppress(GatewayError):  # a courtesy, nothing depends on it
            self.gateway.send_typing(message.openid)
        try:
            return self.read(content)
        except Exception:
            log.exception("reading a photo failed")
            return Reading(trouble=Trouble.FAILED)


def has_passing_cause(error: GatewayError) -> bool:
    """Another try may go better."""
    if isinstance(error, WechatError):
        return error.action in PASSING
    return not isinstance(error, ApiPausedError)


def name_trouble(error: GatewayError) -> Trouble:
    """WeChat has forgotten the photo, or does not hand it out."""
    is_gone = isinstance(error, WechatError) and error.action is Action.PERMANENT
    return Trouble.EXPIRED if is_gone else Trouble.UNREACHABLE
