"""A board sent once, then by the rows that differ."""

from hypothesis import given
from hypothesis import strategies as st

from schedule_app.queries.board import BoardRow, BoardShift
from schedule_app.ui.board.patching import Base, patched, restaffed, with_staffing


def person(number: int, minutes: int = 0) -> BoardRow:
    return BoardRow(
        id=number,
        name=f"P{number}",
        initials="P",
        role="employee",
        department="",
        qualifications=[],
        minutes=minutes,
        target=None,
        cents=None,
        cells=[],
    )


boards = st.lists(
    st.builds(person, st.integers(1, 30), st.integers(0, 3)), unique_by=lambda row: row["id"], max_size=30
).map(lambda rows: sorted(rows, key=lambda row: row["id"]))


@given(boards, boards)
def test_base_with_patch_shows_what_a_fresh_load_shows(before: list[BoardRow], after: list[BoardRow]):
    patch = patched(Base(tuple(before)), after)
    if patch is None:
        return
    shown = [patch.get(str(row["id"]), row) for row in before]
    assert [row for row in shown if row is not None] == after


@given(boards)
def test_an_unchanged_board_needs_an_empty_patch(rows: list[BoardRow]):
    assert patched(Base(tuple(rows)), [row.copy() for row in rows]) == {}


def test_one_changed_row_is_the_whole_patch():
    before = [person(number) for number in range(1, 101)]
    after = [person(number, minutes=480 if number == 42 else 0) for number in range(1, 101)]
    assert patched(Base(tuple(before)), after) == {"42": person(42, minutes=480)}


def test_a_new_person_or_another_order_is_sent_whole():
    anna, bert, carl = person(1), person(2), person(3)
    assert patched(Base((anna, bert)), [anna, bert, carl]) is None
    assert patched(Base((anna, bert)), [bert, anna]) is None


def test_a_board_changed_all_over_is_sent_whole():
    before = [person(number) for number in range(1, 101)]
    assert patched(Base(tuple(before)), [person(number, minutes=1) for number in range(1, 101)]) is None


def shift(number: int, staffed: int = 0, title: str = "Day") -> BoardShift:
    return BoardShift(
        id=number,
        v=1,
        start="07:00",
        end="15:00",
        at=420,
        minutes=480,
        label="07:00–15:00",
        title=title,
        kind="general",
        needed=2,
        staffed=staffed,
        department="",
        qualifications=[],
    )


weeks = st.lists(
    st.lists(st.builds(shift, st.integers(1, 30), st.integers(0, 3), st.sampled_from(["Day", "Night"])), max_size=3),
    min_size=7,
    max_size=7,
)


@given(weeks, weeks)
def test_base_with_staffing_shows_the_shifts_of_a_fresh_load(
    before: list[list[BoardShift]], after: list[list[BoardShift]]
):
    staffed = restaffed(Base(shifts=tuple(tuple(day) for day in before)), after)
    if staffed is not None and len({each["id"] for day in after for each in day}) == sum(map(len, after)):
        assert with_staffing(before, staffed) == after


def test_a_person_more_on_a_shift_is_one_number_and_a_new_title_is_sent_whole():
    base = Base(shifts=((shift(1), shift(2)), (shift(3),)))
    assert restaffed(base, [[shift(1), shift(2, staffed=1)], [shift(3)]]) == {"2": 1}
    assert restaffed(base, [[shift(1), shift(2, title="Late")], [shift(3)]]) is None
    assert restaffed(base, [[shift(1)], [shift(2), shift(3)]]) is None
