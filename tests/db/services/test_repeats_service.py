"""A shift made again on other days."""

from datetime import date, time, timedelta

import pytest

from schedule_app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, StaleVersion
from schedule_app.domain.repetition import Repetition
from schedule_app.services.repeats import preview_repeat, repeat_shift
from schedule_app.services.undo import undo
from tests.db.services.scene import WEEK, make_scene, make_week, rows
from tests.support.database import Database

_MONDAYS = frozenset({0})


@pytest.fixture(autouse=True)
async def _database(database: Database) -> None:
    """Every test here has a database of its own."""


async def days() -> list[int]:
    return [(day - WEEK).days for [day] in await rows("SELECT local_date FROM shifts ORDER BY local_date")]


async def test_a_shift_is_repeated_on_weekdays_over_weeks_and_taken_back_as_one_step():
    scene = await make_scene()
    _, [shift] = await make_week(scene, {"start": time(22), "end": time(6)}, held={0: [scene.bob]})
    manager = scene.actor("manager")

    rule = Repetition(frozenset({0, 2}), until=WEEK + timedelta(days=14))

    outcome = (await repeat_shift(manager, shift.id, rule, expected_version=1)).outcome

    assert (outcome.shifts, outcome.people, len(outcome.new_weeks)) == (4, 0, 2)
    assert await days() == [0, 2, 7, 9, 14]
    await undo(manager, scene.site.id)
    assert await days() == [0]


async def test_the_preview_says_what_is_made_and_a_published_week_in_the_way_is_named():
    scene = await make_scene()
    _, [shift] = await make_week(scene, {"start": time(22), "end": time(6)})
    manager, rule = scene.actor("manager"), Repetition(_MONDAYS, every=2, times=2)

    foretold = await preview_repeat(manager, shift.id, rule)
    assert foretold == await repeat_shift(manager, shift.id, rule, expected_version=1)
    assert await days() == [0, 14, 28]

    await make_week(scene, week_start=WEEK + timedelta(days=7), status="published")
    weekly = Repetition(_MONDAYS, times=1)
    for step in (
        preview_repeat(manager, shift.id, weekly),
        repeat_shift(manager, shift.id, weekly, expected_version=1),
    ):
        with pytest.raises(Conflict, match="is published"):
            await step
    with pytest.raises(NotFound):
        await preview_repeat(scene.actor("stranger"), shift.id, weekly)
    with pytest.raises(NotAllowed):
        await preview_repeat(scene.actor("employee"), shift.id, weekly)


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (WEEK + timedelta(days=183), "at most 26 weeks"),
        (date(9999, 12, 31), "at most 26 weeks"),
        (WEEK, "no such day"),
        (WEEK - timedelta(days=400), "no such day"),
        (WEEK + timedelta(days=6), "no such day"),
    ],
)
async def test_times_that_make_no_sense_are_refused(until: date, words: str):
    scene = await make_scene()
    _, [shift] = await make_week(scene)
    with pytest.raises(InvalidInput, match=words):
        await repeat_shift(scene.actor("manager"), shift.id, Repetition(_MONDAYS, until=until), expected_version=1)
    assert await days() == [0]


@pytest.mark.parametrize(
    ("who", "version", "error"),
    [
        ("stranger", 1, NotFound),
        ("supervisor", 1, NotAllowed),
        ("employee", 1, NotAllowed),
        ("manager", 2, StaleVersion),
    ],
)
async def test_who_may_not_edit_it_as_it_is_repeats_nothing(who: str, version: int, error: type[Exception]):
    scene = await make_scene()
    _, [shift] = await make_week(scene)
    with pytest.raises(error):
        await repeat_shift(scene.actor(who), shift.id, Repetition(_MONDAYS, times=2), expected_version=version)
    assert await days() == [0]
