"""Case submissions (典型征集): handed in once, reviewed, made into a draft article where consent was given (R45)."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.article import Article
from models.campaign_words import Column
from models.database import vault_of
from models.enterprise import Enterprise
from models.nomination import Nomination, NominationKind, NominationState
from models.record import Polarity
from services.calendar.working_days import day_of
from services.campaigns.activities import ActivityError, require_reason
from services.campaigns.articles import Written, name_firm, start_article
from services.campaigns.check_in import ALPHABET
from services.campaigns.running import campaign_on
from services.cases.personal import is_phone, tidy_phone
from services.cases.secrets import hash_client_key
from services.enterprises.codes import clean_code, is_valid
from services.privacy import find_personal

SUBJECT, STORY, CONTACT = "nominations.subject", "nominations.story", "nominations.contact"
LONGEST = {"title": 80, "subject": 100, "story": 4000, "proof": 500, "name": 20}
LEAST_STORY = 30
KIND_WORDS: dict[NominationKind, tuple[str, str]] = {
    NominationKind.STAR: ("诚信之星", "诚实守信的个人"),
    NominationKind.SHOP: ("匠心老店", "多年坚持诚信经营的老店"),
    NominationKind.TALK: ("诚信大家谈", "说说您对诚信的看法和建议"),
    NominationKind.STORY: ("诚信故事", "身边的诚信故事"),
    NominationKind.EXAMPLE: ("典型案例", "企业守信经营、以信用赢得市场的做法"),
}
STATE_WORDS: dict[NominationState, str] = {
    NominationState.SUBMITTED: "待审核",
    NominationState.ACCEPTED: "已采用",
    NominationState.DECLINED: "未采用",
    NominationState.DRAFTED: "已转为文章草稿",
    NominationState.WITHDRAWN: "已撤回",
}
CONSENT = (
    "本人（本单位）就是故事里写的人或企业，或已经得到其同意，同意{bureau}公开这里写的名称和故事。"
    "可以随时撤回同意，撤回后停止展示。"
)


@dataclass(frozen=True)
class Story:
    """What somebody hands in."""

    kind: NominationKind
    title: str
    subject: str
    story: str
    credit_code: str = ""
    proof: str = ""
    name: str = ""
    phone: str = ""
    consents: bool = False


@dataclass(frozen=True)
class Opened:
    """The sealed parts, for the reviewer."""

    subject: str
    story: str
    name: str
    phone: str


def find_faults(said: Story) -> dict[str, str]:
    """Field → words; empty: may be handed in."""
    faults = {}
    if not said.title.strip():
        faults["title"] = "请写个标题"
    if not said.subject.strip():
        faults["subject"] = "请写是哪家企业或哪个人"
    if len(said.story.strip()) < LEAST_STORY:
        faults["story"] = f"请再写详细些，至少{LEAST_STORY}个字"
    for field, most in LONGEST.items():
        if len(getattr(said, field)) > most:
            faults[field] = f"最多{most}个字"
    kinds = find_personal(said.story) + find_personal(said.proof) + find_personal(said.title)
    if kinds:
        faults["story"] = f"里面有{'、'.join(sorted(set(kinds)))}，请删去再提交"
    if said.credit_code and not is_valid(clean_code(said.credit_code)):
        faults["credit_code"] = "统一社会信用代码不对，请核对；也可以不填"
    if said.phone and not is_phone(said.phone):
        faults["phone"] = "电话不对，请核对；也可以不填"
    return faults


def hand_in(
    session: Session, said: Story, client_key: str, bureau: str, *, follower_id: int | None, now: datetime
) -> Nomination:
    """Keep it, once for a client's key; ActivityError where something is wrong."""
    faults = find_faults(said)
    if faults:
        raise ActivityError(next(iter(faults.values())), next(iter(faults)))
    key = hash_client_key(client_key)
    found = session.scalar(select(Nomination).where(Nomination.client_key_hash == key))
    if found is not None:
        return found
    vault, campaign = vault_of(session), campaign_on(session, day_of(now))
    contact = json.dumps({"name": said.name.strip(), "phone": tidy_phone(said.phone)}, ensure_ascii=False)
    code = clean_code(said.credit_code) if said.credit_code else ""
    firm = session.scalar(select(Enterprise).where(Enterprise.credit_code == code)) if code else None
    row = Nomination(
        number=f"ZJ{day_of(now):%Y%m%d}{''.join(secrets.choice(ALPHABET) for _ in range(6))}",
        client_key_hash=key,
        campaign_id=campaign.id if campaign else None,
        kind=said.kind,
        title=said.title.strip(),
        subject_sealed=vault.seal(said.subject.strip(), SUBJECT),
        credit_code=code,
        enterprise_id=firm.id if firm else None,
        story_sealed=vault.seal(said.story.strip(), STORY),
        proof=said.proof.strip(),
        contact_sealed=vault.seal(contact, CONTACT),
        follower_id=follower_id,
        state=NominationState.SUBMITTED,
        consented_at=now if said.consents else None,
        consent_text=CONSENT.format(bureau=bureau) if said.consents else "",
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def open_up(session: Session, row: Nomination) -> Opened:
    """What was handed in."""
    vault = vault_of(session)
    contact = json.loads(vault.open(row.contact_sealed, CONTACT)) if row.contact_sealed else {}
    subject = vault.open(row.subject_sealed, SUBJECT) if row.subject_sealed else ""
    story = vault.open(row.story_sealed, STORY) if row.story_sealed else ""
    return Opened(subject, story, contact.get("name", ""), contact.get("phone", ""))


def list_nominations(session: Session, state: NominationState | None = None) -> list[Nomination]:
    """Those that wait first, then newest first."""
    wanted = select(Nomination).order_by(Nomination.state != NominationState.SUBMITTED, Nomination.id.desc())
    return list(session.scalars(wanted.where(Nomination.state == state) if state else wanted.limit(300)))


def review(row: Nomination, *, is_accepted: bool, note: str, by: str, now: datetime) -> None:
    """The reviewer's yes or no; a no says why."""
    if row.state not in {NominationState.SUBMITTED, NominationState.DECLINED, NominationState.ACCEPTED}:
        raise ActivityError(f"现在的状态是“{STATE_WORDS[row.state]}”，不能再审核")
    row.note = note.strip()[:500] if is_accepted else require_reason(note)
    row.state = NominationState.ACCEPTED if is_accepted else NominationState.DECLINED
    row.reviewed_by, row.reviewed_at = by, now


def record_consent(row: Nomination, words: str, now: datetime) -> None:
    """Consent that came another way, such as a signed sheet: how it came is written down."""
    row.consent_text, row.consented_at, row.consent_withdrawn_at = require_reason(words), now, None


def withdraw_consent(row: Nomination, now: datetime) -> None:
    """From this moment the article made of it is shown at no door."""
    row.consent_withdrawn_at = row.consent_withdrawn_at or now


def has_consent(row: Nomination) -> bool:
    """Given and not taken back."""
    return row.consented_at is not None and row.consent_withdrawn_at is None


def draft_article(session: Session, row: Nomination, by: str, now: datetime) -> Article:
    """A draft with the story; it goes the way of every article. ActivityError without consent."""
    if row.state is not NominationState.ACCEPTED:
        raise ActivityError("请先审核采用，再转为文章")
    if not has_consent(row):
        raise ActivityError("当事人没有同意公开，不能转为文章；取得同意后请先登记")
    opened = open_up(session, row)
    column = Column.PRACTICE if row.kind is NominationKind.EXAMPLE else Column.IMPACT
    body = f"{opened.subject}\n\n{opened.story}"
    article = start_article(
        session, Written(column, title=row.title, body=body, campaign_id=row.campaign_id), None, by, now=now
    )
    if row.enterprise_id is not None:
        name_firm(session, article, row.enterprise_id, Polarity.POSITIVE)
    row.article_id, row.state = article.id, NominationState.DRAFTED
    session.flush()
    return article
