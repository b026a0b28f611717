"""A board sent once, then by the rows that differ."""

from hypothesis import given
from hypothesis import strategies as st

from schedule_app.queries.board import BoardRow
from schedule_app.ui.board.patching import Base, patched


def person(number: int, minutes: int = 0) -> BoardRow:
    return BoardRow(
        id=number,
        name=f"P{number}",
        initials="P",
        role="employee",
        department="",
        minutes=minutes,
        target=None,
        cells=[],
    )


boards = st.lists(
    st.builds(person, st.integers(1, 30), st.integers(0, 3)), unique_by=lambda row: row["id"], max_size=30
).map(lambda rows: sorted(rows, key=lambda row: row["id"]))


@given(boards, boards)
def test_base_with_patch_shows_what_a_fresh_load_shows(before: list[BoardRow], after: list[BoardRow]):
    patch = patched(Base(before), after)
    if patch is None:
        return
    shown = [patch.get(str(row["id"]), row) for row in before]
    assert [row for row in shown if row is not None] == after


@given(boards)
def test_an_unchanged_board_needs_an_empty_patch(rows: list[BoardRow]):
    assert patched(Base(rows), [row.copy() for row in rows]) == {}


def test_one_changed_row_is_the_whole_patch():
    before = [person(number) for number in range(1, 101)]
    after = [person(number, minutes=480 if number == 42 else 0) for number in range(1, 101)]
    assert patched(Base(before), after) == {"42": person(42, minutes=480)}


def test_a_new_person_or_another_order_is_sent_whole():
    anna, bert, carl = person(1), person(2), person(3)
    assert patched(Base([anna, bert]), [anna, bert, carl]) is None
    assert patched(Base([anna, bert]), [bert, anna]) is None


def test_a_board_changed_all_over_is_sent_whole():
    before = [person(number) for number in range(1, 101)]
    assert patched(Base(before), [person(number, minutes=1) for number in range(1, 101)]) is None
