"""Keeps WeChat's tags as followers chose: who does not want a topic bears not its tag; and lists what WeChat knows."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.api_errors import Action, GatewayError, WechatError
from bot.gateway import Gateway
from bot.publicity import MOST_TAGGED, Publicity
from models.database import Database
from models.follower import Follower
from models.follower_choice import NoticeTemplate, TopicTag
from models.send_words import Topic
from services import followers
from services.campaigns import tagging
from services.campaigns.interests import declines_somebody

MOST_CALLS = 40  # a step
LASTING = 3  # the type of a long-term notice
log = logging.getLogger(__name__)


@dataclass
class TagKeeper:
    """One of any number: giving a tag twice does no harm."""

    database: Database
    gateway: Gateway
    clock: Callable[[], datetime]
    has_listed: bool = False

    def __post_init__(self) -> None:
        self.publicity = Publicity(self.gateway)

    def step(self) -> int:
        """Fetch the followers once, then give and take tags; how many calls were made."""
        if not self.has_listed:
            self.has_listed = self.list_templates() >= 0
        with self.database.read() as session:
            topics = [topic for topic in Topic if declines_somebody(session, topic)]
        if not topics:
            return 0
        calls = 0
        while calls < MOST_CALLS and self.fetch_followers():
            calls += 1
        for topic in topics:
            tag_id = self.find_tag(topic)
            while calls < MOST_CALLS and self.tag_some(topic, tag_id):
                calls += 1
        return calls

    def fetch_followers(self) -> bool:
        """The next page of all followers; those who never wrote to us must bear the tags as well."""
        with self.database.read() as session:
            after = tagging.next_of_import(session)
        if after is None:
            return False
        openids = self.publicity.list_followers(after)
        with self.database.write() as session:
            tagging.take_followers(session, openids, self.clock())
        return True

    def find_tag(self, topic: Topic) -> int:
        """Its id at WeChat, made the first time."""
        with self.database.read() as session:
            row = session.get(TopicTag, topic)
        if row is not None:
            return row.remote_id
        remote_id = self.publicity.make_tag(tagging.TAG_NAMES[topic])
        with self.database.write() as session:
            session.merge(TopicTag(topic=topic, remote_id=remote_id))
        return remote_id

    def tag_some(self, topic: Topic, tag_id: int) -> bool:
        """Take from fifty, or give to fifty; False when nothing is left to do."""
        for bears in (False, True):  # who does not want it first
            with self.database.read() as session:
                rows = session.scalars(tagging.pending(topic, to_bear=bears).limit(MOST_TAGGED)).all()
                openids = {row.id: followers.openid_of(session, row) for row in rows}
            if openids:
                self.tag(openids, topic, tag_id, bears=bears)
                return True
        return False

    def tag(self, openids: dict[int, str], topic: Topic, tag_id: int, *, bears: bool) -> None:
        """These fifty; one who has left spoils the call for all, then each alone."""
        try:
            self.publicity.tag(list(openids.values()), tag_id, bears=bears)
        except WechatError as error:
            if error.action is not Action.DROP_FOLLOWER:
                raise
            if len(openids) == 1:
                self.drop(list(openids))
                return
            for follower_id, openid in openids.items():
                self.tag({follower_id: openid}, topic, tag_id, bears=bears)
            return
        with self.database.write() as session:
            tagging.note_tagged(session, list(openids), topic, bears_now=bears)

    def drop(self, follower_ids: Sequence[int]) -> None:
        """WeChat says that they follow no more."""
        with self.database.write() as session:
            for follower_id in follower_ids:
                gone = session.get(Follower, follower_id)
                if gone is not None:
                    gone.subscribed = False
                    for topic in Topic:
                        tagging.note_tagged(session, [follower_id], topic, bears_now=False)

    def list_templates(self) -> int:
        """The subscription notices of the account; how many, -1 when the list did not come."""
        try:
            found = self.publicity.list_notice_templates()
        except GatewayError as error:
            log.warning("the list of subscription notices did not come: %s", error)
            return -1
        with self.database.write() as session:
            for one in found:
                session.merge(
                    NoticeTemplate(
                        template_id=str(one.get("priTmplId", "")),
                        title=str(one.get("title", ""))[:100],
                        content=str(one.get("content", "")),
                        is_lasting=int(one.get("type", 0)) == LASTING,
                        seen_at=self.clock(),
                    )
                )
        return len(found)
