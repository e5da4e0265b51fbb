"""The pure rules of articles: the way through four pairs of eyes, what stands against a text and where, clean HTML."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from config.campaigns import load_campaign_rules
from models.campaign_words import ArticleAction, ArticleState, ArticleType, LinkState
from models.role import Role
from services.campaigns.article_facts import ArticleFacts, CampaignFacts, FirmFacts, LinkFacts, PictureFacts
from services.campaigns.checks import Weight, check, split
from services.campaigns.guarding import reached_day
from services.campaigns.markup import TAGS, Shown, find_links, plain_text, read_blocks, to_html, to_wechat
from services.campaigns.words import Listed, find_words, merge_words, shipped_words
from services.campaigns.workflow import (
    ASSOCIATION,
    BUREAU,
    TABLE,
    Facts,
    Hand,
    Refusal,
    decide,
    list_actions,
    may_edit,
    waits_for,
)

A, S = ArticleAction, ArticleState
LIMITS = load_campaign_rules().limits
EDITOR, HEAD = Hand("staff:1", frozenset({Role.ASSOCIATION}), 7), Hand("staff:2", frozenset({Role.ASSOCIATION_HEAD}), 7)
REVIEWER, PUBLISHER = Hand("staff:3", frozenset({Role.CAMPAIGN})), Hand("staff:4", frozenset({Role.PUBLISHER}))
DRAFT = Facts(S.DRAFT, 7, frozenset({"staff:1"}))
CAMPAIGN = CampaignFacts("诚信兴商宣传月", "诚实经营、守信服务", has_logo=True)
GOOD = ArticleFacts(
    type=ArticleType.PLAIN,
    title="二十三家企业签下承诺",
    digest="承诺写明三件事",
    author="示范协会",
    body="第一段。\n\n第二段说明怎么退卡。",
    source="",
    markup="<p>第一段。</p>",
    pictures=(PictureFacts(5, "签约现场", 100_000, is_cover=True),),
)


def codes(facts: ArticleFacts, weight: Weight = Weight.REFUSE) -> list[str]:
    return [one.code for one in check(facts, LIMITS) if one.weight is weight]


def step(facts: Facts, action: ArticleAction, hand: Hand, comment: str = "") -> Facts:
    """The article after the step."""
    line = decide(action, facts, hand, comment)
    submitted = hand.key if action is A.SUBMIT else facts.submitted_by
    return replace(facts, state=line.target, last_by=hand.key, last_action=action, submitted_by=submitted)


# The way.


def test_an_article_of_an_association_passes_four_persons() -> None:
    facts = DRAFT
    way = ((A.SUBMIT, EDITOR), (A.PASS_HEAD, HEAD), (A.PASS_BUREAU, REVIEWER), (A.APPROVE, PUBLISHER))
    for action, hand in way:
        facts = step(facts, action, hand)
    assert facts.state is S.APPROVED


def test_no_road_leads_to_the_public_without_three_reviews_of_an_association_and_two_of_the_bureau() -> None:
    for owner, least in ((ASSOCIATION, 4), (BUREAU, 3)):
        edges = [(line.source, line.target) for line in TABLE if line.owner in {"", owner}]
        reached, steps = {S.DRAFT}, 0
        while S.APPROVED not in reached:
            reached, steps = reached | {target for source, target in edges if source in reached}, steps + 1
        assert steps == least
    into = [line for line in TABLE if line.target is S.APPROVED]
    assert [(line.action, line.source, line.who) for line in into] == [
        (A.APPROVE, S.WITH_PUBLISHER, frozenset({Role.PUBLISHER}))
    ]


@pytest.mark.parametrize(("before", "after"), list(pairwise((A.SUBMIT, A.PASS_HEAD, A.PASS_BUREAU, A.APPROVE))))
def test_nobody_takes_two_steps_that_follow_each_other(before: ArticleAction, after: ArticleAction) -> None:
    sources = {line.action: line.source for line in TABLE if line.owner in {"", ASSOCIATION}}
    everything = Hand("staff:9", frozenset(Role), 7)
    facts = replace(DRAFT, state=sources[after], last_by="staff:9", last_action=before)
    with pytest.raises(Refusal) as refused:
        decide(after, facts, everything)
    assert refused.value.code == "other_person"
    assert decide(after, replace(facts, last_by="staff:8"), everything).action is after


def test_who_wrote_it_never_passes_it_even_if_somebody_else_handed_it_in() -> None:
    facts = replace(DRAFT, state=S.WITH_HEAD, writers=frozenset({"staff:2"}), last_by="staff:1", last_action=A.SUBMIT)
    with pytest.raises(Refusal, match="not_writer"):
        decide(A.PASS_HEAD, facts, HEAD)
    assert not waits_for(facts, HEAD)
    assert waits_for(replace(facts, writers=frozenset()), HEAD)


@pytest.mark.parametrize(
    ("action", "state", "hand", "code"),
    [
        (A.PASS_HEAD, S.WITH_HEAD, replace(HEAD, association_id=8), "not_theirs"),
        (A.PASS_HEAD, S.WITH_HEAD, replace(HEAD, association_id=None), "not_theirs"),
        (A.SUBMIT, S.DRAFT, REVIEWER, "not_allowed"),
        (A.APPROVE, S.WITH_BUREAU, PUBLISHER, "wrong_state"),
        (A.RETURN, S.WITH_BUREAU, REVIEWER, "comment"),
        (A.WITHDRAW, S.APPROVED, PUBLISHER, "comment"),
        (A.RECALL, S.WITH_HEAD, replace(EDITOR, key="staff:6"), "submitter"),
    ],
)
def test_what_is_refused(action: ArticleAction, state: ArticleState, hand: Hand, code: str) -> None:
    facts = replace(DRAFT, state=state, last_by="staff:1", last_action=A.SUBMIT, submitted_by="staff:1")
    with pytest.raises(Refusal) as refused:
        decide(action, facts, hand)
    assert refused.value.code == code


def test_what_stands_against_it_stops_the_approval_and_only_the_approval() -> None:
    dirty = replace(DRAFT, refused_count=1)
    handed_in = step(dirty, A.SUBMIT, EDITOR)
    with_publisher = step(step(handed_in, A.PASS_HEAD, HEAD), A.PASS_BUREAU, REVIEWER)
    for facts, code in (
        (with_publisher, "unclean"),
        (replace(with_publisher, refused_count=0, unconfirmed_count=1), "unconfirmed"),
    ):
        with pytest.raises(Refusal, match=code):
            decide(A.APPROVE, facts, PUBLISHER)
    with pytest.raises(Refusal, match="incomplete"):
        decide(A.SUBMIT, replace(DRAFT, is_complete=False), EDITOR)


def test_only_drafts_are_written_in_and_only_by_their_own() -> None:
    assert may_edit(DRAFT, EDITOR)
    assert not may_edit(replace(DRAFT, state=S.WITH_HEAD), EDITOR)
    assert not may_edit(DRAFT, replace(EDITOR, association_id=8))
    assert not may_edit(DRAFT, REVIEWER)
    assert not may_edit(replace(DRAFT, association_id=None), EDITOR)
    assert list_actions(DRAFT, EDITOR) == {A.SUBMIT: "", A.DROP: ""}


# What stands against a text.


def test_a_good_article_has_nothing_against_it() -> None:
    assert check(GOOD, LIMITS) == []


def test_each_refusal_names_its_place() -> None:
    facts = replace(
        GOOD,
        title="最佳门店评选",
        body="开头。\n\n请打 13800005678 报名。\n\n老板的身份证11010519491231002X。\n\n[图99]",
        words=(Listed("最佳", "不能用于商品和服务", "广告法第九条第三项"),),
        links=(LinkFacts("https://a.example/x", LinkState.DEAD, "对方说没有这个页面"),),
    )
    words = "\n".join(one.words for one in check(facts, LIMITS) if one.weight is Weight.REFUSE)
    for place in (
        "正文第 2 段“13800005678”",
        "正文第 3 段“11010519491231002X”",
        "标题“最佳”",
        "［图99］",
        "https://a.example/x",
    ):
        assert place in words
    assert "广告法第九条第三项" in words


def test_sizes_are_those_of_wechat() -> None:
    assert codes(replace(GOOD, title="题" * 32, author="者" * 16, digest="摘" * 128, markup="字" * 19_999)) == []
    over = replace(GOOD, title="题" * 33, author="者" * 17, digest="摘" * 129, markup="字" * 20_000)
    assert codes(over) == ["too_long"] * 4
    assert codes(replace(GOOD, markup="<p>" + "a" * (1 << 20))) == ["too_long"]
    assert codes(replace(GOOD, pictures=())) == ["no_cover"]
    assert codes(replace(GOOD, pictures=(PictureFacts(5, " ", 1_000_001, is_cover=True),))) == ["no_alt", "picture_big"]


def test_an_item_of_a_campaign_bears_theme_and_logo() -> None:
    bare = replace(GOOD, campaign=CAMPAIGN)
    assert codes(bare) == ["no_theme", "no_logo"]
    assert codes(replace(bare, bears_theme=True, bears_logo=True)) == []
    assert codes(replace(bare, bears_logo=True, body=f"今年的主题是{CAMPAIGN.theme}。")) == []
    assert codes(replace(bare, bears_theme=True, bears_logo=True, campaign=replace(CAMPAIGN, has_logo=False))) == [
        "logo_missing"
    ]
    assert codes(replace(GOOD, running=CAMPAIGN), Weight.WARN) == ["not_of_campaign"]


@pytest.mark.parametrize(
    ("polarity", "has_negative", "weight", "expected"),
    [
        ("negative", False, Weight.REFUSE, ["no_record"]),  # none, repaired, withdrawn, over
        ("negative", True, Weight.REFUSE, []),
        ("positive", True, Weight.CONFIRM, ["praised"]),
        ("neutral", True, Weight.CONFIRM, []),
    ],
)
def test_a_firm_is_blamed_only_with_a_record_in_force(
    polarity: str, has_negative: bool, weight: Weight, expected: list[str]
) -> None:
    firm = FirmFacts("长沙云朵岸洗衣服务有限公司", polarity, has_negative, ("云朵岸",))
    facts = replace(GOOD, body="云朵岸收钱关门。", firms=(firm,))
    assert codes(facts, weight) == expected
    if expected == ["no_record"]:
        assert "正文第 1 段" in check(facts, LIMITS)[0].words


def test_a_bad_case_without_its_firm_is_refused_and_a_firm_that_is_not_there_is_asked_about() -> None:
    assert codes(replace(GOOD, type=ArticleType.BAD_CASE)) == ["no_firm"]
    assert codes(replace(GOOD, firms=(FirmFacts("别的公司", "neutral", False),)), Weight.WARN) == ["not_named"]


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("电话13812345678", Weight.REFUSE),
        ("电话一三八一二三四五六七八", Weight.REFUSE),
        ("协会电话0731-85550000", Weight.CONFIRM),
        ("邮箱 a@b.example", Weight.CONFIRM),
        ("消费者王小明反映退卡难。", Weight.CONFIRM),
        ("消费者王某反映退卡难。", None),
        ("消费者王女士反映退卡难。", None),
        ("拨打12345投诉。", None),
        ("统一社会信用代码91430100DEM0HR03K7", None),
    ],
)
def test_what_is_of_a_person(text: str, weight: Weight | None) -> None:
    found = [one.weight for one in check(replace(GOOD, body=text), LIMITS) if one.code == "personal"]
    assert found == ([weight] if weight else [])


def test_an_unknown_link_is_unknown_and_a_figure_wants_its_source() -> None:
    unknown = replace(GOOD, links=(LinkFacts("https://a.example/", LinkState.UNKNOWN, "很久没有回答"),))
    (finding,) = check(unknown, LIMITS)
    assert (finding.weight, "很久没有回答" in finding.words) == (Weight.CONFIRM, True)
    assert split([finding], frozenset()) == (0, 1)
    assert split([finding], frozenset({finding.key})) == (0, 0)
    figures = replace(GOOD, body="投诉下降42%，新增 23 家。")
    assert codes(figures, Weight.WARN) == ["no_source"]
    assert codes(replace(figures, source="市局统计"), Weight.WARN) == []


# Words.


def test_the_longest_word_wins_blanks_do_not_hide_it_and_exceptions_hold() -> None:
    words = (Listed("最佳", "", ""), Listed("最佳实践", "", "", is_used=False), Listed("最佳门店", "", ""))
    found = [(hit.listed.word, hit.start) for hit in find_words("最佳实践和最 佳，最佳门店", words)]
    assert found == [("最佳", 5), ("最佳门店", 9)]


def test_the_bureaus_own_word_stands_before_the_one_of_the_program() -> None:
    shipped = shipped_words()
    assert len(shipped) > 20
    assert all(one.word and one.source for one in shipped)
    own = Listed(shipped[0].word, "自己的", "", is_used=False)
    merged = merge_words(shipped, [own])
    assert len(merged) == len(shipped)
    assert own in merged


# The text.


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[点](javascript:alert(1))",
        '[点](https://a.example/"onmouseover="alert(1))',
        "**<iframe src=//a.example></iframe>**",
        "# <style>*{display:none}</style>",
        "- <a href='data:text/html,x'>x</a>",
    ],
)
def test_no_text_becomes_more_than_words(hostile: str) -> None:
    pictures = {1: Shown("/p/1", 'a" onload="alert(1)')}
    for shown in (to_html(f"{hostile}\n\n[图1]", pictures), to_wechat(f"{hostile}\n\n[图1]", pictures)):
        reader = TagReader()
        reader.feed(shown)
        assert reader.tags <= TAGS
        assert {name for name, _ in reader.attributes} <= {"href", "rel", "src", "alt", "style"}
        addresses = [value or "" for name, value in reader.attributes if name in {"href", "src"}]
        assert all(address.startswith(("https://", "/p/")) for address in addresses)


class TagReader(HTMLParser):
    """What a browser would make of it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs


