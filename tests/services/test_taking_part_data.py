"""我的数据 of somebody who took part: all is exported, and nothing of the person is left after the erasure."""

from datetime import UTC, datetime

from sqlalchemy import select

from config.taking_part import load_taking_part
from models.activity import ActivitySignUp
from models.database import Database
from models.nomination import Nomination, NominationKind
from models.quiz import QuizTry
from services.campaigns import nominations
from services.campaigns.my_data import erase_taking_part, export_taking_part
from services.campaigns.persons import hash_follower
from services.campaigns.sign_ups import Comer, sign_up
from services.followers import meet
from services.quiz.bank import seed_bank
from services.quiz.certificates import issue, name_on
from services.quiz.tries import Taker, answer, begin, current_question
from tests.taking_part import add_activity

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
STORY = "这家店三十年来缺斤少两一次没有过，卖错了价格会追出门退钱，街坊都信得过。"


def test_everything_is_told_and_then_forgotten(database: Database) -> None:
    rules = load_taking_part().quiz
    with database.write() as session:
        seed_bank(session, NOW)
        me = meet(session, "o_me", NOW).id
        person = hash_follower(me)
        sign_up(session, add_activity(session, NOW), Comer(person, "chat", me, "李军", "13812345678"), NOW)
        attempt = begin(session, Taker(person, "chat", me), rules, NOW)
        while question := current_question(session, attempt):
            answer(session, attempt, question.answer, NOW)
        certificate = issue(session, attempt, rules, NOW, "李军")
        said = nominations.Story(
            NominationKind.STAR, "好人", "王师傅", STORY, name="李军", phone="13812345678", consents=True
        )
        nominations.hand_in(session, said, "k" * 43, "示范市商务局", follower_id=me, now=NOW)
        told = export_taking_part(session, me)
        assert told["sign_ups"][0]["phone"] == "13812345678"
        assert (told["quiz"][0]["right"], told["certificates"][0]["name"]) == (10, "李军")
        assert told["stories"][0]["subject"] == "王师傅"
        assert erase_taking_part(session, me, NOW) == 3
        session.expire_all()
        row = session.scalars(select(ActivitySignUp)).one()
        assert (row.name_sealed, row.phone_sealed, row.phone_index, row.follower_id) == (None, None, None, None)
        story = session.scalars(select(Nomination)).one()
        assert (story.story_sealed, story.contact_sealed, nominations.has_consent(story)) == (None, None, False)
        assert name_on(session, certificate) == ""
        assert session.scalars(select(QuizTry)).one().right_count == 10  # the figure stays
        assert all(not found for found in export_taking_part(session, me).values())
