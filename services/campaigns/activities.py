"""Activities: drafted by an association or the bureau, shown after the bureau's yes, held, counted."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.activity import Activity, ActivityCheckIn, ActivityKind, ActivitySignUp, ActivityState
from models.article import Campaign
from services.errors import UserError

LONGEST_TITLE, LONGEST_PLACE, LONGEST_ABOUT = 80, 120, 2000
MOST_PEOPLE = 1_000_000
MOST_SHOWN = 100
KIND_WORDS: dict[ActivityKind, str] = {
    ActivityKind.LAUNCH: "启动仪式",
    ActivityKind.LECTURE: "商务诚信大讲堂",
    ActivityKind.COMMUNITY: "诚信进社区",
    ActivityKind.MALL: "诚信进商场",
    ActivityKind.CONTEST: "知识竞赛",
    ActivityKind.TRAINING: "培训",
    ActivityKind.MEETING: "座谈会、推进会",
    ActivityKind.LIVE: "直播",
}
STATE_WORDS: dict[ActivityState, str] = {
    ActivityState.DRAFT: "起草中",
    ActivityState.SUBMITTED: "待主管部门同意",
    ActivityState.PUBLISHED: "已发布",
    ActivityState.CANCELLED: "已取消",
}


class ActivityError(UserError):
    """What is wrong, and with which field."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class ActivityWords:
    """What is said of an activity; moments are aware."""

    kind: ActivityKind
    title: str
    place: str
    begins_at: datetime
    ends_at: datetime
    about: str = ""
    region: str = ""
    capacity: int | None = None
    campaign_id: int | None = None


@dataclass(frozen=True)
class Turnout:
    """How many signed up, checked in, and count as having been there."""

    signed_up: int
    checked_in: int
    counted: int


def save_activity(
    session: Session,
    activity: Activity | None,
    said: ActivityWords,
    *,
    association_id: int | None,
    by: str,
    now: datetime,
    is_bureau: bool = False,
) -> Activity:
    """Add or change one; once it is published only the bureau changes it, for people have signed up."""
    check_words(session, said)
    row = activity or Activity(
        association_id=association_id, created_by=by, created_at=now, state=ActivityState.DRAFT, note="", decided_by=""
    )
    if row.state is ActivityState.CANCELLED:
        raise ActivityError("已取消的活动不能再改，请另建一个")
    if row.state is ActivityState.PUBLISHED and not is_bureau:
        raise ActivityError("已发布的活动由主管部门修改，请联系他们")
    row.kind, row.title, row.place, row.about, row.region = said.kind, said.title, said.place, said.about, said.region
    row.begins_at, row.ends_at, row.capacity, row.campaign_id = (
        said.begins_at,
        said.ends_at,
        said.capacity,
        said.campaign_id,
    )
    session.add(row)
    session.flush()
    return row


def check_words(session: Session, said: ActivityWords) -> None:
    """ActivityError names the field."""
    if not said.title.strip() or len(said.title) > LONGEST_TITLE:
        raise ActivityError(f"请填写活动名称，最多{LONGEST_TITLE}字", "title")
    if not said.place.strip() or len(said.place) > LONGEST_PLACE:
        raise ActivityError(f"请填写地点，最多{LONGEST_PLACE}字；直播请写平台和账号", "place")
    if said.ends_at <= said.begins_at:
        raise ActivityError("结束时间要晚于开始时间", "ends_at")
    if said.capacity is not None and not 1 <= said.capacity <= MOST_PEOPLE:
        raise ActivityError("名额请填 1 以上的数，不限就留空", "capacity")
    if len(said.about) > LONGEST_ABOUT:
        raise ActivityError(f"介绍最多{LONGEST_ABOUT}字", "about")
    if said.campaign_id is not None and session.get(Campaign, said.campaign_id) is None:
        raise ActivityError("没有这个宣传活动", "campaign_id")


def submit(activity: Activity) -> None:
    """To the bureau."""
    require(activity, ActivityState.DRAFT)
    activity.state, activity.note = ActivityState.SUBMITTED, ""


def publish(activity: Activity, by: str, now: datetime) -> None:
    """The bureau's yes: citizens see it and may sign up."""
    require(activity, ActivityState.SUBMITTED, ActivityState.DRAFT)
    activity.state, activity.note, activity.decided_by, activity.decided_at = ActivityState.PUBLISHED, "", by, now


