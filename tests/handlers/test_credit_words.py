"""How each outcome of a search is worded, and what the handlers take for a question."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.conversation import Conversation
from bot.messages import Inbound, Kind
from bot.replies import Text
from bot.router import Turn
from config.bureau import load_bureau
from handlers import credit, followups
from models.enterprise import NameKind, Status
from models.follower import Follower
from models.record import InfoClass
from services.credit.answers import Answer
from services.credit.blocks import Block, BlockState, Item, Section
from services.credit.report import Report
from services.credit.words import BLOCK_WORDS
from services.desk import Desk
from services.enterprises.finding import Candidate, Finding, Reason, Verdict
from services.enterprises.index import NameIndex
from tests.citizen import LINE, plain

NAMES = ["长沙甲食品有限公司", "湘潭甲食品有限公司", "株洲甲食品有限公司", "衡阳甲食品有限公司", "岳阳甲食品有限公司"]


def make_turn(session: Session, now: datetime, folder: Path, text: str = "", kind: Kind = Kind.TEXT) -> Turn:
    """A message of a citizen who said nothing before."""
    message = Inbound(openid="o", account="gh", kind=kind, created_at=now, content=text)
    desk = Desk(load_bureau(), NameIndex(folder), "https://bureau.example.gov.cn")
    return Turn(session, message, Follower(), Conversation(), now, desk)


@pytest.fixture
def turn(session: Session, now: datetime, tmp_path: Path) -> Turn:
    return make_turn(session, now, tmp_path)


def candidates(count: int) -> list[Candidate]:
    """Firms of which only the register is known."""
    return [
        Candidate(number, name, f"91430100DEM0HR{number:02}0{number}", "湖南", name[:2], Status.DEREGISTERED, 0.9)
        for number, name in enumerate(NAMES[:count], 1)
    ]


def shown(reply: object) -> str:
    """The words of a text reply."""
    assert isinstance(reply, Text)
    assert len(reply.text.encode()) <= 2048
    return reply.text


@pytest.mark.parametrize(
    ("reason", "count", "told"),
    [
        (Reason.SAME_NAME, 3, "不止一家企业叫“长沙假食品”"),
        (Reason.SPELLING, 1, "没有找到“长沙假食品”。是不是："),
        (Reason.OTHER_REGION, 2, "长沙没有找到这个名称的企业。外地有名称相近的（可能不是您说的那家）："),
        (Reason.SIMILAR, 5, "您要查的是哪一家？点一下或回复数字："),
    ],
)
def test_choices_are_tappable_numbered_and_silent_about_records(
    turn: Turn, reason: Reason, count: int, told: str
) -> None:
    finding = Finding("长沙假食品", Verdict.CHOOSE, reason, candidates(count), 3000, "长沙")
    text = shown(credit.offer_choices(turn, finding))
    assert plain(text).startswith(told)
    lines = LINE.findall(text)
    assert [name for _, name in lines] == [
        f"{name}（{name[:2]} · 尾号 {number:02}0{number}）" for number, name in enumerate(NAMES[:count], 1)
    ]
    assert [address.split("msgmenuid=")[1] for address, _ in lines] == [
        f"pick%3A{number}" for number in range(1, count + 1)
    ]
    assert "注销" not in plain(text)
    assert [choice.enterprise_id for choice in turn.conversation.choices] == list(range(1, count + 1))


def test_a_code_slip_names_the_letters_only_when_one_was_written(turn: Turn) -> None:
    finding = Finding("91430100MA4L2K1X7O", Verdict.CHOOSE, Reason.CODE_SLIP, candidates(1))
    assert "代码里没有字母 O、I、S、V、Z" in shown(credit.offer_choices(turn, finding))
    finding = Finding("91430100MA4L2K1X71", Verdict.CHOOSE, Reason.CODE_SLIP, candidates(1))
    text = shown(credit.offer_choices(turn, finding))
    assert "可能写错了一位。是不是：" in text
    assert "字母" not in text


def test_part_of_a_name_is_not_called_a_slip(turn: Turn) -> None:
    finding = Finding("甲食品", Verdict.CHOOSE, Reason.SPELLING, candidates(1))
    text = plain(shown(credit.offer_choices(turn, finding)))
    assert "名称中有这几个字的是：" in text
    assert "差一个字" not in text


def test_the_name_by_which_a_firm_was_found_is_on_its_line(turn: Turn) -> None:
    former = Candidate(1, "甲公司", None, "湖南", "", Status.IN_FORCE, 0.9, "乙公司", NameKind.FORMER)
    assert credit.label_of(former) == "甲公司（湖南 · 曾用名“乙公司”）"
    unsaid = Candidate(1, "甲公司", None, "", "", Status.IN_FORCE, 0.9, "乙公司")
    assert credit.label_of(unsaid) == "甲公司（又名“乙公司”）"
    assert credit.label_of(Candidate(1, "甲公司", None, "", "", Status.IN_FORCE, 0.9)) == "甲公司"


@pytest.mark.parametrize(
    ("reason", "query", "told"),
    [
        (
            Reason.NOT_FOUND,
            "某某公司",
            "在本平台 1,993,910 家企业中没有找到“某某公司”。\n这不表示它不存在，也不表示信用好坏。",
        ),
        (Reason.CODE_UNKNOWN, "91110000600037341L", "没有找到代码 91110000600037341L"),
        (Reason.CODE_WRONG, "911100006000373419", "没有字母 O、I、S、V、Z"),
        (Reason.PERSON, "张建国", "为保护个人信息，这里不能查个人"),
    ],
)
def test_nothing_found_is_honest_and_shows_a_way_on(turn: Turn, reason: Reason, query: str, told: str) -> None:
    finding = Finding(query, Verdict.NONE, reason, [], 1_993_910)
    text = plain(shown(credit.answer_nothing(turn, finding)))
    assert told in text
    assert any(way in text for way in ("统一社会信用代码", "改发企业名称"))
    assert not turn.conversation.choices


def test_a_persons_name_is_not_repeated(turn: Turn) -> None:
    text = shown(credit.answer_nothing(turn, Finding("张建国", Verdict.NONE, Reason.PERSON)))
    assert "张建国" not in text
    assert "zxgk.court.gov.cn" in text


def test_suggestions_can_be_picked_like_choices(turn: Turn) -> None:
    finding = Finding("某某公司", Verdict.NONE, Reason.NOT_FOUND, candidates(3), 10)
    text = shown(credit.answer_nothing(turn, finding))
    assert "名称相近的有：" in text
    assert [label for address, label in LINE.findall(text) if "pick" in address] == [
        f"{name}（{name[:2]} · 尾号 0{number}0{number}）" for number, name in enumerate(NAMES[:3], 1)
    ]
    assert turn.conversation.pick(3) is not None


def test_hostile_words_stay_words(turn: Turn) -> None:
    finding = Finding('<a href="https://evil.example">点我</a>', Verdict.NONE, Reason.NOT_FOUND)
    text = shown(credit.answer_nothing(turn, finding))
    assert '<a href="https://evil' not in text
    assert text.count("<a ") == 2  # ours


def long_item(title: str) -> Item:
    """As wordy as records get."""
    return Item(
        title=title,
        content="",
        document_number="湘商罚失信〔2026〕128号",
        authority="湖南省长沙市商务局（市粮食和物资储备局）",
        source_unit="湖南省公共信用信息中心",
        legal_basis="《中华人民共和国某某法》第二十三条第一款第（三）项；" * 12,
        decided_on=date(2026, 10, 31),
        valid_until=date(2028, 12, 31),
        published_until=date(2029, 10, 31),
        data_on=date(2026, 11, 19),
    )


def test_the_longest_card_still_fits_a_phone() -> None:
    blocks = tuple(
        Block(
            key=key,
            word=word,
            state=BlockState.FOUND,
            items=tuple(long_item(f"{word}（某某某某某某领域第{number}批）") for number in range(9)),
            source_unit="湖南省公共信用信息中心",
            data_on=date(2026, 11, 19),
        )
        for key, word in BLOCK_WORDS.items()
    )
    report = Report(
        enterprise_id=1,
        name="湖南" + "某" * 40 + "有限公司湘潭分公司",
        credit_code="91430100MA4L2K1X70",
        status=Status.REVOKED,
        status_word="已吊销",
        kind="",
        registered_on=None,
        province="内蒙古",
        city="乌兰察布",
        address="",
        capital="",
        scope="",
        other_names=(),
        parent_name="湖南" + "某" * 40 + "有限公司",
        register_source="湖南省市场监督管理局",
        register_data_on=date(2026, 11, 2),
        sections=(Section(InfoClass.ADMINISTRATIVE, "行政管理信用信息", blocks),),
        composed_on=date(2026, 11, 20),
    )
    url = "https://credit.commerce.some-long-city.gov.cn/h5/enterprises/1234567"
    answer = Answer("CX202611204301000123456789", "ALFJSYBCG", datetime(2026, 11, 20, 10, 0, tzinfo=UTC))
    proof = {"answer": answer, "check_url": f"https://credit.commerce.some-long-city.gov.cn{answer.path}"}
    text = credit.write_card(report, url, proof, "“某某某”是它的简称。", asked_by_old_word=True)
    assert len(text.encode()) <= 2048
    assert plain(text).count("\n") < 20
    assert len(plain(text)) <= 600
    assert "行政处罚 9 条\n" in text
    assert "依据：《中华人民共和国某某法》" in text


def test_a_long_story_is_repeated_in_part_only(turn: Turn) -> None:
    text = plain(shown(credit.answer_nothing(turn, Finding("长" * 900, Verdict.NONE, Reason.NOT_FOUND))))
    assert "长" * credit.LONGEST_ECHO + "…" in text
    assert len(text) < 300


@pytest.mark.parametrize(
    ("words", "blocks"),
    [
        ("红名单吗", ("red",)),
        ("它是红名单吗", ("red",)),
        ("在不在红名单上", ("red",)),
        ("在黑名单吗", ("black", "court")),
        ("这家公司在失信名单上吗", ("black", "court")),
        ("有没有失信记录", ("black", "court")),
        ("失信吗", ("black", "court")),
        ("是不是老赖", ("court",)),
        ("是失信被执行人吗", ("court",)),
        ("被处罚过吗", ("penalty",)),
        ("有没有行政处罚", ("penalty",)),
        ("那它受过什么处罚", ("penalty",)),
        ("处罚记录", ("penalty",)),
        ("查一下处罚", ("penalty",)),
        ("行政许可有哪些", ("licence",)),
        ("有许可证吗", ("licence",)),
        ("有荣誉吗", ("honour", "demonstration", "red")),
        ("有没有得过奖", ("honour", "demonstration", "red")),
        ("是诚信企业吗", ("honour", "demonstration", "red")),
        ("经营异常了吗", ("abnormal",)),
        ("预付卡备案了没有", ("prepaid",)),
        ("信用承诺", ("commitment",)),
        ("评级是什么", ("rating", "association_rating")),
    ],
)
def test_questions_about_blocks(words: str, blocks: tuple[str, ...]) -> None:
    topic = followups.find_topic(words)
    assert topic is not None
    assert topic.blocks == blocks


@pytest.mark.parametrize(
    ("words", "template"),
    [
        ("详情", "credit_details"),
        ("查看详情", "credit_details"),
        ("地址在哪里", "credit_address"),
        ("它在哪", "credit_address"),
        ("信用代码是多少", "credit_code"),
        ("注销了吗", "credit_register"),
        ("什么时候成立的", "credit_register"),
        ("还在经营吗", "credit_register"),
        ("以前叫什么", "credit_names"),
        ("曾用名", "credit_names"),
        ("数据来源", "credit_sources"),
        ("老板是谁", "credit_people"),
        ("靠谱吗", followups.OPINION),
        ("会跑路吗", followups.OPINION),
        ("可以办卡吗", followups.OPINION),
    ],
)
def test_questions_about_facts(words: str, template: str) -> None:
    topic = followups.find_topic(words)
    assert topic is not None
    assert topic.template == template


@pytest.mark.parametrize(
    "words",
    [
        "处罚通讯科技有限公司",
        "地址公园餐饮有限公司",
        "失信者联盟文化有限公司在黑名单吗",
        "长沙好不好食品有限公司",
        "你们几点上班",
        "",
        "的" * 24,
        "有" * 200,
    ],
)
def test_what_is_no_question_about_the_last_firm(words: str) -> None:
    assert followups.find_topic(words) is None


def test_patterns_are_fast_on_hostile_words() -> None:
    for words in ("查看" * 12, "有没有" * 8, "是的有" * 8, "它他她" * 8):
        assert followups.find_topic(words) is None


def test_what_is_far_less_likely_is_not_offered(turn: Turn) -> None:
    found = [replace(one, score=score) for one, score in zip(candidates(4), (0.8, 0.3, 0.08, 0.01), strict=True)]
    finding = Finding("丙食品", Verdict.CHOOSE, Reason.SIMILAR, found)
    assert [choice.enterprise_id for choice in credit.choices_of(finding)] == [1, 2, 3]
    held = Finding("甲食品", Verdict.CHOOSE, Reason.SIMILAR, found)
    assert len(credit.choices_of(held)) == 4, "a name that holds what was asked is always offered"
    nothing_known = [replace(one, score=0.0) for one in candidates(2)]
    assert len(credit.choices_of(Finding("甲", Verdict.CHOOSE, Reason.OTHER_REGION, nothing_known))) == 2
    assert credit.choices_of(Finding("甲", Verdict.NONE, Reason.NOT_FOUND)) == []
