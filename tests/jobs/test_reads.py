"""WeChat's figures of reading: each day asked for once, refusals told, and what they add to the table."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from config.taking_part import load_taking_part
from jobs.reads import ReadClock
from models.article import Campaign
from models.reading import ArticleRead, ReadDay, ReadState
from models.send_words import SendChannel, SendState
from services.counting.addends import Addend
from services.counting.figures import Dimension, Measure, Period, collect, pivot
from services.counting.reads import tell_gaps
from services.counting.table import line_of, read_table
from tests.send_room import MONDAY, SHANGHAI, SendRoom
from tests.taking_part import add_association, add_campaign

PATH = "/datacube/getarticleread"
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
RULES = load_taking_part().counting


def clock_of(room: SendRoom) -> ReadClock:
    return ReadClock(room.database, room.gateway(), room.clock)


def go_to(room: SendRoom, day: int, hour: int) -> None:
    moment = datetime(2026, 11, day, hour, 0, tzinfo=SHANGHAI)
    room.pass_time(seconds=(moment - room.now).total_seconds())


def read(room: SendRoom, send_id: int, place: int, *readers: str) -> None:
    """Telephones open the page of an article."""
    for reader in readers:
        room.phone.set_cookie("simulator_openid", reader)
        assert room.phone.get(room.urls(send_id)[place].removeprefix(room.world.config.base_url)).status_code == 200


def send_two(room: SendRoom, channel: SendChannel = SendChannel.MASS) -> int:
    """Two articles of a campaign, the second by an association, sent on the second of November."""
    room.follower("王奶奶")
    with room.database.write() as session:
        campaign_id = add_campaign(session, room.clock(), FIRST, LAST).id
        association_id = add_association(session, room.clock()).id
    articles = (
        room.article("网购退货三步走", campaign_id=campaign_id),
        room.article("老字号的诚信经", campaign_id=campaign_id, association_id=association_id),
    )
    send_id = room.schedule(channel=channel, articles=articles)
    room.pass_time(hours=2)
    room.step()
    assert room.state(send_id) is SendState.DONE
    return send_id


def coverage(room: SendRoom) -> tuple[int | None, list[Addend]]:
    """The number of the row, and its addends that are articles."""
    with room.database.read() as session:
        campaign = session.scalars(select(Campaign)).one()
        lines, addends = read_table(session, campaign, RULES, room.clock())
    found = [one for one in addends["coverage"] if one.source.startswith(("article:", "reads"))]
    return line_of(lines, "coverage").shown.numbers[0], found


@pytest.mark.parametrize("channel", [SendChannel.MASS, SendChannel.PUBLISH])
def test_each_day_is_asked_for_once_and_counts_in_table_and_figures(room: SendRoom, channel: SendChannel) -> None:
    send_id = send_two(room, channel)
    clock = clock_of(room)
    read(room, send_id, 0, "o1", "o2", "o2")
    go_to(room, 3, 7)
    assert clock.step() == 0
    assert room.calls(PATH) == 0, "before eight nothing is asked"
    read(room, send_id, 0, "o1")
    read(room, send_id, 1, "o3")
    go_to(room, 4, 8)
    assert clock.step() == 2
    assert clock.step() == clock_of(room).step() == 0
    assert room.calls(PATH) == 2
    total, articles = coverage(room)
    assert total == 4
    assert [one.numbers for one in articles] == [(3,), (1,)]
    assert articles[0].words == "《网购退货三步走》在微信的阅读人次"
    with room.database.read() as session:
        tallies = [one for one in collect(session, Period(FIRST, LAST)) if one.measure is Measure.READ]
        assert tell_gaps(session, FIRST, LAST) == []
    assert pivot(tallies, Dimension.DAY)[1] == [("2026-11-02", [2]), ("2026-11-03", [2])]
    assert pivot(tallies, Dimension.ASSOCIATION)[1] == [("本局或未载明", [3]), ("示范市餐饮行业协会", [1])]
    assert {one.channel for one in tallies} == {channel}


def test_a_refusal_is_told_and_asked_again_only_tomorrow(desk: SendRoom) -> None:
    send_id = send_two(desk)
    read(desk, send_id, 0, "o1")
    desk.fault(kind="errcode", errcode=48001, path=PATH, times=None)
    go_to(desk, 6, 9)
    clock = clock_of(desk)
    assert clock.step() == clock.step() == 0
    assert desk.calls(PATH) == 1, "four days are due, one refusal is enough"
    total, articles = coverage(desk)
    assert (total, articles[0].numbers) == (0, (None,))
    refused = "公众号没有这个接口的权限（48001）"
    assert articles[0].words.endswith(f"（4天没有数据：微信不给阅读数据：{refused}）")
    with desk.database.read() as session:
        assert tell_gaps(session, FIRST, LAST) == [f"11月2日至11月5日（4天）：微信不给阅读数据：{refused}"]
    desk.world.faults.clear()
    desk.pass_time(hours=25)
    assert clock.step() == 5
    assert coverage(desk)[1][0].numbers == (1,)


@pytest.mark.parametrize("code", [61500, 61501, 61503])
def test_a_day_that_is_not_ready_is_asked_for_an_hour_later(desk: SendRoom, code: int) -> None:
    send_id = send_two(desk)
    read(desk, send_id, 0, "o1")
    desk.fault(kind="errcode", errcode=code, path=PATH)
    go_to(desk, 3, 9)
    clock = clock_of(desk)
    assert clock.step() == clock.step() == 0
    with desk.database.read() as session:
        assert tell_gaps(session, FIRST, LAST) == [f"11月2日：微信还没有算好这一天的阅读数据（{code}）"]
    desk.pass_time(minutes=61)
    assert clock.step() == 1
    assert coverage(desk)[1][0].numbers == (1,)


def test_figures_that_are_still_counted_are_replaced_not_added(desk: SendRoom) -> None:
    send_two(desk)
    go_to(desk, 3, 9)
    clock = clock_of(desk)
    data_id = next(one.data_id for one in desk.world.state.articles.values() if one.data_id)
    late = {"list": [{"ref_date": "2026-11-02", "msgid": f"{data_id}_1", "detail": {"read_user": 5}}], "is_delay": True}
    clock.gateway.post = lambda *_, **__: late
    assert clock.step() == 1
    late["list"] = [{"ref_date": "2026-11-02", "msgid": f"{data_id}_1", "detail": {"read_user": 7}}, {"msgid": "x"}]
    late["is_delay"] = False
    assert clock.step() == 0
    desk.pass_time(hours=2)
    assert clock.step() == 1
    assert coverage(desk)[1][0].numbers == (7,)
    with desk.database.read() as session:
        assert [one.readers for one in session.scalars(select(ArticleRead))] == [7]
        assert [one.state for one in session.scalars(select(ReadDay))] == [ReadState.TOLD]


def test_without_a_send_nothing_is_asked(desk: SendRoom) -> None:
    assert desk.now == MONDAY
    assert clock_of(desk).step() == 0
    assert desk.calls(PATH) == 0
