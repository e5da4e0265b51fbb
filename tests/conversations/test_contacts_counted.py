"""What of a conversation is counted: answered questions and looked-up firms, once a person and day."""

from sqlalchemy import select

from models.counting import CountedEvent, CountedKind
from tests.citizen import Citizen, open_door
from tests.conversations.conftest import Bureau
from tests.conversations.office import Office


def counted(bureau: Bureau) -> list[tuple[CountedKind, int]]:
    with bureau.database.read() as session:
        rows = session.scalars(select(CountedEvent).order_by(CountedEvent.id))
        return [(row.kind, row.count) for row in rows]


def test_a_question_counts_small_talk_does_not(bureau: Bureau, office: Office) -> None:
    citizen = Citizen(open_door(bureau.reception(office.clock)), bureau.settings, "o_counted_0000000000000000")
    before = len(counted(bureau))
    citizen.says("你好")
    citizen.says("谢谢")
    assert counted(bureau)[before:] == []
    citizen.says("上班时间")
    citizen.says("你们在哪里")
    assert counted(bureau)[before:] == [(CountedKind.CONSULT, 2)]
    citizen.says("重庆长行坊茶业有限公司")
    assert counted(bureau)[before:] == [(CountedKind.CONSULT, 3), (CountedKind.LOOK_UP, 1)]
    office.clock.turn(24 * 60)
    citizen.says("上班时间")
    assert counted(bureau)[before:][-1] == (CountedKind.CONSULT, 1)
