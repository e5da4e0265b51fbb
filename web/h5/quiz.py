"""The quiz in the browser: one question a page, each answer explained before the next."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from models.association import Association
from models.quiz import QuestionKind, QuizTry
from services.campaigns.running import campaign_on, latest_campaign
from services.quiz.ranking import rank_associations, rank_communities
from services.quiz.rules import LETTERS, read_answer
from services.quiz.tries import (
    QuizError,
    Taker,
    answer,
    begin,
    current_question,
    find_open,
    has_passed,
    review,
)
from web.h5.complaints_counter import ComplaintCounter
from web.h5.following import to_sign_in
from web.h5.pages import LARGEST_ID
from web.h5.signing_in import can_sign_in, should_sign_in
from web.h5.taking_part_counter import person_of

KIND_WORDS = {QuestionKind.SINGLE: "单选题", QuestionKind.MULTIPLE: "多选题", QuestionKind.TRUE_FALSE: "判断题"}
TRY = f"/h5/quiz/<int(max={LARGEST_ID}):try_id>"


def add_quiz(pages: Blueprint, counter: ComplaintCounter) -> None:
    """/h5/quiz and the tries below it."""
    rules = counter.desk.taking_part.quiz

    @pages.get("/h5/quiz")
    def quiz() -> str | AnyResponse:
        """Rules, who takes part most, and the way in; inside WeChat it names whoever opens the page."""
        if should_sign_in(counter):
            return to_sign_in()
        today = counter.today()
        with counter.database.read() as session:
            person, follower_id = person_of(counter, session)
            campaign = latest_campaign(session, today)
            first, last = (campaign.starts_on, campaign.ends_on) if campaign else (today.replace(month=1, day=1), today)
            return render_template(
                "h5/quiz_start.html",
                rules=rules,
                going=find_open(session, person, counter.clock()),
                campaign=campaign,
                associations=list(session.scalars(select(Association).order_by(Association.name))),
                ranks=rank_associations(session, rules, first, last),
                communities=rank_communities(session, rules, first, last),
                is_known=follower_id is not None,
                can_sign_in=can_sign_in(counter),
                trouble=request.args.get("trouble", "")[:60],
            )

    @pages.post("/h5/quiz/begin")
    def begin_quiz() -> AnyResponse:
        """A new try, or the open one."""
        try:
            with counter.database.write() as session:
                attempt_id = begin(
                    session, taker_of(counter, session), rules, counter.clock(), running(counter, session)
                ).id
        except QuizError as error:
            return redirect(url_for("taking.quiz", trouble=str(error)), 303)
        return redirect(url_for("taking.quiz_try", try_id=attempt_id), 303)


def add_quiz_try(pages: Blueprint, counter: ComplaintCounter) -> None:
    """One try."""
    rules = counter.desk.taking_part.quiz

    @pages.get(TRY)
    def quiz_try(try_id: int) -> str | AnyResponse:
        """The open question, or the result; `after` shows what the last answer was worth."""
        if should_sign_in(counter):
            return to_sign_in()
        with counter.database.read() as session:
            attempt = own_try(counter, session, try_id)
            marked = review(session, attempt)
            question = current_question(session, attempt)
            if question is None:
                passed = has_passed(attempt, rules)
                return render_template(
                    "h5/quiz_result.html", attempt=attempt, marked=marked, letters=LETTERS, rules=rules,
                    passed=passed, is_known=counter.follower(session) is not None, can_sign_in=can_sign_in(counter),
                )  # fmt: skip
            return render_template(
                "h5/quiz_question.html",
                attempt=attempt,
                question=question,
                letters=LETTERS,
                kind=KIND_WORDS[question.kind],
                is_multiple=question.kind is QuestionKind.MULTIPLE,
                last=marked[-1] if marked else None,
                is_empty="empty" in request.args,
            )

    @pages.post(TRY)
    def answer_question(try_id: int) -> AnyResponse:
        """Mark it; the same answer sent twice, or from an older page, counts once."""
        with counter.database.write() as session:
            attempt = own_try(counter, session, try_id)
            question = current_question(session, attempt)
            is_now = request.form.get("place") == str(len(attempt.answers))
            empty = None
            if question is not None and is_now:
                letters = read_answer("".join(request.form.getlist("answer")), question.kind, len(question.options))
                if letters is None:
                    empty = 1
                else:
                    answer(session, attempt, letters, counter.clock())
        return redirect(url_for("taking.quiz_try", try_id=try_id, empty=empty), 303)


def running(counter: ComplaintCounter, session: Session) -> int | None:
    """Today's campaign."""
    campaign = campaign_on(session, counter.today())
    return campaign.id if campaign else None


def taker_of(counter: ComplaintCounter, session: Session) -> Taker:
    """Whoever is here, with what they said of themselves."""
    person, follower_id = person_of(counter, session)
    said = request.form.get("association", "")
    association = session.get(Association, int(said)) if said.isdecimal() and len(said) < 10 else None
    community = " ".join(request.form.get("community", "").split())[:40]
    is_known = follower_id is not None
    return Taker(person, "h5", follower_id, association.id if association else None, community, is_known)


def own_try(counter: ComplaintCounter, session: Session, try_id: int) -> QuizTry:
    """The try, where it is this visitor's; else 404."""
    found = session.get(QuizTry, try_id)
    if found is None or found.person_hash != person_of(counter, session)[0]:
        abort(404)
    return found
