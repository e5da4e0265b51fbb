"""Quiet hours, lateness, months, slots, a clock that jumps: arithmetic."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from config.sending import load_sending_rules
from models.send_words import WishKind
from services.campaigns.notice_fields import fill_fields, shorten
from services.campaigns.pace import refill
from services.campaigns.slots import Slot, Wish, plan_slots
from services.campaigns.timing import (
    SHANGHAI,
    ClockWatch,
    Verdict,
    bounds_of,
    end_of_quiet,
    is_quiet,
    judge,
    month_of,
    move_month,
    slots_of,
)

RULES = load_sending_rules()  # 21:00 to 08:00, three hours
DAY = date(2026, 11, 20)


def at(text: str) -> datetime:
    return datetime.combine(DAY, time.fromisoformat(text), SHANGHAI)


@pytest.mark.parametrize(
    ("hour", "quiet"), [("07:59", True), ("08:00", False), ("20:59", False), ("21:00", True), ("00:00", True)]
)
def test_quiet_hours_run_over_midnight(hour: str, quiet: bool) -> None:
    assert is_quiet(at(hour), RULES) is quiet
    assert is_quiet(at(hour).astimezone(UTC), RULES) is quiet


def test_the_end_of_the_quiet_hours() -> None:
    assert end_of_quiet(at("12:00"), RULES) == at("12:00")
    assert end_of_quiet(at("03:00"), RULES) == at("08:00")
    assert end_of_quiet(at("22:00"), RULES) == at("08:00") + timedelta(days=1)


@pytest.mark.parametrize(
    ("due", "now", "verdict"),
    [
        ("10:00", "09:59", Verdict.WAIT),
        ("10:00", "10:00", Verdict.GO),
        ("10:00", "13:00", Verdict.GO),
        ("10:00", "13:01", Verdict.TOO_LATE),
        ("20:30", "20:59", Verdict.GO),
        ("20:30", "21:00", Verdict.NIGHT),
        ("06:30", "07:00", Verdict.WAIT),  # the quiet hours end in time
        ("06:30", "08:00", Verdict.GO),
        ("04:30", "05:00", Verdict.NIGHT),
    ],
)
def test_the_verdict_on_what_disturbs(due: str, now: str, verdict: Verdict) -> None:
    assert judge(at(due), at(now), RULES, disturbs=True) is verdict


def test_what_rings_nowhere_may_go_out_at_night() -> None:
    assert judge(at("22:00"), at("22:30"), RULES, disturbs=False) is Verdict.GO


def test_months_are_counted_in_china() -> None:
    assert month_of(datetime(2026, 11, 30, 16, 0, tzinfo=UTC)) == "2026-12"
    assert month_of(datetime(2026, 11, 30, 15, 59, tzinfo=UTC)) == "2026-11"
    assert (move_month("2026-12", 1), move_month("2026-01", -1)) == ("2027-01", "2025-12")
    assert bounds_of("2026-12")[1] == datetime(2027, 1, 1, tzinfo=SHANGHAI)
    assert [one.day for one in slots_of("2026-02", RULES.model_copy(update={"slot_days": [5, 29, 30, 31]}))] == [5, 28]


def test_a_clock_that_jumps_is_noticed_and_a_slow_one_is_not() -> None:
    watch = ClockWatch()
    assert watch.jump(at("10:00"), 100.0) == timedelta()
    assert watch.jump(at("10:05"), 400.0) == timedelta()
    assert watch.jump(at("10:06"), 430.0) == timedelta()  # half a minute apart
    assert watch.jump(at("11:06"), 430.0) == timedelta(hours=1)  # set on, or asleep
    assert watch.jump(at("09:06"), 430.0) == timedelta(hours=-2)
    assert watch.jump(at("09:07"), 490.0) == timedelta()


def wish(
    number: int, kind: WishKind = WishKind.ASSOCIATION, association: int | None = None, days: str = "1-30"
) -> Wish:
    first, last = (date(2026, 11, int(day)) for day in days.split("-"))
    asked = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(hours=number)
    return Wish(number, kind, association, first, last, asked)


def placed(slots: list[Slot]) -> dict[int, list[int]]:
    return {slot.at.day: [one.id for one in slot.wishes] for slot in slots if slot.wishes}


def slots(*taken: int) -> list[Slot]:
    return [Slot(moment, count) for moment, count in zip(slots_of("2026-11", RULES), taken, strict=True)]


def test_the_law_goes_first_then_the_bureau_then_who_had_none_longest() -> None:
    wishes = [
        wish(1, association=7),
        wish(2, association=8),
        wish(3, association=9),
        wish(4, WishKind.BUREAU),
        wish(5, WishKind.LEGAL),
    ]
    turns = {7: date(2026, 10, 26), 8: date(2026, 9, 5)}  # 9 never had one
    plan = plan_slots(slots(0, 0, 0, 0), wishes, turns, 2)
    assert placed(plan.slots) == {5: [5, 4], 12: [3, 2], 19: [1]}
    assert plan.left == []


def test_one_association_does_not_take_two_before_another_has_one() -> None:
    wishes = [wish(number, association=7) for number in (1, 2, 3)] + [wish(9, association=8)]
    plan = plan_slots(slots(0, 0, 0, 0), wishes, {}, 1)
    assert placed(plan.slots) == {5: [1], 12: [9], 19: [2], 26: [3]}


def test_up_to_eight_are_merged_and_wishes_keep_their_days() -> None:
    wishes = [wish(number, association=number) for number in range(1, 7)] + [wish(8, WishKind.LEGAL, days="19-19")]
    plan = plan_slots(slots(6, 8, 8, 7), wishes, {}, RULES.most_articles)
    assert placed(plan.slots) == {5: [1, 2], 26: [3]}
    assert [one.id for one in plan.left] == [8, 4, 5, 6], "the legal one has a single day, which is full"


def test_the_bucket_fills_by_the_second_and_not_by_a_clock_set_back() -> None:
    assert refill(0.0, at("10:00"), at("10:00") + timedelta(seconds=0.5), 100, 20) == 20
    assert refill(0.0, at("10:00"), at("10:00") + timedelta(seconds=0.1), 100, 20) == 10
    assert refill(5.0, at("10:00"), at("09:00"), 100, 20) == 5


def test_a_notice_is_filled_within_its_lengths() -> None:
    content = "活动名称：{{thing1.DATA}}\n内容：{{thing2.DATA}}\n状态：{{phrase3.DATA}}\n时间：{{time4.DATA}}"
    filled = fill_fields(content, ["网络购物退货退款维权三步走完整指南（2026年版）", ""], at("10:00"))
    assert filled == {
        "thing1": "网络购物退货退款维权三步走完整指南（2…",
        "thing2": "请点开查看",
        "phrase3": "已发布",
        "time4": "2026年11月20日 10:00",
    }
    assert len(filled["thing1"]) == 20
    assert shorten("a  b", 20) == "a b"