def send_back(activity: Activity, reason: str, by: str, now: datetime) -> None:
    """The bureau's no, with the reason."""
    require(activity, ActivityState.SUBMITTED)
    activity.state, activity.note = ActivityState.DRAFT, require_reason(reason)
    activity.decided_by, activity.decided_at = by, now


def call_off(activity: Activity, reason: str, by: str, now: datetime) -> None:
    """It does not take place; whoever signed up reads why."""
    require(activity, ActivityState.DRAFT, ActivityState.SUBMITTED, ActivityState.PUBLISHED)
    activity.state, activity.note = ActivityState.CANCELLED, require_reason(reason)
    activity.decided_by, activity.decided_at = by, now


def set_headcount(activity: Activity, count: int | None, now: datetime) -> None:
    """What was counted at the door; None: the check-ins count."""
    require(activity, ActivityState.PUBLISHED)
    if activity.begins_at > now:
        raise ActivityError("活动还没有开始，开始后再登记人数", "headcount")
    if count is not None and not 0 <= count <= MOST_PEOPLE:
        raise ActivityError("人数请填 0 以上的数", "headcount")
    activity.headcount = count


def require(activity: Activity, *states: ActivityState) -> None:
    """ActivityError in any other state."""
    if activity.state not in states:
        raise ActivityError(f"现在的状态是“{STATE_WORDS[activity.state]}”，不能这样做；可能别人刚处理过，请刷新")


def require_reason(reason: str) -> str:
    """ActivityError for none."""
    if len(reason.strip()) < 2:
        raise ActivityError("请写明原因", "reason")
    return reason.strip()[:500]


def list_public(session: Session, now: datetime, count: int = MOST_SHOWN) -> list[Activity]:
    """What is still to come, soonest first."""
    wanted = select(Activity).where(Activity.state == ActivityState.PUBLISHED, Activity.ends_at > now)
    return list(session.scalars(wanted.order_by(Activity.begins_at, Activity.id).limit(count)))


def list_past(session: Session, now: datetime, count: int = 20) -> list[Activity]:
    """What was held, newest first."""
    wanted = select(Activity).where(Activity.state == ActivityState.PUBLISHED, Activity.ends_at <= now)
    return list(session.scalars(wanted.order_by(Activity.begins_at.desc(), Activity.id).limit(count)))


def find_public(session: Session, activity_id: int) -> Activity | None:
    """One that citizens may see; a published one that was called off too."""
    found = session.get(Activity, activity_id)
    was_public = found is not None and found.state in {ActivityState.PUBLISHED, ActivityState.CANCELLED}
    return found if was_public and found is not None and found.decided_at is not None else None


def list_for(session: Session, association_id: int | None, *, is_bureau: bool) -> list[Activity]:
    """For the console: all for the bureau, those that wait first; an association's own for its staff."""
    waits = Activity.state != ActivityState.SUBMITTED
    wanted = select(Activity).order_by(waits, Activity.begins_at.desc(), Activity.id.desc()).limit(MOST_SHOWN * 3)
    if not is_bureau:
        wanted = wanted.where(Activity.association_id == association_id)
    return list(session.scalars(wanted))


def turnouts(session: Session, activities: list[Activity]) -> dict[int, Turnout]:
    """By activity, in two queries."""
    ids = [one.id for one in activities]
    signed = count_by(session, ActivitySignUp, ids)
    came = count_by(session, ActivityCheckIn, ids)
    return {
        one.id: Turnout(
            signed.get(one.id, 0),
            came.get(one.id, 0),
            came.get(one.id, 0) if one.headcount is None else one.headcount,
        )
        for one in activities
    }


def count_by(session: Session, table: type[ActivitySignUp] | type[ActivityCheckIn], ids: list[int]) -> dict[int, int]:
    """Rows by activity; cancelled sign-ups count no more."""
    wanted = select(table.activity_id, func.count()).where(table.activity_id.in_(ids)).group_by(table.activity_id)
    if table is ActivitySignUp:
        wanted = wanted.where(ActivitySignUp.cancelled_at.is_(None))
    return {row[0]: row[1] for row in session.execute(wanted)}
