"""The form of each step on a case: which fields it has, and what they say to the workflow."""

from dataclasses import replace
from enum import StrEnum
from typing import Any

from flask import request
from wtforms import BooleanField, Form, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length, Optional

from models.case_words import Action, CaseKind, ConsentKind, ContactOutcome, Ground, Result, Side, Urgency
from services.cases.facts import Step
from services.cases.wording import name_of
from services.cases.workflow import BY_ACTION
from web.console.forms import strip

LONGEST = 4000
TABLES = {
    Ground: "grounds",
    Result: "results",
    ConsentKind: "consents",
    Side: "sides",
    ContactOutcome: "outcomes",
    Urgency: "urgencies",
    CaseKind: "kinds",
}
WORDS_OF_FIELDS: dict[str, type[StrEnum]] = {
    "ground": Ground,
    "result": Result,
    "outcome": ContactOutcome,
    "consent": ConsentKind,
    "side": Side,
    "urgency": Urgency,
}
ASIDE = {"version", "is_checked"}  # of the form, not of the step
NONE = SelectChoice("", "请选择")
# Beyond what the table needs; in the order in which they are asked.
FIELDS: dict[Action, str] = {
    Action.REJECT: "ground text",
    Action.REFER: "receiver legal_basis with_identity text",
    Action.ASSIGN: "unit is_unit_fixed",
    Action.AMEND: "summary category urgency note",
    Action.LOG_CONTACT: "way outcome note",
    Action.RECORD_CONSENT: "consent side is_given",
    Action.PROPOSE_ANSWER: "result recovered text",
    Action.WITHDRAW: "is_confirmed",
    Action.RECORD_WITHDRAWAL: "is_confirmed",
    Action.MERGE: "parent_number is_same_matter has_new_facts",
    Action.FOLLOW_UP: "outcome note",
}
WAYS = ("电话", "当面", "短信", "微信", "信函")


def choices(words: type[StrEnum], *left_out: StrEnum) -> list[Any]:
    """A closed set in Chinese, nothing chosen."""
    return [NONE, *(SelectChoice(one.value, name_of(TABLES[words], one)) for one in words if one not in left_out)]


def text_rules() -> list[Any]:
    """The workflow says what is missing; only the length is asked here."""
    return [Optional(), Length(max=LONGEST, message=f"太长了，最多{LONGEST}字")]


def read_fen(text: str) -> int | None:
    """Yuan as typed, such as 1,500.50; None for nothing; ValueError for what is no amount."""
    plain = text.replace(",", "").replace("，", "").removesuffix("元").strip()
    if not plain:
        return None
    yuan, _, rest = plain.partition(".")
    if not (yuan.isascii() and yuan.isdigit() and len(yuan) < 12 and len(rest) < 3 and (rest or "0").isdigit()):
        raise ValueError("no amount")
    return int(yuan) * 100 + int(rest.ljust(2, "0"))


class StepForm(Form):
    """All fields that a step may have; `step_form` leaves those of one step."""

    ground = SelectField("不予受理的理由", choices=choices(Ground))
    receiver = StringField("接收单位", text_rules(), filters=[strip])
    legal_basis = StringField("法律依据", text_rules(), filters=[strip])
    with_identity = BooleanField("连同姓名和电话一并转交（须本人已同意）")
    remote_number = StringField("对方编号", text_rules(), filters=[strip])
    unit = SelectField("承办单位", choices=[NONE])
    handler = SelectField("承办人", choices=[NONE])
    is_unit_fixed = BooleanField("由局里指定，不能退单")
    result = SelectField("办理结果", choices=choices(Result, Result.UNREACHABLE))
    recovered = StringField("为消费者挽回金额（元）", text_rules(), filters=[strip])
    way = SelectField("联系方式", choices=[SelectChoice(one, one) for one in WAYS])
    outcome = SelectField("联系结果", choices=choices(ContactOutcome))
    consent = SelectField("同意的事项", choices=choices(ConsentKind, ConsentKind.NOTICE))
    side = SelectField("哪一方", choices=choices(Side, Side.PROXY, Side.FELLOW))
    is_given = RadioField(
        "怎么说", choices=[SelectChoice("yes", "同意"), SelectChoice("no", "不同意，或者撤回同意")], default="yes"
    )
    summary = TextAreaField("摘要（不写姓名、电话）", text_rules(), filters=[strip])
    category = SelectField("类别", choices=[NONE])
    urgency = SelectField("紧急程度", choices=choices(Urgency))
    parent_number = StringField("并入的编号", text_rules(), filters=[strip])
    is_same_matter = BooleanField("已核对：同一人、同一企业、同一件事")
    has_new_facts = BooleanField("有新的事实（举报的期限重新计算）")
    is_confirmed = BooleanField("已再次确认：是本人要撤回")
    text = TextAreaField("告知市民的内容", text_rules(), filters=[strip])
    note = TextAreaField("情况说明（只有工作人员能看到）", text_rules(), filters=[strip])
    version = IntegerField("版本", [Optional()])
    is_checked = BooleanField("已逐处核对，这些内容可以告知市民")


def field_names(action: Action) -> list[str]:
    """What the form of a step asks."""
    return FIELDS[action].split() if action in FIELDS else list(BY_ACTION[action].needs)


def step_form(
    action: Action, version: int, units: list[str], categories: dict[str, str], handlers: dict[str, str]
) -> StepForm:
    """The form of a step, with what was posted."""
    form = StepForm(request.form if request.method == "POST" else None, version=version)
    for name in [name for name in form._fields if name not in {*field_names(action), "version", "is_checked"}]:
        del form._fields[name]
    if "unit" in form._fields:
        form.unit.choices = [NONE, *(SelectChoice(unit, unit) for unit in units)]
    if "category" in form._fields:
        form.category.choices = [NONE, *(SelectChoice(code, name) for code, name in categories.items())]
    if "handler" in form._fields:
        form.handler.choices = [NONE, *(SelectChoice(key, name) for key, name in handlers.items())]
    if action in {Action.FOLLOW_UP, Action.ORDER_REWORK} and "note" in form._fields:
        form.note.label.text = "回访情况" if action is Action.FOLLOW_UP else "哪里没有办好、要重新做什么"
    return form


def read_step(form: StepForm) -> Step:
    """What was brought; ValueError for an amount that is none."""
    values: dict[str, Any] = {name: field.data for name, field in form._fields.items() if name not in ASIDE}
    for name, kind in WORDS_OF_FIELDS.items():
        if name in values:
            values[name] = kind(values[name]) if values[name] else None
    if "recovered" in values:
        values["recovered_fen"] = read_fen(values.pop("recovered") or "")
    if "is_given" in values:
        values["is_given"] = values["is_given"] == "yes"
    return replace(Step(), **{name: value for name, value in values.items() if value is not None})
