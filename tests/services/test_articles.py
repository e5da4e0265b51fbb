"""Articles in the tables: nothing typed is lost, nothing stands for citizens that must not, silence is told of."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models.article import Article, ArticleLink, ArticlePicture, ArticleVersion, CampaignAlert
from models.audit import Act, AuditEntry
from models.campaign_words import AlertKind, ArticleAction, ArticleState, Column, LinkState
from models.database import Database
from models.listing import Listing
from models.record import Polarity
from services.campaigns.articles import (
    ConflictError,
    Written,
    find_readable,
    mark_posted,
    name_firm,
    newest,
    save_article,
    written_of,
)
from services.campaigns.guarding import list_alerts, watch_hidden, watch_posts
from services.campaigns.looking import compose_wechat, find_not_uploaded
from services.campaigns.steps import StepError, Taken, find_article, list_waiting, take_step
from services.campaigns.years import (
    CampaignError,
    CampaignWords,
    days_of_year,
    find_running,
    list_days,
    save_campaign,
    seed_days,
)
from tests.factories import make_enterprise, make_listing
from tests.press_room import BOSS, Press

A = ArticleAction


@pytest.fixture
def press(database: Database, tmp_path: Path, now: object) -> Press:
    return Press(database, tmp_path, now)  # type: ignore[arg-type]


def change(article: Article, **parts: object) -> Written:
    return Written(**(vars(written_of(article)) | parts))  # type: ignore[arg-type]


def test_the_whole_way_ends_where_citizens_read_and_is_written_down(press: Press) -> None:
    with press.database.write() as session:
        article = press.write(session, "第一段。\n\n见 https://a.example/x")
        link = session.scalars(select(ArticleLink)).one()
        link.state = LinkState.ALIVE
        assert newest(session, press.today) == []
        assert list_waiting(session, press.hand("huizhang")) == []
        press.publish(session, article, 1)
        assert list_waiting(session, press.hand("huizhang")) == [article]
        press.publish(session, article, 0)
        for action, login in ((A.PASS_HEAD, "huizhang"), (A.PASS_BUREAU, "xuanchuan"), (A.APPROVE, "fabu")):
            press.take(session, article, action, login)
        assert newest(session, press.today, column=Column.NEWS) == [article]
        assert newest(session, press.today, column=Column.IMPACT) == []
        assert find_readable(session, article.id, press.today) is article
        acts = session.scalars(select(AuditEntry).where(AuditEntry.act == Act.ARTICLE_STEP)).all()
        assert [entry.details["步骤"] for entry in acts] == ["送审", "负责人同意", "审核通过", "批准发布"]
        press.take(session, article, A.WITHDRAW, "xuanchuan", "内容过时")
        assert newest(session, press.today) == []


def test_two_who_save_at_once_lose_nothing(press: Press) -> None:
    with press.database.write() as session:
        article = press.write(session)
        first, mine, theirs = article.version, change(article, body="我的"), change(article, body="对方的")
        assert save_article(session, article, theirs, first, "staff:9", now=press.now)
        with pytest.raises(ConflictError) as conflict:
            save_article(session, article, mine, first, press.key("xiehui"), now=press.now)
        assert (conflict.value.version, conflict.value.by) == (article.version, "staff:9")
        assert save_article(session, article, mine, conflict.value.version, press.key("xiehui"), now=press.now)
        bodies = [
            one.content["body"] for one in session.scalars(select(ArticleVersion).order_by(ArticleVersion.number))
        ]
        assert bodies == ["说明怎么退卡。", "对方的", "我的"]


def test_automatic_savings_of_one_sitting_are_one_version_and_never_replace_anothers(press: Press) -> None:
    with press.database.write() as session:
        article = press.write(session)
        me = press.key("xiehui")

        def save(body: str, by: str, minutes: int) -> None:
            at = press.now + timedelta(minutes=minutes)
            save_article(session, article, change(article, body=body), article.version, by, now=at, is_automatic=True)

        for minutes, body in enumerate(("一", "一二", "一二三")):
            save(body, me, minutes)
        save("别人的", "staff:9", 4)
        save("又是我", me, 5)
        save("很久以后", me, 30)
        bodies = [
            one.content["body"] for one in session.scalars(select(ArticleVersion).order_by(ArticleVersion.number))
        ]
        assert bodies == ["说明怎么退卡。", "一二三", "别人的", "又是我", "很久以后"]


def test_the_approval_names_what_must_be_mended_and_what_must_be_looked_at(press: Press) -> None:
    with press.database.write() as session:
        press.start_campaign(session)
        running = find_running(session, press.today)
        assert running is not None
        article = press.write(session, "打13812345678，见 https://a.example/x", campaign_id=running.id)
        press.publish(session, article, 3)
        with pytest.raises(StepError) as refused:
            press.take(session, article, A.APPROVE, "fabu")
        assert refused.value.code == "unclean"
        assert {one.code for one in refused.value.findings if one.weight == "refuse"} == {
            "personal",
            "no_theme",
            "no_logo",
        }
        press.take(session, article, A.RETURN, "fabu", "请改")
        better = change(article, body="见 https://a.example/x", bears_theme=True, bears_logo=True)
        save_article(session, article, better, article.version, press.key("xiehui"), now=press.now)
        press.publish(session, article, 3)
        with pytest.raises(StepError) as unseen:
            press.take(session, article, A.APPROVE, "fabu")
        assert unseen.value.code == "unconfirmed"
        keys = frozenset(one.key for one in unseen.value.findings if one.weight == "confirm")
        hand = press.hand("fabu")
        silent = Taken(A.APPROVE, article.version, "", keys)
        with pytest.raises(StepError, match="理由"):
            take_step(session, article, silent, hand, BOSS, now=press.now, rules=press.rules)
        taken = Taken(A.APPROVE, article.version, "我打开看过", keys)
        step = take_step(session, article, taken, hand, BOSS, now=press.now, rules=press.rules)
        assert (article.state, step.confirmed) == (ArticleState.APPROVED, sorted(keys))
        text = compose_wechat(session, article)
        assert "诚实经营、守信服务" in text
        assert text.count("<img") == 1  # the logo


def test_an_old_page_cannot_approve_what_was_changed(press: Press) -> None:
    with press.database.write() as session:
        article = press.write(session)
        taken = Taken(A.SUBMIT, article.version - 1)
        with pytest.raises(StepError, match="刷新"):
            take_step(session, article, taken, press.hand("xiehui"), BOSS, now=press.now, rules=press.rules)


def test_an_article_about_a_firm_goes_with_the_record_that_carries_it(press: Press) -> None:
    with press.database.write() as session:
        firm = make_enterprise(session, "长沙云朵岸洗衣服务有限公司")
        article = press.write(session, "长沙云朵岸洗衣服务有限公司收钱关门。")
        name_firm(session, article, firm.id, Polarity.NEGATIVE)
        press.publish(session, article, 3)
        with pytest.raises(StepError):
            press.take(session, article, A.APPROVE, "fabu")
        listing = make_listing(session, firm)
        press.take(session, article, A.APPROVE, "fabu")
        assert newest(session, press.today) == [article]
        assert watch_hidden(session, press.now) == 0
        session.get_one(Listing, listing.id).withdrawn_on = press.today  # repaired
        session.flush()
        assert newest(session, press.today) == []
        assert find_readable(session, article.id, press.today) is None
        assert [watch_hidden(session, press.now) for _ in range(2)] == [1, 0]


def test_silence_is_told_of_on_the_tenth_and_on_the_thirteenth_day_once_each(press: Press) -> None:
    with press.database.write() as session:
        article = press.publish(session, press.write(session))
        mark_posted(session, article, press.now)
        told = [watch_posts(session, press.rules, press.now + timedelta(days=day)) for day in range(16)]
        assert [day for day, count in enumerate(told) if count] == [10, 13]
        assert {one.kind for one in list_alerts(session, None)} == {AlertKind.POST_GAP}
        assert "10 天" in session.scalars(select(CampaignAlert).order_by(CampaignAlert.id)).first().text  # type: ignore[union-attr]
        assert list_alerts(session, press.associations[0]) == []


def test_a_picture_that_is_not_at_wechat_yet_is_waited_for(press: Press) -> None:
    with press.database.write() as session:
        article = press.write(session)
        cover = session.scalars(select(ArticlePicture)).one()
        assert find_not_uploaded(session, article) == [cover]
        cover.wechat_media_id = "M"
        assert find_not_uploaded(session, article) == []
        article.body = f"[图{cover.id}]"
        assert find_not_uploaded(session, article) == [cover]
        cover.wechat_url = "https://mmbiz.qpic.cn/x"
        assert find_not_uploaded(session, article) == []


def test_nobody_of_another_association_finds_it(press: Press) -> None:
    with press.database.write() as session:
        article = press.write(session)
        found = {login: find_article(session, article.id, press.hand(login)) for login in press.ids}
    assert [login for login, one in found.items() if one is None] == ["bieren"]


def test_a_campaign_is_data_and_its_deadline_stands_in_the_calendar(press: Press) -> None:
    with press.database.write() as session:
        assert seed_days(session) > 10
        assert seed_days(session) == 0
        campaign = press.start_campaign(session)
        said = CampaignWords(2026, "诚信兴商宣传月", "又一个", campaign.starts_on, campaign.ends_on)
        with pytest.raises(CampaignError, match="已有"):
            save_campaign(session, None, said, BOSS, press.now)
        early = CampaignWords(2026, "另一个", "主题", campaign.starts_on, campaign.starts_on - timedelta(days=1))
        with pytest.raises(CampaignError, match="结束日期"):
            save_campaign(session, None, early, BOSS, press.now)
        campaign.summary_due_on = press.today + timedelta(days=5)
        days = {one.title: one for one in days_of_year(list_days(session), [campaign], 2026)}
        assert days["信用消费进万家主题日"].first.isoformat() == "2026-09-28"
        assert days["诚信兴商宣传月总结和活动统计表"].first == campaign.summary_due_on
        assert days["诚信兴商宣传月"].is_month
        assert "诚信兴商宣传月" not in {one.title for one in days_of_year(list_days(session), [], 2027)}
