"""Records and list entries of invented enterprises; each number says 演示."""

from datetime import date, timedelta
from typing import Any

from models.archive_words import Life
from models.listing import Kind, Listing
from models.record import InfoClass, Polarity, Record, RecordType, Severity
from services.credit.standing import add_years
from services.demo.places import Office

SOURCE = "示范市公共信用信息中心（演示）"

POLARITIES = {
    RecordType.LICENCE: Polarity.NEUTRAL,
    RecordType.PENALTY: Polarity.NEGATIVE,
    RecordType.HONOUR: Polarity.POSITIVE,
    RecordType.DEMONSTRATION: Polarity.POSITIVE,
    RecordType.ABNORMAL: Polarity.NEGATIVE,
    RecordType.COURT: Polarity.NEGATIVE,
    RecordType.COMMITMENT: Polarity.POSITIVE,
    RecordType.RATING: Polarity.NEUTRAL,
    RecordType.ASSOCIATION_RATING: Polarity.NEUTRAL,
    RecordType.PREPAID: Polarity.NEUTRAL,
    RecordType.COMPLAINT_SUMMARY: Polarity.NEUTRAL,
    RecordType.EXPOSURE: Polarity.NEGATIVE,
}

CLASSES = {
    RecordType.RATING: InfoClass.THIRD_PARTY,
    RecordType.ASSOCIATION_RATING: InfoClass.SELF_DISCIPLINE,
}

# Title, what was done, class, fine in 万元, basis.
PENALTIES = [
    (
        "发行预付卡未按规定备案",
        "罚款",
        Severity.GENERAL,
        "1",
        "《单用途商业预付卡管理办法（试行）》第三十六条",
    ),
    ("家政服务机构未签订书面合同", "罚款", Severity.GENERAL, "0.5", "《家庭服务业管理暂行办法》第三十四条"),
    ("二手车交易未出具统一发票", "罚款", Severity.GENERAL, "2", "《二手车流通管理办法》第三十五条"),
    ("未按规定公示促销内容", "警告", Severity.MINOR, "", "《零售商促销行为管理办法》第二十三条"),
    (
        "多次收取预收款后拒不退还",
        "罚款、没收违法所得",
        Severity.SERIOUS,
        "20",
        "《示范省消费者权益保护条例（演示）》第五十二条",
    ),
    (
        "擅自从事成品油零售经营",
        "罚款、没收违法所得",
        Severity.SERIOUS,
        "12",
        "《示范省成品油流通管理办法（演示）》第四十条",
    ),
]

LICENCES = [
    ("食品经营许可证", "食品销售", 5),
    ("成品油零售经营批准证书", "汽油、柴油零售", 5),
    ("拍卖经营批准证书", "拍卖业务", 3),
    ("道路运输经营许可证", "道路普通货物运输", 4),
    ("公共场所卫生许可证", "住宿、理发", 4),
]


def make_record(type_: RecordType, title: str, authority: str, decided_on: date, **more: Any) -> Record:
    """A record published from its decision; `more` are further columns."""
    columns: dict[str, Any] = {
        "severity": None,
        "content": "",
        "published_from": decided_on,
        "source_unit": SOURCE,
        "polarity": POLARITIES[type_],
        "info_class": CLASSES.get(type_, InfoClass.ADMINISTRATIVE),
        "details": {},
        "life": Life.PUBLISHED,
    }
    return Record(type=type_, title=title, authority=authority, decided_on=decided_on, **(columns | more))


def make_penalty(office: Office, which: int, decided_on: date, serial: int, **more: Any) -> Record:
    """A penalty of PENALTIES with the longest window of its class."""
    offence, kind, severity, fine, basis = PENALTIES[which]
    years = {Severity.SERIOUS: 3, Severity.GENERAL: 1}.get(severity)
    until = add_years(decided_on, years) if years else decided_on + timedelta(days=90)
    columns: dict[str, Any] = {
        "severity": severity,
        "content": f"{offence}，处以{kind}" + (f"，罚款{fine}万元" if fine else ""),
        "document_number": office.number("商罚", decided_on.year, serial),
        "legal_basis": basis,
        "published_until": until,
        "details": {"offence": offence, "penalty_kind": kind} | ({"fine_wan": fine} if fine else {}),
    }
    return make_record(RecordType.PENALTY, offence, office.commerce, decided_on, **(columns | more))


def make_licence(office: Office, which: int, decided_on: date, serial: int) -> Record:
    """A licence of LICENCES; it is gone from sight when it has run out."""
    certificate, content, years = LICENCES[which]
    number = f"演示{office.place.code}{serial:06d}"
    return make_record(
        RecordType.LICENCE,
        certificate,
        office.market,
        decided_on,
        content=content,
        document_number=office.number("行许", decided_on.year, serial),
        valid_until=add_years(decided_on, years) - timedelta(days=1),
        details={"licence_kind": "普通", "certificate": certificate, "certificate_number": number},
    )


def make_honour(office: Office, title: str, decided_on: date, serial: int) -> Record:
    """An honour that holds for three years."""
    return make_record(
        RecordType.HONOUR,
        f"{decided_on.year}年度{office.place.full_city}{title}",
        office.commerce,
        decided_on,
        document_number=office.number("商发", decided_on.year, serial),
        valid_until=add_years(decided_on, 3) - timedelta(days=1),
        details={"level": "市级"},
    )


