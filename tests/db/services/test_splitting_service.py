"""A shift cut in two: times, people, lineage, and what is refused."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from schedule_app.domain.errors import IllegalTransition, InvalidInput, NotAllowed, NotFound, StaleVersion
from schedule_app.models import Shift
from schedule_app.services.splitting import split_shift
from schedule_app.services.undo import undo
from tests.db.services.scene import WEEK, fetch, make_scene, make_week, night, rows, writing
from tests.support.builders import build_rule
from tests.support.database import Database


@pytest.fixture(autouse=True)
async def _database(database: Database) -> None:
    """Every test here has a database of its own."""


async def halves() -> list[tuple[Any, ...]]:
    found = await rows(
        "SELECT local_date, local_start, local_end, ARRAY("
        "  SELECT name FROM schedule_assignments AS held JOIN employees ON employees.id = held.employee_id"
        "  WHERE held.shift_id = shifts.id AND held.starts_at = shifts.starts_at ORDER BY name)"
        " FROM shifts ORDER BY starts_at"
    )
    return [tuple(row) for row in found]


async def test_both_halves_keep_the_people_and_the_first_its_lineage():
    scene = await make_scene()
    _, [shift] = await make_week(scene, {"title": "Day", "required_staff": 2}, held={0: [scene.bob, scene.carol]})

    outcome = await split_shift(scene.actor("manager"), shift.id, time(13), expected_version=1)

    both = ["Bob Worker", "Carol Worker"]
    assert (outcome.people, outcome.left_open) == (2, ())
    assert await halves() == [(WEEK, time(9), time(13), both), (WEEK, time(13), time(17), both)]
    first = await fetch(Shift, shift.id)
    assert (first.lineage_id, first.title, first.version) == (shift.lineage_id, "Day", 2)

    await undo(scene.actor("manager"), scene.site.id)
    assert await halves() == [(WEEK, time(9), time(17), both)]


async def test_whom_a_rule_blocks_on_the_second_half_stays_on_the_first_and_is_named():
    scene = await make_scene()
    _, [shift] = await make_week(scene, held={0: [scene.bob]})
    async with writing() as session:
        await build_rule(session, scene.site, constraints={"min_minutes": 660})

    outcome = await split_shift(scene.actor("manager"), shift.id, time(13), expected_version=1)

    assert [names for *_, names in await halves()] == [["Bob Worker"], []]
    [left] = outcome.left_open
    assert left.text.startswith("Bob Worker would have 0 min of rest before this shift")


@pytest.mark.parametrize(("at", "day"), [(time(23), 0), (time(2), 1), (time(0), 1)])
async def test_a_night_is_cut_before_and_after_midnight(at: time, day: int):
    scene = await make_scene()
    _, [shift] = await make_week(scene, night(2), held={0: [scene.bob]})

    await split_shift(scene.actor("manager"), shift.id, at, expected_version=1)

    start = WEEK + timedelta(days=2)
    assert await halves() == [
        (start, time(22), at, ["Bob Worker"]),
        (start + timedelta(days=day), at, time(6), ["Bob Worker"]),
    ]


async def test_the_halves_of_a_night_with_a_clock_change_add_up():
    scene = await make_scene()
    # In Berlin the clocks go forward in the night to Sunday, 28 March 2027.
    _, [shift] = await make_week(scene, night(5), week_start=date(2027, 3, 22))

    await split_shift(scene.actor("manager"), shift.id, time(1), expected_version=1)

    lengths = await rows("SELECT ends_at - starts_at FROM shifts ORDER BY starts_at")
    assert [length for [length] in lengths] == [timedelta(hours=3), timedelta(hours=4)]


@pytest.mark.parametrize("at", [time(9), time(17), time(8, 59), time(18), time(13, 0, 1)])
async def test_times_outside_the_shift_are_refused(at: time):
    scene = await make_scene()
    _, [shift] = await make_week(scene)
    with pytest.raises(InvalidInput) as refused:
        await split_shift(scene.actor("manager"), shift.id, at, expected_version=1)
    assert refused.value.field == "at"
    assert len(await halves()) == 1


async def test_a_second_half_in_the_week_after_is_refused():
    scene = await make_scene()
    _, [shift] = await make_week(scene, night(6))
    with pytest.raises(InvalidInput, match="week after"):
        await split_shift(scene.actor("manager"), shift.id, time(1), expected_version=1)
    assert len(await halves()) == 1


@pytest.mark.parametrize(
    ("who", "error"), [("stranger", NotFound), ("supervisor", NotAllowed), ("employee", NotAllowed)]
)
async def test_who_may_not_edit_shifts_splits_nothing(who: str, error: type[Exception]):
    scene = await make_scene()
    _, [shift] = await make_week(scene)
    with pytest.raises(error):
        await split_shift(scene.actor(who), shift.id, time(13), expected_version=1)
    assert len(await halves()) == 1


async def test_only_a_draft_as_it_was_seen_is_split():
    scene = await make_scene()
    _, [shift] = await make_week(scene)
    _, [out] = await make_week(scene, status="published", week_start=WEEK + timedelta(days=7))
    manager = scene.actor("manager")
    with pytest.raises(StaleVersion):
        await split_shift(manager, shift.id, time(13), expected_version=2)
    with pytest.raises(IllegalTransition):
        await split_shift(manager, out.id, time(13), expected_version=1)
    assert len(await halves()) == 2
