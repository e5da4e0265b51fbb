"""The commitment wall (R46): a firm that the register knows signs once for a campaign; the bureau confirms."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.article import Campaign
from models.association import Commitment
from models.campaign_words import CommitmentKind, Review
from models.enterprise import Enterprise, Status
from services.associations.home import AssociationError
from services.associations.statements import Promise, sign
from services.calendar.working_days import day_of
from services.enterprises.codes import clean_code
from services.enterprises.codes import is_valid as is_code
from services.enterprises.names import normalise

TEXT = (
    "我们承诺：诚实经营、守信服务；明码标价，不欺诈、不虚假宣传；兑现对消费者的约定，妥善处理投诉；"
    "自觉接受社会监督，违背承诺愿承担相应责任。"
)
SHOWN_COUNT = 200


@dataclass(frozen=True)
class Signed:
    """One line of the wall."""

    name: str
    signed_on: date


def read_wall(session: Session, campaign: Campaign) -> tuple[int, list[Signed]]:
    """How many firms have signed, and the newest of them; only what the bureau confirmed."""
    mine = (Commitment.campaign_id == campaign.id, Commitment.state == Review.APPROVED)
    count = session.scalar(select(func.count()).select_from(Commitment).where(*mine)) or 0
    wanted = select(Enterprise.name, Commitment.signed_on).join(Enterprise, Enterprise.id == Commitment.enterprise_id)
    wanted = wanted.where(*mine, Enterprise.status != Status.REMOVED)
    rows = session.execute(wanted.order_by(Commitment.signed_on.desc(), Commitment.id.desc()).limit(SHOWN_COUNT))
    return count, [Signed(row[0], row[1]) for row in rows]


def sign_wall(session: Session, campaign: Campaign, name: str, code: str, now: datetime) -> Commitment:
    """Sign for a firm whose registered name and code belong together; AssociationError names the field."""
    today, wanted = day_of(now), clean_code(code)
    if not campaign.starts_on <= today <= campaign.ends_on:
        raise AssociationError("code", "现在不在宣传活动期间，下次活动再来签署")
    if not is_code(wanted):
        raise AssociationError("code", "统一社会信用代码不对，请照营业执照核对")
    firm = session.scalar(select(Enterprise).where(Enterprise.credit_code == wanted))
    if firm is None or firm.status in {Status.REMOVED, Status.DEREGISTERED, Status.REVOKED}:
        raise AssociationError("code", "登记的在营企业中没有这个代码，请照营业执照核对")
    if normalise(name) != normalise(firm.name):
        raise AssociationError("name", "名称和代码对不上，请照营业执照填写全称")
    promise = Promise(firm.id, CommitmentKind.PACT, TEXT, today, campaign_id=campaign.id)
    return sign(session, firm, promise, "h5", association_id=None, now=now)
