"""The clock's work on articles: links that open or not, pictures to WeChat, the guard of two weeks."""

import logging
from collections.abc import Callable
from datetime import datetime

from bot.api_errors import GatewayError
from bot.gateway import Gateway
from config.campaigns import CampaignRules
from jobs.opening import Look, look_at_address
from models.article import ArticlePicture
from models.database import Database
from services.campaigns import upkeep
from services.campaigns.guarding import watch_hidden, watch_posts
from services.campaigns.library import read_bytes, sweep_library
from services.evidence.store import EvidenceStore
from services.evidence.trouble import EvidenceError

MOST_PER_STEP = 5

log = logging.getLogger(__name__)


class ArticleClock:
    """May run in several processes: what one has claimed the others leave alone."""

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        library: EvidenceStore,
        *,
        rules: CampaignRules,
        clock: Callable[[], datetime],
        look: Callable[[str, float], Look] = look_at_address,
    ) -> None:
        self.database, self.gateway, self.library = database, gateway, library
        self.rules, self.clock, self.look = rules, clock, look

    def look_at_links(self) -> int:
        """Links that are due; how many were looked at."""
        with self.database.write() as session:
            claimed = upkeep.claim_links(session, self.clock(), MOST_PER_STEP)
        for work in claimed:
            found = self.look(work.url, self.rules.link_seconds)
            with self.database.write() as session:
                upkeep.note_link(session, work.link_id, found.state, found.note, rules=self.rules, now=self.clock())
        return len(claimed)

    def upload_pictures(self) -> int:
        """Pictures of approved articles that WeChat does not have; how many were tried."""
        with self.database.write() as session:
            claimed = upkeep.claim_pictures(session, self.clock(), MOST_PER_STEP)
        for picture_id in claimed:
            self.upload(picture_id)
        return len(claimed)

    def upload(self, picture_id: int) -> None:
        """One picture: uploaded twice it only lies there twice, so an unknown outcome is tried again."""
        name = f"{picture_id}.jpg"
        with self.database.read() as session:
            picture = session.get(ArticlePicture, picture_id)
            if picture is None:
                return None
            try:
                content = read_bytes(session, self.library, picture)
            except EvidenceError as error:
                return self.fail(picture_id, str(error))
        try:
            if not picture.wechat_url:
                self.note(picture_id, url=self.gateway.upload_article_picture(name, content))
            if picture.is_cover and not picture.wechat_media_id:
                self.note(picture_id, media_id=self.gateway.add_material("image", name, content))
        except (GatewayError, KeyError) as error:
            self.fail(picture_id, str(error))

    def note(self, picture_id: int, url: str = "", media_id: str = "") -> None:
        """WeChat has it: written down at once, so that a kill does not upload it again."""
        with self.database.write() as session:
            row = session.get(ArticlePicture, picture_id)
            if row is not None:
                upkeep.note_upload(session, row, url or row.wechat_url or "", media_id)

    def fail(self, picture_id: int, error: str) -> None:
        """In a transaction of its own."""
        log.warning("picture %d of an article was not uploaded: %s", picture_id, error)
        with self.database.write() as session:
            row = session.get(ArticlePicture, picture_id)
            if row is not None:
                upkeep.note_failure(session, row, error, self.clock())

    def watch(self) -> int:
        """Alerts of silence and of articles that stopped being shown; how many were written."""
        with self.database.write() as session:
            return watch_posts(session, self.rules, self.clock()) + watch_hidden(session, self.clock())

    def clean_up(self) -> int:
        """Files that no row names."""
        return sweep_library(self.database, self.library, self.clock())
