"""Carries out what staff ordered of WeChat: previews to testers, recalls, questions about a result."""

import logging
from dataclasses import dataclass

from bot.api_errors import GatewayError
from jobs.campaign_errors import explain_error
from jobs.campaigns import CampaignClock
from models.campaign_send import CampaignSend, SendOrder
from models.send_words import OrderKind, SendChannel, SendState
from services.campaigns import orders, sending
from services.campaigns.drafting import write_draft
from services.campaigns.progress import stop
from services.campaigns.sending_words import STATES
from services.campaigns.timing import is_quiet
from services.errors import UserError

MOST_PER_STEP = 20
log = logging.getLogger(__name__)


@dataclass
class OrderDesk:
    """Works through the orders; it asks WeChat by the same clock's hands."""

    campaigns: CampaignClock

    def step(self) -> int:
        """All that wait; how many."""
        for count in range(MOST_PER_STEP):
            if not self.carry_out_one():
                return count
        return MOST_PER_STEP

    def carry_out_one(self) -> bool:
        """Claim, call, note."""
        desk = self.campaigns
        with desk.database.write() as session:
            order = orders.claim_order(session, desk.owner, desk.clock())
            if order is None:
                return False
            send = session.get_one(CampaignSend, order.send_id)
        try:
            outcome = self.carry_out(order, send)
        except UserError as error:
            outcome = f"没有办成：{error}"
        except GatewayError as error:
            log.warning("order %s: %s", order.id, error)
            outcome = f"没有办成：{explain_error(error)}"
        with desk.database.write() as session:
            orders.close_order(session, order.id, outcome, desk.clock())
        return True

    def carry_out(self, order: SendOrder, send: CampaignSend) -> str:
        """By its kind; what came of it."""
        if order.kind is OrderKind.PREVIEW:
            return self.preview(send)
        return self.recall(send, order.reason) if order.kind is OrderKind.RECALL else self.ask(send)

    def preview(self, send: CampaignSend) -> str:
        """A draft of its own to each tester; good when at least one got it."""
        desk = self.campaigns
        with desk.database.read() as session:
            articles = write_draft(session, send, desk.public_url, desk.clock())
            testers = [(one.name, orders.wechat_of(session, one)) for one in orders.list_testers(session)]
        if not testers:
            raise UserError("还没有测试人员，请先在“测试人员”里添加")
        draft_id = desk.publicity.add_draft(articles)
        got, failed = [], []
        for name, wechat in testers:
            try:
                desk.publicity.preview(draft_id, wechat)
                got.append(name)
            except GatewayError as error:
                failed.append(f"{name}（{explain_error(error)}）")
        if got:
            with desk.database.write() as session:
                mine = session.get_one(CampaignSend, send.id)
                if mine.revision == send.revision:
                    mine.previewed_revision = mine.revision
        said = [f"已发给{'、'.join(got)}"] * bool(got) + [f"没有发到{'、'.join(failed)}"] * bool(failed)
        return "；".join(said)

    def recall(self, send: CampaignSend, reason: str) -> str:
        """Off the telephones and the account's page; a send to many is stopped."""
        desk = self.campaigns
        if send.channel in sending.ONE_BY_ONE:
            with desk.database.write() as session:
                mine = session.get_one(CampaignSend, send.id, with_for_update=True)
                if mine.state is not SendState.SENDING:
                    raise UserError("已经全部发完，微信不能撤回逐个发送的消息")
                return f"已停止，{stop(session, mine, desk.clock(), reason)} 人不再收到；已送到的撤不回来"
        if send.channel is SendChannel.MASS and send.msg_id:
            desk.publicity.recall_mass(send.msg_id)
        elif send.published_id:
            desk.publicity.recall_published(send.published_id)
        else:
            raise UserError("微信还没有给出编号，过一会儿再撤回")
        with desk.database.write() as session:
            mine = session.get_one(CampaignSend, send.id, with_for_update=True)
            sending.end(session, mine, SendState.RECALLED, desk.clock(), f"已从微信撤回：{reason}")
        return "微信已撤回；有人可能已经看过"

    def ask(self, send: CampaignSend) -> str:
        """What became of it: by WeChat's number, or by ours, which sends it if WeChat never had it."""
        desk = self.campaigns
        now = desk.clock()
        if send.msg_id or send.publish_id:
            desk.look_at(send)
        elif send.asked_at is None or now - send.asked_at > sending.KEY_LASTS:
            raise UserError(sending.FORGOTTEN)
        elif is_quiet(now, desk.rules):
            raise UserError("现在是夜间安静时段：如果微信此前没有受理，这次询问会真的发出。请早上再问")
        else:
            with desk.database.write() as session:
                mine = session.get_one(CampaignSend, send.id, with_for_update=True)
                if mine.state is not SendState.UNKNOWN:
                    raise UserError("已经有了结果")
                sending.hold(mine, desk.owner, now)
            desk.submit(mine, is_doubtful=True)
        with desk.database.read() as session:
            found = session.get_one(CampaignSend, send.id)
            return f"现在是“{STATES[found.state]}”" + (f"：{found.reason}" if found.reason else "")
