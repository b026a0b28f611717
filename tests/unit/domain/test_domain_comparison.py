"""Two versions of a week: what differs, and that the differences are neither more nor fewer than there are."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule_app.domain.comparison import (
    Comparison,
    Held,
    Replaced,
    Terms,
    VersionShift,
    WeekVersion,
    compare,
    digest,
    figures,
)
from schedule_app.domain.time import resolve_span
from tests.unit.domain.domain_builders import BERLIN, clock, day

NOTHING = WeekVersion()


def shift(
    lineage: str = "a", offset: int = 0, times: str = "07:00-15:00", *, required: int = 1, title: str = "Early"
) -> VersionShift:
    start, end = map(clock, times.split("-"))
    on = day(offset)
    return VersionShift(lineage, on, resolve_span(on, start, end, BERLIN), BERLIN, title, "general", "Ward", required)


def version(*shifts: VersionShift, held: set[tuple[str, int]] | None = None, no: set[tuple[str, int]] = frozenset()):  # type: ignore[assignment]
    people = frozenset(Held(*each) for each in held or ())
    return WeekVersion({each.lineage_id: each for each in shifts}, people, frozenset(Held(*each) for each in no))


def test_shifts_come_go_and_change():
    one = version(shift("a"), shift("b", 1), shift("c", 2))
    other = version(shift("a"), shift("c", 2, "08:00-15:00", required=2), shift("d", 3))

    found = compare(one, other)

    assert [each.lineage_id for each in found.added_shifts] == ["d"]
    assert [each.lineage_id for each in found.removed_shifts] == ["b"]
    [change] = found.changed_shifts
    assert (change.before, change.after) == (one.shifts["c"], other.shifts["c"])
    assert change.names == ("span", "required_staff")


def test_another_person_on_the_same_shift_is_a_replacement():
    one = version(shift("a", required=3), held={("a", 1), ("a", 5), ("a", 7)})
    other = version(shift("a", required=3), held={("a", 1), ("a", 9)})

    found = compare(one, other)

    assert found.replaced == (Replaced("a", 5, 9),)
    assert found.removed == (Held("a", 7),)
    assert (found.added, found.moved) == ((), ())


def test_the_same_person_on_a_shift_whose_times_changed_is_moved():
    one = version(shift("a"), shift("b", 1), held={("a", 1), ("b", 1)})
    other = version(shift("a", 0, "07:00-16:00"), shift("b", 1, title="Renamed"), held={("a", 1), ("b", 1)})

    found = compare(one, other)

    assert found.moved == (Held("a", 1),)
    assert found.counts() == {
        "added_shifts": 0,
        "removed_shifts": 0,
        "changed_shifts": 2,
        "added": 0,
        "removed": 0,
        "replaced": 0,
        "moved": 1,
    }


def test_differences_stand_in_the_order_of_the_week():
    late, early = shift("a", 4), shift("b", 1)

    assert [each.lineage_id for each in compare(NOTHING, version(late, early)).added_shifts] == ["b", "a"]
    found = compare(version(late, early), version(late, early, held={("a", 1), ("b", 2)}))
    assert found.added == (Held("b", 2), Held("a", 1))


def test_figures_of_a_version():
    night = shift("n", 5, "22:00-06:00", required=2)
    one = version(
        shift("a"),
        shift("b", 1, required=3),
        night,
        held={("a", 1), ("b", 1), ("b", 2), ("n", 2), ("a", 3)},
        no={("a", 3)},
    )
    people = {1: Terms(960, 1000), 2: Terms(480, 1111), 3: Terms(None, 5000), 4: Terms(0, 100)}

    found = figures(one, people, with_cost=True)

    assert (found.people, found.minutes, found.minutes_of) == (2, 1920, {1: 960, 2: 960})
    assert found.cost_cents == 16 * 1000 + 16 * 1111
    assert (found.short_minutes, found.over_minutes) == (480 + 480, 0)
    # One has eight hours more than agreed, the others what was agreed: mean 160, squares 25 600, 25 600 and 102 400.
    assert found.hours_deviation == pytest.approx((153600 / 3) ** 0.5)
    assert (found.nights_gap, found.weekends_gap) == (1, 1)


def test_cost_is_rounded_once_per_person_and_told_to_nobody_unasked():
    one = version(shift("a", 0, "07:00-07:20"), held={("a", 1), ("a", 2), ("a", 3)})
    people = {1: Terms(None, 1000), 2: Terms(None, 1001), 3: Terms()}

    priced = figures(one, people, with_cost=True)
    assert (priced.cost_cents, priced.unpriced) == (333 + 334, 1)
    assert (priced.over_minutes, priced.short_minutes) == (40, 0)
    unpriced = figures(one, people, with_cost=False)
    assert (unpriced.cost_cents, unpriced.unpriced) == (None, 0)


def test_an_empty_week_has_empty_figures():
    assert figures(NOTHING, {}, with_cost=True).cost_cents == 0
    assert figures(NOTHING, {}, with_cost=True).hours_deviation == 0


def test_a_digest_names_exactly_what_was_compared():
    one, other = version(shift("a"), held={("a", 1)}), version(shift("a"), held={("a", 2)})
    same = version(shift("a"), held={("a", 1)})

    assert digest(one, other) == digest(same, other)
    variants = [
        (other, one),
        (one, one),
        (one, version(shift("a", title="Other"), held={("a", 2)})),
        (one, version(shift("a"), held={("a", 2)}, no={("a", 2)})),
        (version(shift("a", required=2), held={("a", 1)}), other),
    ]
    assert len({digest(one, other), *(digest(*each) for each in variants)}) == 6


SHIFTS = st.builds(
    shift,
    st.sampled_from("abcdef"),
    st.integers(0, 6),
    st.sampled_from(["07:00-15:00", "08:00-16:00", "22:00-06:00"]),
    required=st.integers(1, 3),
    title=st.sampled_from(["Early", "Late"]),
)


@st.composite
def versions(draw: st.DrawFn) -> WeekVersion:
    shifts = {each.lineage_id: each for each in draw(st.lists(SHIFTS))}
    if not shifts:
        return NOTHING
    pairs = st.builds(Held, st.sampled_from(sorted(shifts)), st.integers(1, 5))
    held = draw(st.frozensets(pairs))
    declined = draw(st.frozensets(st.sampled_from(sorted(held)))) if held else frozenset()
    return WeekVersion(shifts, held, declined)


def applied(found: Comparison, one: WeekVersion) -> WeekVersion:
    """The version that the differences lead to."""
    shifts = dict(one.shifts)
    for gone in found.removed_shifts:
        assert shifts.pop(gone.lineage_id) == gone
    for new in found.added_shifts:
        assert new.lineage_id not in shifts
        shifts[new.lineage_id] = new
    for change in found.changed_shifts:
        assert shifts[change.before.lineage_id] == change.before
        shifts[change.before.lineage_id] = change.after
    left = {*found.removed, *(Held(each.lineage_id, each.before_id) for each in found.replaced)}
    came = {*found.added, *(Held(each.lineage_id, each.after_id) for each in found.replaced)}
    assert left <= one.held
    assert not came & one.held
    return WeekVersion(shifts, (one.held - left) | came)


def mirrored(found: Comparison) -> Comparison:
    """The way back."""
    return Comparison(
        added_shifts=found.removed_shifts,
        removed_shifts=found.added_shifts,
        changed_shifts=tuple(replace(each, before=each.after, after=each.before) for each in found.changed_shifts),
        added=found.removed,
        removed=found.added,
        replaced=tuple(Replaced(each.lineage_id, each.after_id, each.before_id) for each in found.replaced),
        moved=found.moved,
    )


def unordered(found: Comparison) -> dict[str, object]:
    """The same, without the order, which follows the version that is looked at."""
    return {name: set(getattr(found, name)) for name in found.counts()}


@given(versions())
def test_a_version_is_no_different_from_itself(one: WeekVersion):
    assert not any(compare(one, one).counts().values())


@given(versions(), versions())
def test_the_other_way_round_is_the_mirror_image(one: WeekVersion, other: WeekVersion):
    assert unordered(compare(other, one)) == unordered(mirrored(compare(one, other)))


@given(versions(), versions())
def test_one_version_with_the_differences_is_the_other(one: WeekVersion, other: WeekVersion):
    result = applied(compare(one, other), one)

    assert (result.shifts, result.held) == (other.shifts, other.held)


@given(versions())
def test_figures_are_sums_of_their_parts(one: WeekVersion):
    people = {each: Terms(600, 1234) for each in range(1, 6)}
    found = figures(one, people, with_cost=True)

    active = one.held - one.declined
    assert found.minutes == sum(found.minutes_of.values())
    assert found.minutes == sum(one.shifts[each.lineage_id].span.minutes for each in active)
    assert found.people == len({each.employee_id for each in active})
    needed = sum(each.required_staff * each.span.minutes for each in one.shifts.values())
    assert found.minutes - needed == found.over_minutes - found.short_minutes
