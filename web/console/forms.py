"""Forms of the console: what may be entered, and the words beside a field that is wrong."""

from collections.abc import Iterable
from typing import Any

from flask import request
from wtforms import (
    DateField,
    Form,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from models.audit import Act
from models.role import Role
from models.staff import StaffAccount
from services.staff.accounts import StaffError, words_of
from services.staff.words import ACT_WORDS, ROLE_WORDS


def required(words: str) -> list[Any]:
    """Must be filled; says so in our words."""
    return [InputRequired(words), Length(max=2000, message="太长了")]


def strip(text: str | None) -> str:
    """Without the spaces that fingers leave at the ends."""
    return (text or "").strip()


def filled(form: type[Form], **values: Any) -> Any:
    """The form with what was posted, or with `values` before anything was."""
    return form(request.form if request.method == "POST" else None, **values)


def put_error(form: Form, error: StaffError) -> None:
    """Show what the service said beside its field, or beside the first where the form has none of that name."""
    field = form._fields.get(error.field) or next(iter(form._fields.values()))
    field.errors = [*field.errors, str(error)]


class LoginForm(Form):
    """Signing in."""

    login = StringField("登录名", required("请填写登录名"), filters=[strip])
    password = PasswordField("密码", required("请填写密码"))


class CodeForm(Form):
    """The second factor."""

    code = StringField("验证码", required("请填写六位验证码或备用码"), filters=[strip])


class PasswordForm(Form):
    """A new password."""

    old = PasswordField("现在的密码", required("请填写现在的密码"))
    new = PasswordField("新密码", required("请填写新密码"))
    again = PasswordField("再输一遍新密码", required("请再输一遍新密码"))

    def validate_again(self, field: PasswordField) -> None:
        """Twice the same."""
        if self.new.data and field.data != self.new.data:
            raise ValidationError("两遍不一样，请重新输入")


class ConfirmForm(Form):
    """One's password, before something that a thief of an open screen would like to do."""

    password = PasswordField("密码", required("请填写您的密码"))


class RolesField(SelectMultipleField):
    """Boxes to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class StaffForm(Form):
    """What an administrator says about somebody."""

    name = StringField("姓名", required("请填写姓名"), filters=[strip])
    unit = StringField("处室或商协会", filters=[strip])
    roles = RolesField("岗位", choices=[SelectChoice(role.value, ROLE_WORDS[role]) for role in Role])
    reason = TextAreaField("原因", filters=[strip])

    @property
    def chosen(self) -> frozenset[Role]:
        """The roles ticked."""
        return frozenset(Role(value) for value in self.roles.data or [])


class NewStaffForm(StaffForm):
    """Somebody new."""

    login = StringField("登录名", required("请填写登录名"), filters=[strip])


class ReasonForm(Form):
    """Why."""

    reason = TextAreaField("原因", required("请写明原因"), filters=[strip])


ALL_ACTS, ALL_PEOPLE = SelectChoice("", "全部操作"), SelectChoice("", "全部人员")


def choose_person(people: Iterable[StaffAccount]) -> list[Any]:
    """Everybody, for a list to choose from."""
    return [ALL_PEOPLE, *(SelectChoice(str(one.id), words_of(one)) for one in people)]


class AuditForm(Form):
    """Which entries of the audit log to read; from the address of the page."""

    person = SelectField("人员", [Optional()])
    act = SelectField(
        "操作", [Optional()], choices=[ALL_ACTS, *(SelectChoice(act.value, ACT_WORDS[act]) for act in Act)]
    )
    since = DateField("从哪天", [Optional()])
    until = DateField("到哪天", [Optional()])
