"""The form of a complaint: what was typed as it is kept in the draft, and the filing that comes of it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from config.cases import CaseRules, Door
from models.case_words import CaseKind, Channel
from models.enterprise import Enterprise, Status
from services.cases.filing import Filing, find_faults
from services.cases.hearing import REQUESTS, hear_category, narrow_width
from services.cases.personal import Person

# Of the notice in complaint_parts.html; a changed text gets a new one and is shown anew.
NOTICE_VERSION = "2026-11-h5"
Content = dict[str, Any]
TEXTS = {  # field to its longest text
    "kind": 12,
    "category": 24,
    "respondent_name": 200,
    "respondent_address": 300,
    "respondent_phone": 40,
    "facts": 20_000,  # more than is taken, so that nothing is lost before the citizen shortens it
    "happened_on": 20,
    "amount": 30,
    "other_request": 100,
    "order_number": 60,
    "place": 200,
    "handled_elsewhere": 200,
    "name": 60,
    "phone": 40,
    "address": 200,
    "enterprise_id": 12,
}
TICKS = ("is_anonymous", "is_confidential", "agrees_to_publish", "agrees_to_delegation")
# find_faults' names to the fields beside which they are shown.
BESIDE = {"facts_long": "facts", "elsewhere": "category", "respondent": "respondent_name", "anonymous": "is_anonymous"}
KIND_WORDS = {
    CaseKind.COMPLAINT: ("投诉", "自己吃了亏，想退款、赔偿、换货。我们可以调解，须留姓名和电话。"),
    CaseKind.REPORT: ("举报", "发现企业违法违规，想让人查处。可以不留姓名。"),
    CaseKind.INQUIRY: ("咨询", "想问规定、办事办法，或者不知道该找谁。"),
}


def read_fields(form: "MultiDict[str, str]") -> Content:
    """What was sent, field by field; what was not sent is not there. `shown` names the groups of boxes that were."""
    sent: Content = {name: tidy(form[name])[:most] for name, most in TEXTS.items() if name in form}
    shown = set(form.getlist("shown"))
    sent |= {name: name in form for name in TICKS if name in shown}
    if "requests" in shown:
        sent["requests"] = [name for name in form.getlist("requests") if name in REQUESTS]
    return sent


def tidy(text: str) -> str:
    """As typed, with one kind of line end and nothing that a database cannot hold."""
    return text.replace("\r\n", "\n").replace("\x00", "").encode("utf-8", "replace").decode()


def settle_firm(session: Session, content: Content) -> None:
    """The firm that was picked counts as long as its name stands in the field."""
    picked = str(content.get("enterprise_id") or "")
    firm = session.get(Enterprise, int(picked)) if picked.isdecimal() and len(picked) < 10 else None
    is_same = firm is not None and firm.status is not Status.REMOVED
    if firm is not None and is_same and content.get("respondent_name", "").strip() in {"", firm.name}:
        content |= {"enterprise_id": firm.id, "respondent_name": firm.name, "credit_code": firm.credit_code or ""}
    else:
        content |= {"enterprise_id": None, "credit_code": ""}


def read_kind(content: Mapping[str, Any]) -> CaseKind:
    """The kind chosen; a complaint until then."""
    kind = content.get("kind", "")
    return CaseKind(kind) if kind in set(CaseKind) else CaseKind.COMPLAINT


def read_amount(text: str) -> int | None:
    """Fen of 1500, 1,500.5元, 1.5万; ValueError for what is no sum, None for nothing."""
    plain = narrow_width(text).replace(",", "").replace(" ", "").strip("¥￥").removesuffix("元")
    if not plain:
        return None
    times = 10_000 if plain.endswith("万") else 1
    try:
        fen = Decimal(plain.removesuffix("万")) * times * 100
    except ArithmeticError:  # no number, or one with an exponent beyond all bounds
        raise ValueError(text) from None
    if not fen.is_finite() or fen != fen.to_integral_value() or not 0 <= fen <= 10**13:
        raise ValueError(text)
    return int(fen)


def read_day(text: str) -> date | None:
    """2026-11-20, 2026/11/20 or 2026年11月20日; ValueError for what is no day, None for nothing."""
    plain = narrow_width(text).strip()
    for mark in "年月/.":
        plain = plain.replace(mark, "-")
    parts = plain.removesuffix("日").split("-")
    try:
        return date(*map(int, parts)) if plain else None
    except OverflowError:  # a year of twenty digits
        raise ValueError(text) from None


def make_filing(content: Content) -> Filing:
    """As the services want it; what cannot be read is left out (`find_form_faults` says so)."""
    kind = read_kind(content)
    text = {name: str(content.get(name) or "").strip() for name in TEXTS}
    is_anonymous = kind is CaseKind.REPORT and bool(content.get("is_anonymous"))
    person = Person(text["name"], text["phone"], text["address"])
    requests = [*content.get("requests", []), *filter(None, [text["other_request"]])]
    return Filing(
        kind=kind,
        category=text["category"],
        facts=text["facts"],
        respondent_name=text["respondent_name"],
        notice_version=content.get("notice_version", ""),
        channel=Channel.H5,
        persons=() if is_anonymous or person == Person() else (person,),
        is_anonymous=is_anonymous,
        is_confidential=bool(content.get("is_confidential")),
        enterprise_id=content.get("enterprise_id"),
        credit_code=content.get("credit_code", ""),
        respondent_address=text["respondent_address"],
        respondent_phone=text["respondent_phone"],
        place=text["place"],
        happened_on=readable(read_day, text["happened_on"]),
        amount_fen=readable(read_amount, text["amount"]),
        order_number=text["order_number"],
        requests=tuple(requests),
        handled_elsewhere=text["handled_elsewhere"],
        answer_number=content.get("answer_number", ""),
        agrees_to_publish=bool(content.get("agrees_to_publish")),
        agrees_to_delegation=kind is CaseKind.COMPLAINT and bool(content.get("agrees_to_delegation")),
        details={"notice_shown_at": content["notice_at"]} if content.get("notice_at") else {},
    )


def readable(read: Any, text: str) -> Any:
    """What `read` makes of a text; None where it makes nothing."""
    try:
        return read(text)
    except (ValueError, TypeError):
        return None


def find_form_faults(content: Content, rules: CaseRules, today: date) -> dict[str, str]:
    """Field of the form to what is wrong with it, in the order of the page."""
    found = find_faults(make_filing(content), rules, today)
    if "facts" in found or "category" in found:
        found |= propose_category(content, rules, found)
    if content.get("happened_on", "").strip() and readable(read_day, content["happened_on"]) is None:
        found["happened_on"] = "日期没有看懂，请按 2026-11-20 这样填写；记不清可以空着。"
    if content.get("amount", "").strip() and readable(read_amount, content["amount"]) is None:
        found["amount"] = "金额没有看懂，请只写数字，例如 1500 或 1500.50。"
    if content.get("kind", "") not in set(CaseKind):
        found["kind"] = "请先选择是投诉、举报还是咨询。"
    placed = {BESIDE.get(name, name): words for name, words in found.items()}
    order = ["notice", "kind", "category", *TEXTS, *TICKS]
    return {name: placed[name] for name in order if name in placed}


def propose_category(content: Content, rules: CaseRules, found: dict[str, str]) -> dict[str, str]:
    """A category that fits what was told."""
    facts = str(content.get("facts") or "")
    if "category" not in found or not facts.strip():
        return {}
    return {"category": f"{found['category']}看您写的，可能是“{hear_category(facts, rules).name}”。"}


def door_of(content: Content, rules: CaseRules) -> Door | None:
    """The other body whose matter this is."""
    category = rules.category(str(content.get("category") or ""))
    return next((door for door in rules.doors if category and door.code == category.door), None)


def paste_text(content: Content) -> str:
    """Ready to be pasted at another body's door."""
    filing = make_filing(content)
    lines = [
        f"反映对象：{filing.respondent_name}" if filing.respondent_name else "",
        f"地址：{filing.respondent_address}" if filing.respondent_address else "",
        f"发生日期：{filing.happened_on}" if filing.happened_on else "",
        f"涉及金额：{filing.amount_fen / 100:.2f}元" if filing.amount_fen else "",
        f"经过：{filing.facts}" if filing.facts else "",
        f"诉求：{'、'.join(filing.requests)}" if filing.requests else "",
    ]
    return "\n".join(filter(None, lines))
