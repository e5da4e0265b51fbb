"""How far a send to many is, how fast it goes, and its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from models.campaign_delivery import CampaignDelivery
from models.campaign_send import CampaignSend
from models.send_words import DeliveryState, SendState
from services.campaigns.sending import end

RECENTLY = timedelta(seconds=60)
STATE = CampaignDelivery.state
NOBODY = "这时没有一个能收到的人（没有人在 48 小时内留言，或没有人同意接收这种通知）"
OPEN = (DeliveryState.NEW, DeliveryState.LEASED)


@dataclass(frozen=True)
class Progress:
    """How far a send to many is."""

    total: int
    counts: Mapping[DeliveryState, int]
    per_second: float
    ends_at: datetime | None  # None: nothing went out within the last minute

    @property
    def done(self) -> int:
        """Settled one way or another."""
        return self.total - sum(self.counts.get(state, 0) for state in OPEN)

    @property
    def percent(self) -> int:
        """Of all, rounded down."""
        return self.done * 100 // self.total if self.total else 0


def count_states(session: Session, send_id: int) -> tuple[int, dict[DeliveryState, int]]:
    """All of a send's deliveries, and by state."""
    counted = select(STATE, func.count()).where(CampaignDelivery.send_id == send_id).group_by(STATE)
    counts = {state: int(number) for state, number in session.execute(counted)}
    return sum(counts.values()), counts


def measure(session: Session, send: CampaignSend, now: datetime) -> Progress:
    """How far it is, how fast it went within the last minute, when it will be done."""
    total, counts = count_states(session, send.id)
    lately = select(func.count()).where(
        CampaignDelivery.send_id == send.id, CampaignDelivery.done_at > now - RECENTLY, STATE == DeliveryState.SENT
    )
    begun = send.asked_at or now
    seconds = min(max((now - begun).total_seconds(), 1.0), RECENTLY.total_seconds())
    per_second = (session.scalar(lately) or 0) / seconds
    left = sum(counts.get(state, 0) for state in OPEN)
    ends_at = now + timedelta(seconds=left / per_second) if per_second and left else None
    return Progress(total, counts, per_second, ends_at)


def finish(session: Session, send: CampaignSend, now: datetime) -> bool:
    """The send is over when nobody waits any more."""
    total, counts = count_states(session, send.id)
    if any(counts.get(state) for state in OPEN):
        return False
    if not total:
        end(session, send, SendState.NOT_SENT, now, NOBODY)
        return True
    send.total_count, send.sent_count = total, counts.get(DeliveryState.SENT, 0)
    send.error_count = total - send.sent_count
    doubtful = counts.get(DeliveryState.UNKNOWN, 0)
    unsure = f"，{doubtful} 人结果不明（不会再发）" if doubtful else ""
    end(session, send, SendState.DONE, now, f"逐个发送完毕：{total} 人，送到 {send.sent_count} 人{unsure}")
    return True


def stop(session: Session, send: CampaignSend, now: datetime, reason: str) -> int:
    """Nobody else gets it; what went out cannot be taken back. How many are spared."""
    rest = (
        update(CampaignDelivery)
        .where(CampaignDelivery.send_id == send.id, STATE == DeliveryState.NEW)
        .values(state=DeliveryState.SKIPPED, done_at=now)
        .execution_options(synchronize_session=False)
    )
    spared = int(session.execute(rest).rowcount)  # type: ignore[attr-defined]
    total, counts = count_states(session, send.id)
    send.total_count, send.sent_count = total, counts.get(DeliveryState.SENT, 0)
    end(session, send, SendState.RECALLED, now, f"已停止，{spared} 人不再收到：{reason}")
    return spared


def forget_deliveries(session: Session, before: datetime) -> int:
    """Who got what is nobody's business for long; the counts stay with the send. How many rows."""
    old = select(CampaignSend.id).where(CampaignSend.finished_at < before)
    gone = delete(CampaignDelivery).where(CampaignDelivery.send_id.in_(old))
    return int(session.execute(gone).rowcount)  # type: ignore[attr-defined]
