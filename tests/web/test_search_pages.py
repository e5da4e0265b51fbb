"""Searching in the browser, without JavaScript."""

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient

from models.database import Database
from models.enterprise import NameKind, Status
from models.record import RecordType
from services.enterprises.finding import Candidate, Finding, Reason, Verdict
from tests.factories import add_name, make_enterprise, make_listing, make_record
from tests.web.conftest import MakeApp
from tests.web.markup import Page
from web.h5.queries import QUERY_LENGTH, Query, clean_query

CODE = "91430100MA4L2K1X70"

# Words that tell something of a firm's records.
TELLING = ("名单（", "处罚 ", "列入", "经营异常名录 1", "失信被执行人 1", "许可 ", "条")


def read(client: FlaskClient, path: str, status: int = 200) -> Page:
    response = client.get(path)
    assert response.status_code == status
    return Page(response.text)


def test_start_page_asks_for_a_name(visitor: FlaskClient) -> None:
    page = read(visitor, "/")
    field = next(one for one in page.all("input") if one.attributes.get("name") == "q")
    labels = [one for one in page.all("label") if one.attributes["for"] == field.attributes["id"]]
    assert labels[0].text == "企业名称或统一社会信用代码"
    assert page.one("h1").text == "查企业信用"
    assert "拨打 12345" in page.main


