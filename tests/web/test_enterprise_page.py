"""The details page: what it says, what it must never say."""

from datetime import date

from flask.testing import FlaskClient

from models.database import Database
from models.enterprise import NameKind, Status
from models.listing import Kind
from models.record import InfoClass, Polarity, RecordType, Severity
from services.credit.words import BLOCK_WORDS
from tests.factories import add_name, collect, make_enterprise, make_listing, make_record
from tests.web.markup import Page

CODE = "91430100MA4L2K1X70"


def read(client: FlaskClient, enterprise_id: int) -> Page:
    response = client.get(f"/h5/enterprises/{enterprise_id}")
    assert response.status_code == 200
    return Page(response.text)


def test_registration_is_shown_whole(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        firm = make_enterprise(session, "湖南木棉里家居有限公司", CODE)
        add_name(session, firm, "湖南木棉里装饰材料有限公司", NameKind.FORMER)
        collect(session, "register", source_unit="长沙市市场监督管理局")
        firm_id = firm.id
    page = read(client, firm_id)
    assert page.one("h1").text == "湖南木棉里家居有限公司"
    for words in (
        "存续",
        "曾用名 湖南木棉里装饰材料有限公司",
        "湖南长沙",
        "2018年9月4日",
        "来源：长沙市市场监督管理局 数据截至2026年11月19日",
    ):
        assert words in page.main
    code = page.by_class("code")[0]
    assert code.text == CODE
    assert code.attributes["aria-label"] == CODE
    assert page.by_class("copy")[0].attributes["data-copy"] == CODE


def test_a_list_is_shown_with_basis_document_authority_and_dates(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        firm = make_enterprise(session, "星河预付卡服务有限公司")
        make_listing(session, firm)
        firm_id = firm.id
    page = read(client, firm_id)
    alert = " ".join(page.by_class("alert")[0].text.split())
    for words in (
        "列入：严重失信主体名单（单用途商业预付卡领域）",
        "湖南省商务厅",
        "湘商失信〔2026〕3号",
        "《示范省单用途预付卡管理条例》第二十三条",
        "2026年5月6日",
        "公示至 2029年5月6日",
    ):
        assert words in alert
    assert "移出条件 退清预收款并完成信用修复" in page.main


def test_an_adverse_page_never_says_blacklist(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        firm = make_enterprise(session, "星河预付卡服务有限公司")
        make_listing(session, firm)
        firm_id = firm.id
    assert "黑名单" not in client.get(f"/h5/enterprises/{firm_id}").text


def test_not_found_and_not_collected_are_told_apart(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        firm_id = make_enterprise(session, "湖南稻花屿食品有限公司").id
        collect(session, "penalty", "black", source_unit="示范市信用中心")
    page = read(client, firm_id)
    rows = {"".join(row.text.split()) for row in page.by_class("summary__row")}
    assert {"行政处罚未查到", "严重失信主体名单未查到", "行政许可未归集", "信用承诺未归集"} <= rows
    assert {row[:-3] for row in rows} == set(BLOCK_WORDS.values())
    assert "在本平台已归集的数据中未查到" in page.main
    assert "来源：示范市信用中心" in page.main
    assert not [praise for praise in ("良好", "放心", "诚信企业", "信用优") if praise in page.main]


def test_classes_of_information_are_shown_separately(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        firm = make_enterprise(session, "湖南稻花屿食品有限公司")
        make_record(session, firm, RecordType.HONOUR, title="诚信示范门店", polarity=Polarity.POSITIVE)
        make_record(
            session,
            firm,
            RecordType.RATING,
            title="信用等级AA",
            info_class=InfoClass.THIRD_PARTY,
            authority="某评估公司",
        )
        make_record(
            session,
            firm,
            RecordType.ASSOCIATION_RATING,
            title="四星会员",
            info_class=InfoClass.SELF_DISCIPLINE,
            authority="某某商会",
        )
        make_record(session, firm, RecordType.RATING, title="平台好评率", info_class=InfoClass.MARKET)
        firm_id = firm.id
    page = read(client, firm_id)
    texts = {klass.attributes["aria-labelledby"]: klass.text for klass in page.by_class("klass")}
    assert "诚信示范门店" in texts["class-administrative"]
    assert "信用等级AA" in texts["class-third_party"]
    assert "某评估公司" in texts["class-third_party"]
    assert "不是行政认定" in texts["class-self_discipline"]
    assert "四星会员" in texts["class-self_discipline"]
    assert "平台好评率" in texts["class-market"]
    assert "四星会员" not in texts["class-administrative"]


def test_every_kind_of_record_has_its_words(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        firm = make_enterprise(session, "湖南稻花屿食品有限公司")
        for kind in RecordType:
            make_record(
                session,
                firm,
                kind,
                title=f"标题-{kind}",
                severity=Severity.GENERAL if kind is RecordType.PENALTY else None,
            )
        make_listing(session, firm, Kind.RED, list_name="诚信典型名单")
        firm_id = firm.id
    page = read(client, firm_id)
    for kind in RecordType:
        assert f"标题-{kind}" in page.main
    for words in ("处罚机关", "许可机关", "执行法院", "授予单位", "备案机关", "认定单位", "评价机构"):
        assert words in page.main
    assert "作出机关" not in page.main


def test_disclaimer_sources_and_official_sites(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        firm = make_enterprise(session, "湖南稻花屿食品有限公司")
        make_record(session, firm, RecordType.LICENCE)
        firm_id = firm.id
    page = read(client, firm_id)
    assert "本结果依据截至2026年11月19日归集的数据，不代表对企业信用的全面评价。" in page.main
    assert "来源：长沙市商务局 数据截至2026年11月19日" in page.main
    assert {"https://www.gsxt.gov.cn", "https://www.creditchina.gov.cn"} <= {
        link.attributes["href"] for link in page.all("a")
    }
    assert "在线核对：https://bureau.example.gov.cn/check/CX20261120430100" in page.main
    assert "查询日期：2026年11月20日" in page.main


def test_a_repaired_record_is_gone_at_once(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        firm = make_enterprise(session, "湖南稻花屿食品有限公司")
        listing = make_listing(session, firm)
        firm_id = firm.id
    assert "列入：" in read(client, firm_id).main
    with database.write() as session:
        session.add(listing)
        listing.withdrawn_on = date(2026, 11, 20)
    assert "列入：" not in read(client, firm_id).main


def test_the_end_of_a_firm_is_said(client: FlaskClient, database: Database) -> None:
    words = {Status.DEREGISTERED: "注销登记", Status.REVOKED: "已被吊销", Status.MOVED_OUT: "迁往外地"}
    with database.write() as session:
        firms = {status: make_enterprise(session, f"湖南{status}有限公司", status=status).id for status in words}
        removed = make_enterprise(session, "湖南移除有限公司", status=Status.REMOVED).id
    for status, firm_id in firms.items():
        assert words[status] in read(client, firm_id).main
    assert client.get(f"/h5/enterprises/{removed}").status_code == 404


def test_a_firm_without_code_and_details(client: FlaskClient, database: Database) -> None:
    nothing = dict.fromkeys(("kind", "registered_on", "province", "city", "address", "capital", "scope"))
    with database.write() as session:
        firm_id = make_enterprise(session, "岳阳砚池墩百货商店", **nothing).id
    page = read(client, firm_id)
    assert "登记数据中没有" in page.main
    assert "None" not in page.main
    assert not page.by_class("copy")


def test_a_branch_names_its_parent(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        firm_id = make_enterprise(session, "湖南稻花屿食品有限公司湘潭分公司").id
    page = read(client, firm_id)
    assert "所属企业 湖南稻花屿食品有限公司" in page.main


def test_an_old_number_is_called_what_it_is(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        firm_id = make_enterprise(session, "衡阳樟树塬五金商店", "110108000000016").id
    page = read(client, firm_id)
    assert "注册号 110108000000016" in page.main
    assert "统一社会信用代码 1101" not in page.main
