"""Who waits for a row that everybody writes."""

import threading

from models.database import Database, stand_in_line


def test_one_at_a_time_stands_first_and_other_rows_have_lines_of_their_own(database: Database) -> None:
    order: list[str] = []
    has_begun = threading.Event()

    def write(row: str) -> None:
        has_begun.set()
        with database.write() as session:
            stand_in_line(session, row)
            order.append(f"{row} later")

    with database.write() as session:
        stand_in_line(session, "a")
        later = threading.Thread(target=write, args=("a",))
        later.start()
        has_begun.wait(10)
        if not database.is_sqlite:  # there all writers stand in one line
            beside = threading.Thread(target=write, args=("b",))
            beside.start()
            beside.join(10)
            assert order == ["b later"]
        order.append("a first")
    later.join(10)
    assert order[-2:] == ["a first", "a later"]