def test_exact_name_leads_to_the_details(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        wanted = make_enterprise(session, "湖南稻花屿食品有限公司", CODE).id
    response = client.get("/h5/search", query_string={"q": "帮我查一下湖南稻花屿食品有限公司怎么样"})
    assert response.status_code == 303
    assert response.location == f"/h5/enterprises/{wanted}"


def test_exact_code_leads_to_the_details(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        wanted = make_enterprise(session, "湖南稻花屿食品有限公司", "91350100M000100Y43").id
    response = client.get("/h5/search", query_string={"q": "91350100m000100y43"})
    assert response.location == f"/h5/enterprises/{wanted}"


def test_former_name_is_explained_before_the_details(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        firm = make_enterprise(session, "湖南木棉里家居有限公司")
        add_name(session, firm, "湖南木棉里装饰材料有限公司", NameKind.FORMER)
        wanted = firm.id
    page = read(client, "/h5/search?q=湖南木棉里装饰材料有限公司")
    assert "“湖南木棉里装饰材料有限公司”是它的曾用名" in page.main
    assert f"/h5/enterprises/{wanted}" in [link.attributes["href"] for link in page.all("a")]


def test_same_name_is_chosen_by_region_and_code(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        first = make_enterprise(session, "麦朵坊便利店", "92430100MA00001174", city="长沙")
        make_enterprise(session, "麦朵坊便利店", "92430300MA00001259", city="湘潭", status=Status.REVOKED)
        make_listing(session, first)
        make_record(session, first, RecordType.PENALTY, title="虚假宣传")
    page = read(client, "/h5/search?q=麦朵坊便利店")
    cells = [" ".join(cell.text.split()) for cell in page.by_class("firm")]
    assert cells == ["麦朵坊便利店 长沙 · 存续 · 尾号 1174", "麦朵坊便利店 湘潭 · 已吊销 · 尾号 1259"]
    assert "虚假宣传" not in page.markup
    assert "有2家企业叫这个名字" in page.main


def test_nothing_of_records_is_shown_before_a_firm_is_picked(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        for city in ("长沙", "湘潭"):
            firm = make_enterprise(session, "星河预付卡服务有限公司", city=city)
            make_listing(session, firm, document_number="湘商失信〔2026〕7号")
            make_record(session, firm, RecordType.PENALTY, title="拒不退款", authority="某某商务局")
    for path in ("/h5/search?q=星河预付卡服务有限公司", "/h5/suggest?q=星河预付卡服务有限公司"):
        text = client.get(path).text
        assert not [word for word in ("湘商失信", "拒不退款", "某某商务局", "单用途商业") if word in text]
    firms = read(client, "/h5/search?q=星河预付卡服务有限公司").by_class("firms")[0].text
    assert not [word for word in TELLING if word in firms]


def test_unknown_name_is_not_a_verdict(visitor: FlaskClient) -> None:
    page = read(visitor, "/h5/search?q=长沙无此名商贸有限公司")
    assert "没有找到“长沙无此名商贸有限公司”" in page.main
    assert "这不表示企业不存在，也不说明信用好坏" in page.main
    assert "www.gsxt.gov.cn" in page.main
    assert "良好" not in page.main


def test_empty_query_asks_again(visitor: FlaskClient) -> None:
    page = read(visitor, "/h5/search?q=%20%20")
    assert "请先输入要查的企业名称" in page.markup


def candidates(count: int) -> list[Candidate]:
    return [
        Candidate(number, f"长沙第{number}商贸有限公司", CODE, "湖南", "长沙", Status.IN_FORCE, 0.9)
        for number in range(1, count + 1)
    ]


def show(app: Flask, finding: Finding) -> Page:
    with app.test_request_context("/h5/search?q=x"):
        return Page(render_template("h5/search.html", query=Query(finding.query), finding=finding))


def found(reason: Reason, verdict: Verdict, count: int) -> Finding:
    return Finding("长沙商贸", verdict, reason, candidates(count), 1_993_910, "株洲")


WORDED = [
    (found(Reason.SAME_NAME, Verdict.CHOOSE, 2), "有2家企业叫这个名字"),
    (found(Reason.CODE_SLIP, Verdict.CHOOSE, 1), "代码里没有字母 O、I、S、V、Z"),
    (found(Reason.SPELLING, Verdict.CHOOSE, 1), "一字之差可能是另一家企业"),
    (found(Reason.OTHER_REGION, Verdict.CHOOSE, 2), "株洲没有登记“长沙商贸”"),
    (found(Reason.SIMILAR, Verdict.CHOOSE, 5), "您要查的是哪一家？"),
    (found(Reason.SEVERAL, Verdict.CHOOSE, 0), "一家一家看"),
    (found(Reason.CODE_AND_NAME, Verdict.CHOOSE, 2), "代码和名称分别是两家企业的"),
    (found(Reason.CODE_AND_NAME, Verdict.CHOOSE, 1), "代码没有找到"),
    (found(Reason.PHONE, Verdict.NONE, 0), "这像是电话号码"),
    (found(Reason.TOO_BROAD, Verdict.NONE, 0), "太宽了"),
    (found(Reason.STREET, Verdict.NONE, 0), "光凭地址查不到企业"),
    (found(Reason.NOT_FOUND, Verdict.NONE, 3), "在本平台收录的1,993,910家企业中没有找到这个名称"),
    (found(Reason.NOT_READY, Verdict.NONE, 1), "企业名单正在更新"),
    (found(Reason.CODE_UNKNOWN, Verdict.NONE, 0), "不在本平台收录的1,993,910家企业中"),
    (found(Reason.CODE_WRONG, Verdict.NONE, 0), "没有通过校验"),
    (found(Reason.PERSON, Verdict.NONE, 0), "这里不能查个人"),
    (found(Reason.NO_NAME, Verdict.NONE, 0), "没有看到企业名称"),
    (found(Reason.EXACT_NAME, Verdict.MATCH, 1), "找到了这家企业"),
    (found(Reason.EXACT_CODE, Verdict.MATCH, 1), "找到了这家企业"),
    (found(Reason.OTHER_NAME, Verdict.MATCH, 1), "现在登记的名称是"),
]


@pytest.mark.parametrize(("finding", "words"), WORDED)
def test_each_reason_has_its_words(make_app: MakeApp, sqlite: Database, finding: Finding, words: str) -> None:
    page = show(make_app(sqlite), finding)
    assert words in page.main
    assert len(page.by_class("firm")) == len(finding.candidates)


def test_every_reason_is_worded() -> None:
    assert {finding.reason for finding, _ in WORDED} == set(Reason)


def test_a_slip_in_a_code_shows_whole_codes(make_app: MakeApp, sqlite: Database) -> None:
    finding = Finding("91430100MA4L2K1X7O", Verdict.CHOOSE, Reason.CODE_SLIP, candidates(1))
    assert f"代码 {CODE}" in show(make_app(sqlite), finding).main


@pytest.mark.parametrize(
    ("typed", "understood", "shown"),
    [
        ("美的电器有限公司", "美电器有限公司", "“美的电器有限公司”"),
        ("请帮我查一下某某商贸有限公司怎么样", "某某商贸有限公司", "“某某商贸有限公司”"),
    ],
)
def test_a_name_is_shown_as_typed_a_sentence_is_not(
    make_app: MakeApp, sqlite: Database, typed: str, understood: str, shown: str
) -> None:
    finding = Finding(understood, Verdict.NONE, Reason.NOT_FOUND)
    with make_app(sqlite).test_request_context("/h5/search"):
        page = Page(render_template("h5/search.html", query=Query(typed), finding=finding))
    assert page.one("h1").text == f"没有找到{shown}"


def test_suggestions_hold_names_regions_and_ids_only(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        wanted = make_enterprise(session, "湖南稻花屿食品有限公司", CODE).id
    response = client.get("/h5/suggest?q=湖南稻花屿食品有限公司")
    assert response.json == {"suggestions": [{"id": wanted, "name": "湖南稻花屿食品有限公司", "region": "长沙"}]}
    assert response.headers["Cache-Control"] == "private, max-age=60"


@pytest.mark.parametrize("typed", ["", "湖", "  ", "\x00", "\u202e"])
def test_no_suggestions_for_less_than_two_characters(visitor: FlaskClient, typed: str) -> None:
    assert visitor.get("/h5/suggest", query_string={"q": typed}).json == {"suggestions": []}


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  湖南　稻花屿\t食品 ", "湖南 稻花屿 食品"),
        ("星\u200b河\u202e预付卡", "星河预付卡"),
        ("星河\x00\x1b预付卡", "星河 预付卡"),
        ("大润发😀", "大润发😀"),
        ("a\ud800b", "a b"),
        ("", ""),
    ],
)
def test_typed_text_is_made_harmless(raw: str, text: str) -> None:
    assert clean_query(raw) == Query(text)


@pytest.mark.parametrize("length", [100, 101, 5_000, 1_000_000])
def test_long_text_is_cut_with_a_note(length: int) -> None:
    query = clean_query("湖" * length)
    assert len(query.text) == QUERY_LENGTH
    assert query.was_cut == (length > QUERY_LENGTH)


def test_a_citizen_is_told_that_the_text_was_cut(visitor: FlaskClient) -> None:
    response = visitor.get("/h5/search", query_string={"q": "某某有限公司" * 40})
    assert response.status_code == 200
    assert "已按前100个字查询" in response.text