def make_demonstration(office: Office, level: str, decided_on: date, serial: int) -> Record:
    """One of the five levels of 诚信示范创建; holds for two years."""
    return make_record(
        RecordType.DEMONSTRATION,
        f"{decided_on.year}年度{office.place.full_city}{level}",
        office.commerce,
        decided_on,
        document_number=office.number("商创", decided_on.year, serial),
        valid_until=add_years(decided_on, 2) - timedelta(days=1),
        details={"level": level},
    )


def make_abnormal(office: Office, decided_on: date, serial: int, **more: Any) -> Record:
    """On the list of abnormal operation until taken off."""
    return make_record(
        RecordType.ABNORMAL,
        "通过登记的住所或者经营场所无法联系",
        office.market,
        decided_on,
        document_number=office.number("市监异", decided_on.year, serial),
        legal_basis="《企业信息公示暂行条例》第十七条",
        **more,
    )


def make_court(office: Office, decided_on: date, serial: int, **more: Any) -> Record:
    """A legal person that does not do what a judgment orders."""
    return make_record(
        RecordType.COURT,
        "有履行能力而拒不履行生效法律文书确定义务",
        office.court,
        decided_on,
        document_number=f"（{decided_on.year}）演示执{serial}号",
        published_until=add_years(decided_on, 2),
        details={
            "case_number": f"（{decided_on.year}）演示执{serial}号",
            "filed_on": f"{decided_on:%Y-%m-%d}",
            "performance": "全部未履行",
        },
        **more,
    )


def make_commitment(office: Office, decided_on: date) -> Record:
    """A public commitment."""
    return make_record(
        RecordType.COMMITMENT,
        "综合信用承诺书",
        office.commerce,
        decided_on,
        content="承诺诚信经营、明码标价、依法处理消费纠纷",
        details={"commitment_kind": "综合信用承诺", "fulfilment": "履行中"},
    )


def make_rating(office: Office, decided_on: date, serial: int) -> Record:
    """A rating by a third party; not ours and not an official finding."""
    return make_record(
        RecordType.RATING,
        "企业信用等级评价",
        "示范信用评价机构（演示）",
        decided_on,
        valid_until=add_years(decided_on, 1) - timedelta(days=1),
        details={"grade": "AA", "report_number": f"演示XP{office.place.code}{serial:05d}"},
    )


def make_association_rating(office: Office, decided_on: date) -> Record:
    """A rating among an association's members: self-discipline."""
    return make_record(
        RecordType.ASSOCIATION_RATING,
        "会员诚信评价",
        f"{office.place.full_city}商贸流通行业协会（演示）",
        decided_on,
        valid_until=add_years(decided_on, 2) - timedelta(days=1),
        details={"grade": "诚信会员单位", "method": "《会员诚信评价办法（演示）》"},
    )


def make_prepaid(office: Office, decided_on: date, serial: int) -> Record:
    """A registration as issuer of prepaid cards."""
    return make_record(
        RecordType.PREPAID,
        "单用途商业预付卡发卡企业备案",
        office.commerce,
        decided_on,
        details={"prepaid_number": f"演示{office.place.code}{serial:04d}", "prepaid_kind": "规模发卡企业"},
    )


def make_complaint_summary(office: Office, decided_on: date, accepted: int) -> Record:
    """Totals of a half-year's complaints; says nothing about who was right."""
    half = f"{decided_on.year - 1}年下半年" if decided_on.month <= 6 else f"{decided_on.year}年上半年"
    return make_record(
        RecordType.COMPLAINT_SUMMARY,
        f"{half}消费投诉公示",
        office.commerce,
        decided_on,
        published_until=add_years(decided_on, 1),
        details={"period": half, "accepted_count": str(accepted), "settled_rate": "75%"},
    )


def make_black_listing(office: Office, decided_on: date, serial: int, **more: Any) -> Listing:
    """On the statutory list of the demonstration province's law on prepaid cards."""
    columns: dict[str, Any] = {
        "kind": Kind.BLACK,
        "list_name": "严重失信主体名单（单用途商业预付卡领域）",
        "legal_basis": "《示范省单用途预付卡管理条例（演示）》第二十三条",
        "document_number": office.number("商失信", decided_on.year, serial),
        "authority": office.commerce,
        "source_unit": SOURCE,
        "reason": "停止经营后未退还预收款，经催告仍不履行",
        "decided_on": decided_on,
        "published_from": decided_on,
        "published_until": add_years(decided_on, 3),
        "removal_condition": "退清预收款并依法完成信用修复",
        "notified_on": decided_on - timedelta(days=21),
        "objection_result": "告知期内未提出异议",
        "info_class": InfoClass.ADMINISTRATIVE,
        "life": Life.PUBLISHED,
    }
    return Listing(**(columns | more))


def make_red_listing(office: Office, decided_on: date, serial: int, **more: Any) -> Listing:
    """On a list of trustworthy firms."""
    columns: dict[str, Any] = {
        "kind": Kind.RED,
        "list_name": f"{decided_on.year}年度诚信兴商典型名单",
        "legal_basis": "《示范省社会信用条例（演示）》第三十一条",
        "document_number": office.number("商诚", decided_on.year, serial),
        "authority": office.commerce,
        "source_unit": SOURCE,
        "reason": "守信经营，经公示无异议",
        "decided_on": decided_on,
        "published_from": decided_on,
        "published_until": add_years(decided_on, 2),
        "info_class": InfoClass.ADMINISTRATIVE,
        "life": Life.PUBLISHED,
    }
    return Listing(**(columns | more))
