"""A board sent once, then by the rows that differ."""

from hypothesis import given
from hypothesis import strategies as st

from schedule_app.ui.board.patching import Base, patched

rows_of_people = st.lists(
    st.builds(
        lambda number, minutes: {"id": number, "name": f"P{number}", "minutes": minutes},
        st.integers(1, 30),
        st.integers(0, 3),
    ),
    unique_by=lambda row: row["id"],
    max_size=30,
).map(lambda rows: sorted(rows, key=lambda row: row["id"]))


@given(rows_of_people, rows_of_people)
def test_base_with_patch_shows_what_a_fresh_load_shows(before: list[dict], after: list[dict]):
    patch = patched(Base(before), after)
    if patch is None:
        return
    shown = [patch.get(str(row["id"]), row) for row in before]
    assert [row for row in shown if row is not None] == after


@given(rows_of_people)
def test_an_unchanged_board_needs_an_empty_patch(rows: list[dict]):
    assert patched(Base(rows), [dict(row) for row in rows]) == {}


def test_one_changed_row_is_the_whole_patch():
    before = [{"id": number, "minutes": 0} for number in range(1, 101)]
    after = [dict(row) for row in before]
    after[41]["minutes"] = 480
    assert patched(Base(before), after) == {"42": {"id": 42, "minutes": 480}}


def test_a_new_person_or_another_order_is_sent_whole():
    before = [{"id": 1}, {"id": 2}]
    assert patched(Base(before), [{"id": 1}, {"id": 2}, {"id": 3}]) is None
    assert patched(Base(before), [{"id": 2}, {"id": 1}]) is None


def test_a_board_changed_all_over_is_sent_whole():
    before = [{"id": number, "minutes": 0} for number in range(1, 101)]
    assert patched(Base(before), [{**row, "minutes": 1} for row in before]) is None
