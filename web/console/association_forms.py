"""Forms of what an association hands in: a commitment, an honour, a note of its work."""

from enum import StrEnum
from typing import Any

from wtforms import DateField, FileField, Form, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional

from models.campaign_words import CommitmentKind, HonourLevel, WorkKind
from services.campaigns.wording import word_of
from web.console.forms import strip

NOBODY, NONE = SelectChoice("", "请选择"), SelectChoice("", "不属于")


def offer(table: str, words: type[StrEnum]) -> list[Any]:
    """A closed set in Chinese."""
    return [SelectChoice(one.value, word_of(table, one)) for one in words]


def day_rules(words: str) -> list[Any]:
    """A day that must be given."""
    return [InputRequired(words)]


class CommitmentForm(Form):
    """A signed commitment of a member."""

    firm = SelectField("会员企业", choices=[NOBODY])
    kind = SelectField(
        "承诺类型", choices=[SelectChoice(one.value, word_of("commitments", one)) for one in CommitmentKind]
    )
    campaign = SelectField("属于哪次宣传活动", choices=[NONE])
    text = TextAreaField("承诺内容", [Length(max=2000, message="最多 2000 个字")], filters=[strip])
    signed_on = DateField("签署日期", day_rules("请填写签署日期"))
    valid_until = DateField("有效期至", [Optional()])
    file = FileField("签字盖章的承诺书")


class HonourForm(Form):
    """An honour for a member."""

    firm = SelectField("会员企业", choices=[NOBODY])
    title = StringField("荣誉名称", [Length(max=120, message="最多 120 个字")], filters=[strip])
    level = SelectField(
        "示范创建类别",
        choices=[
            SelectChoice("", "不属于"),
            *(SelectChoice(one.value, word_of("honours", one)) for one in HonourLevel),
        ],
    )
    basis = StringField("评价办法", [Length(max=300, message="最多 300 个字")], filters=[strip])
    document_number = StringField("文号", [Length(max=120, message="最多 120 个字")], filters=[strip])
    decided_on = DateField("授予日期", day_rules("请填写授予日期"))
    valid_until = DateField("有效期至", [Optional()])
    file = FileField("授予文件（没有可不传）")


class WorkForm(Form):
    """What was done."""

    kind = SelectField("类型", choices=offer("works", WorkKind))
    day = DateField("日期", day_rules("请填写日期"))
    text = TextAreaField("内容", [Length(max=2000, message="最多 2000 个字")], filters=[strip])
    file = FileField("附件")
