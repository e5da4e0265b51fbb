"""The bank of the quiz on the console: every change is a new revision with a reason."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import DateField, Form, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Optional

from models.audit import Act
from models.quiz import QuestionKind, QuizQuestion
from services.quiz.bank import (
    Change,
    Content,
    QuestionError,
    add_question,
    current_questions,
    revise,
    revisions_of,
)
from services.quiz.rules import LETTERS, TRUE_FALSE, is_valid_on
from web.console.activity_room import BUREAU, note
from web.console.association_room import key_here
from web.console.cases import names_of_staff
from web.console.forms import filled, required, strip
from web.console.gate import Stage, serves
from web.console.office import Office

KIND_WORDS = {QuestionKind.SINGLE: "单选", QuestionKind.MULTIPLE: "多选", QuestionKind.TRUE_FALSE: "判断"}

KINDS = [SelectChoice(kind.value, words) for kind, words in KIND_WORDS.items()]


class QuestionForm(Form):
    """One revision."""

    kind = RadioField(
        "题型", choices=[SelectChoice(kind.value, words) for kind, words in KIND_WORDS.items()], default="single"
    )
    text = TextAreaField("题目", required("请填写题目"), filters=[strip])
    option_a = StringField("选项 A", filters=[strip])
    option_b = StringField("选项 B", filters=[strip])
    option_c = StringField("选项 C", filters=[strip])
    option_d = StringField("选项 D", filters=[strip])
    answer = StringField("正确答案", required("请填写正确答案的字母"), filters=[strip])
    explanation = TextAreaField("解析", required("请填写解析"), filters=[strip])
    law = StringField("依据的法律或文件", required("请填写依据"), filters=[strip])
    article = StringField("条款", filters=[strip])
    valid_from = DateField("从哪天起可以出", [Optional()])
    valid_until = DateField("最后出到哪天", [Optional()])
    reason = StringField("修改原因", filters=[strip])

    def content(self) -> Content:
        """As the bank keeps it; a true-false question has its own options."""
        kind = QuestionKind(self.kind.data)
        said = (self.option_a.data, self.option_b.data, self.option_c.data, self.option_d.data)
        options = TRUE_FALSE if kind is QuestionKind.TRUE_FALSE else tuple(one for one in said if one)
        letters = {"对": "A", "错": "B"}.get(str(self.answer.data), str(self.answer.data).upper())
        return Content(
            kind=kind,
            text=str(self.text.data),
            options=options,
            answer="".join(sorted(set(letters) - set(" ，,、"))),
            explanation=str(self.explanation.data),
            law=str(self.law.data),
            article=self.article.data or "",
            valid_from=self.valid_from.data,
            valid_until=self.valid_until.data,
        )


def add_questions(pages: Blueprint, office: Office) -> None:
    """/console/questions."""

    @pages.get("/questions")
    @serves(Stage.INSIDE, *BUREAU)
    def questions() -> str:
        """All, those that may be asked today first."""
        with office.database.read() as session:
            found = current_questions(session)
        today = office.today()
        asked = [one for one in found if is_valid_on(today, one.valid_from, one.valid_until)]
        retired = [one for one in found if one not in asked]
        return render_template(
            "console/questions.html", asked=asked, retired=retired, kinds=KIND_WORDS, letters=LETTERS
        )

    @pages.route("/questions/new", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *BUREAU)
    def new_question() -> AnyResponse | str:
        """One more."""
        form = filled(QuestionForm)
        if request.method == "POST" and form.validate():
            try:
                with office.database.write() as session:
                    change = Change(key_here(), office.clock(), form.reason.data or "新增")
                    row = add_question(session, form.content(), change)
                    note(session, office, Act.QUIZ_CHANGED, row.key, "新增题目")
                    key = row.key
            except QuestionError as error:
                form.text.errors = [*form.text.errors, str(error)]
            else:
                flash("已新增，马上可以抽到。")
                return redirect(url_for("console.question", key=key), 303)
        return render_template("console/question.html", form=form, row=None, history=[], names={})


def add_question_page(pages: Blueprint, office: Office) -> None:
    """One question."""

    @pages.route("/questions/<key>", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *BUREAU)
    def question(key: str) -> AnyResponse | str:
        """Change it; who answers it at this moment goes on with the revision they began with."""
        with office.database.write() as session:
            history = revisions_of(session, key)
            if not history:
                abort(404)
            row = history[0]
            form = filled(QuestionForm, **values_of(row))
            if request.method == "POST" and form.validate():
                try:
                    seen = request.form.get("revision", "0")
                    change = Change(key_here(), office.clock(), form.reason.data or "")
                    revise(session, key, int(seen) if seen.isdecimal() else 0, form.content(), change)
                except QuestionError as error:
                    form.text.errors = [*form.text.errors, str(error)]
                else:
                    note(session, office, Act.QUIZ_CHANGED, key, f"改为第{row.revision + 1}版", reason=change.reason)
                    flash("已保存为新的一版。")
                    return redirect(url_for("console.question", key=key), 303)
            return render_template(
                "console/question.html", form=form, row=row, history=history, names=names_of_staff(session)
            )


def values_of(row: QuizQuestion) -> dict[str, Any]:
    """What the form shows at first."""
    names = ("text", "answer", "explanation", "law", "article", "valid_from", "valid_until")
    values = {name: getattr(row, name) for name in names} | {"kind": row.kind.value}
    if row.kind is not QuestionKind.TRUE_FALSE:
        values |= {f"option_{letter.lower()}": option for letter, option in zip(LETTERS, row.options, strict=False)}
    return values