def test_marks_become_blocks_that_are_counted_as_a_reader_counts() -> None:
    body = "# 标题\n第一段\n第二行\n- 甲\n- 乙\n\n1. 子\n2、丑\n\n> 引用\n\n[图3]\n---\n尾"
    assert [(block.kind.value, block.number) for block in read_blocks(body)] == [
        ("h2", 1),
        ("p", 2),
        ("ul", 3),
        ("ol", 4),
        ("blockquote", 5),
        ("figure", 6),
        ("hr", 7),
        ("p", 8),
    ]
    assert plain_text("**粗** [文](https://a.example/)\n\n[图3]") == "粗 文"
    assert find_links("见https://a.example/x。[再](https://b.example/y)，https://a.example/x") == [
        "https://a.example/x",
        "https://b.example/y",
    ]


def test_wechat_gets_styles_and_no_links_and_pages_get_links_and_no_styles() -> None:
    body = "看[这里](https://a.example/x)"
    assert "看这里（https://a.example/x）" in to_wechat(body, {})
    assert "<a" not in to_wechat(body, {})
    assert 'href="https://a.example/x"' in to_html(body, {})
    assert "style" not in to_html(body, {})


# Fourteen days.


@pytest.mark.parametrize(("day", "reached"), [(9, None), (10, 10), (12, 10), (13, 13), (14, 13), (40, 13)])
def test_the_guard_warns_on_the_tenth_and_thirteenth_day(day: int, reached: int | None) -> None:
    assert (
        reached_day(date(2026, 11, 1), date(2026, 11, 1 + day) if day < 29 else date(2026, 12, 11), (10, 13)) == reached
    )
