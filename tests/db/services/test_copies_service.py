"""Days copied into drafts: what comes along, what is left off and said, what is refused."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from schedule_app.domain.errors import Conflict, IllegalTransition, InvalidInput, NotAllowed, NotFound
from schedule_app.models import Schedule
from schedule_app.services.assignments import assign_employee
from schedule_app.services.copies import DaysCopy, copy_days, preview_copy
from schedule_app.services.schedules import create_schedule, submit_schedule
from schedule_app.services.undo import redo, undo
from tests.db.services.scene import WEEK, Scene, execute, make_scene, make_week, night, rows, writing
from tests.support.builders import build_rule
from tests.support.database import Database
from tests.support.queries import count_statements

NEXT = WEEK + timedelta(days=7)
THE_WEEK = DaysCopy(WEEK, WEEK + timedelta(days=6), NEXT, with_people=True)


@pytest.fixture(autouse=True)
async def _database(database: Database) -> None:
    """Every test here has a database of its own."""


async def target(scene: Scene, week: date = NEXT) -> int:
    """An empty draft."""
    return await create_schedule(scene.actor("manager"), scene.site.id, week)


async def shifts_of(week: date) -> list[tuple[Any, ...]]:
    """The shifts of a week's draft with the names of the people on them."""
    found = await rows(
        "SELECT shifts.local_date - schedules.week_start, shifts.local_start, shifts.local_end, shifts.title, ARRAY("
        "  SELECT name FROM schedule_assignments AS held JOIN employees ON employees.id = held.employee_id"
        "  WHERE held.shift_id = shifts.id ORDER BY name)"
        " FROM shifts JOIN schedules ON schedules.id = shifts.schedule_id"
        " WHERE schedules.week_start = :week AND schedules.status = 'draft' ORDER BY shifts.starts_at, shifts.id",
        week=week,
    )
    return [tuple(row) for row in found]


async def test_a_week_is_copied_with_its_people_as_one_step():
    scene = await make_scene()
    await make_week(scene, {"title": "Early"}, {**night(2), "title": "Night"}, held={0: [scene.bob], 1: [scene.carol]})
    schedule_id = await target(scene)

    outcome = await copy_days(scene.actor("manager"), scene.site.id, THE_WEEK)

    assert (outcome.shifts, outcome.people, outcome.left_open, outcome.warned) == (2, 2, (), ())
    assert await shifts_of(NEXT) == [
        (0, time(9), time(17), "Early", ["Bob Worker"]),
        (2, time(22), time(6), "Night", ["Carol Worker"]),
    ]
    [[action, entity_id, after]] = await rows(
        "SELECT action, entity_id, after FROM audit_entries WHERE action = 'copy'"
    )
    assert (action, entity_id, after["shifts"], after["people"]) == ("copy", schedule_id, 2, 2)
    lineages = await rows("SELECT DISTINCT lineage_id FROM shifts")
    assert len(lineages) == 4


async def test_a_week_without_a_draft_gets_one():
    scene = await make_scene()
    await make_week(scene, held={0: [scene.bob]})

    foreseen = await preview_copy(scene.actor("manager"), scene.site.id, THE_WEEK)
    outcome = await copy_days(scene.actor("manager"), scene.site.id, THE_WEEK)

    assert outcome == foreseen
    assert outcome.new_weeks == (NEXT,)
    assert await shifts_of(NEXT) == [(0, time(9), time(17), None, ["Bob Worker"])]


async def test_shifts_alone_are_copied_without_people():
    scene = await make_scene()
    await make_week(scene, held={0: [scene.bob]})

    outcome = await copy_days(scene.actor("manager"), scene.site.id, replace(THE_WEEK, with_people=False))

    assert (outcome.shifts, outcome.people) == (1, 0)
    assert await shifts_of(NEXT) == [(0, time(9), time(17), None, [])]


async def test_a_day_goes_to_any_day_and_a_range_over_several_weeks():
    scene = await make_scene()
    await make_week(scene, {"day": 1, "title": "Tuesday"}, {"day": 6, "title": "Sunday"})
    manager, tuesday = scene.actor("manager"), WEEK + timedelta(days=1)

    await copy_days(manager, scene.site.id, DaysCopy(tuesday, tuesday, NEXT + timedelta(days=4)))
    assert [(day, title) for day, *_, title, _ in await shifts_of(NEXT)] == [(4, "Tuesday")]

    await copy_days(manager, scene.site.id, DaysCopy(tuesday, WEEK + timedelta(days=6), NEXT + timedelta(days=5)))
    assert [title for *_, title, _ in await shifts_of(NEXT)] == ["Tuesday", "Tuesday"]
    assert [(day, title) for day, *_, title, _ in await shifts_of(NEXT + timedelta(days=7))] == [(3, "Sunday")]


async def test_whom_a_rule_blocks_is_left_off_and_named():
    scene = await make_scene()
    await make_week(scene, {"required_staff": 2, "title": "Early"}, held={0: [scene.bob, scene.carol]})
    await make_week(scene, {"start": time(12), "end": time(20)}, held={0: [scene.bob]}, week_start=NEXT)

    foreseen = await preview_copy(scene.actor("manager"), scene.site.id, THE_WEEK)
    outcome = await copy_days(scene.actor("manager"), scene.site.id, THE_WEEK)

    assert outcome == foreseen
    [left] = outcome.left_open
    assert (left.day, left.name) == (NEXT, "Bob Worker")
    assert "(Early)" in left.label
    assert "already works" in left.text
    assert (outcome.shifts, outcome.people) == (1, 1)
    assert (0, time(9), time(17), "Early", ["Carol Worker"]) in await shifts_of(NEXT)


async def test_a_blocking_rule_counts_what_was_copied_just_before():
    scene = await make_scene()
    first, second = {"start": time(6), "end": time(14)}, {"start": time(16), "end": time(22)}
    await make_week(scene, first, second, held={0: [scene.bob], 1: [scene.bob]})
    async with writing() as session:
        await build_rule(session, scene.site)

    outcome = await copy_days(scene.actor("manager"), scene.site.id, THE_WEEK)

    assert [(each.name, each.day) for each in outcome.left_open] == [("Bob Worker", NEXT)]
    assert "rest" in outcome.left_open[0].text
    assert [people for *_, people in await shifts_of(NEXT)] == [["Bob Worker"], []]


async def keep_apart(scene: Scene) -> None:
    """Bob and Carol never work at the same time from now on."""
    async with writing() as session:
        pair = {"first": scene.bob.id, "second": scene.carol.id}
        await build_rule(session, scene.site, rule_type="restriction", constraints={"apart": [pair]}, strict=True)


async def test_who_is_kept_apart_is_not_copied_to_the_same_time():
    scene = await make_scene()
    await make_week(scene, {"required_staff": 2}, held={0: [scene.bob, scene.carol]})
    await keep_apart(scene)

    outcome = await copy_days(scene.actor("manager"), scene.site.id, THE_WEEK)

    assert [each.text for each in outcome.left_open] == ["Carol Worker would work at the same time as Bob Worker."]
    assert [people for *_, people in await shifts_of(NEXT)] == [["Bob Worker"]]


async def test_who_is_kept_apart_is_not_copied_beside_somebody_who_is_there_already():
    scene = await make_scene()
    await make_week(scene, held={0: [scene.bob]})
    await make_week(scene, {"start": time(12), "end": time(20)}, held={0: [scene.carol]}, week_start=NEXT)
    await keep_apart(scene)

    outcome = await copy_days(scene.actor("manager"), scene.site.id, THE_WEEK)

    assert [each.text for each in outcome.left_open] == ["Bob Worker would work at the same time as Carol Worker."]


async def test_rest_between_the_copy_and_the_week_before_is_judged():
    scene = await make_scene()
    late, early = {"day": 6, "start": time(15), "end": time(23)}, {"start": time(6), "end": time(14)}
    await make_week(scene, early, late, held={0: [scene.bob], 1: [scene.bob]})
    async with writing() as session:
        await build_rule(session, scene.site)

    outcome = await copy_days(scene.actor("manager"), scene.site.id, THE_WEEK)

    assert [each.day for each in outcome.left_open] == [NEXT]


async def test_warnings_are_kept_with_the_assignments_and_named():
    scene = await make_scene()
    first, second = {"start": time(6), "end": time(14)}, {"start": time(16), "end": time(22)}
    await make_week(scene, first, second, held={0: [scene.bob], 1: [scene.bob]})
    async with writing() as session:
        await build_rule(session, scene.site, strict=False)

    outcome = await copy_days(scene.actor("manager"), scene.site.id, THE_WEEK)

    assert (outcome.people, outcome.left_open) == (2, ())
    [warned] = outcome.warned
    [[message, severity]] = await rows("SELECT message, severity FROM rule_violations")
    assert (warned.text, severity) == (message, "warn")


async def test_who_has_left_is_left_off_and_named():
    scene = await make_scene()
    await make_week(scene, {"required_staff": 2}, held={0: [scene.bob, scene.carol]})
    await execute("UPDATE employees SET deleted_at = now(), is_active = false WHERE id = :id", id=scene.bob.id)
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.carol.id)

    outcome = await copy_days(scene.actor("manager"), scene.site.id, THE_WEEK)

    assert [each.text for each in outcome.left_open] == [
        "Bob Worker does not work at this site any more.",
        "Carol Worker is not active and cannot be given shifts.",
    ]
    assert [people for *_, people in await shifts_of(NEXT)] == [[]]


async def test_replacing_removes_what_is_there_and_says_how_much():
    scene = await make_scene()
    await make_week(scene, {"title": "New"}, held={0: [scene.bob]})
    old = {"title": "Old", "start": time(12), "end": time(20)}
    await make_week(scene, old, {**old, "day": 1}, held={0: [scene.bob, scene.carol]}, week_start=NEXT)
    monday = replace(THE_WEEK, last=WEEK, replaces=True)

    foreseen = await preview_copy(scene.actor("manager"), scene.site.id, monday)
    outcome = await copy_days(scene.actor("manager"), scene.site.id, monday)

    assert outcome == foreseen
    assert (outcome.removed_shifts, outcome.removed_people, outcome.left_open) == (1, 2, ())
    assert [(day, title, people) for day, *_, title, people in await shifts_of(NEXT)] == [
        (0, "New", ["Bob Worker"]),
        (1, "Old", []),
    ]
    [[before]] = await rows("SELECT before FROM audit_entries WHERE action = 'copy'")
    assert before == {"shifts": 1, "people": 2}


async def test_adding_removes_nothing():
    scene = await make_scene()
    await make_week(scene, {"title": "New"})
    await make_week(scene, {"title": "Old"}, week_start=NEXT)

    outcome = await copy_days(scene.actor("manager"), scene.site.id, THE_WEEK)

    assert outcome.removed_shifts == 0
    assert [title for *_, title, _ in await shifts_of(NEXT)] == ["Old", "New"]


async def test_of_two_versions_the_one_looked_at_is_copied():
    scene = await make_scene()
    schedule, _ = await make_week(scene, {"title": "In force"}, status="published")
    await execute(
        "INSERT INTO schedules (site_id, week_start, week_end, version_number, parent_id)"
        " VALUES (:site, :week, :week + 6, 2, :parent)",
        site=scene.site.id,
        week=WEEK,
        parent=schedule.id,
    )
    manager = scene.actor("manager")

    with pytest.raises(NotFound, match="no shifts on these days"):
        await copy_days(manager, scene.site.id, THE_WEEK)
    await copy_days(manager, scene.site.id, replace(THE_WEEK, version="published"))

    assert [title for *_, title, _ in await shifts_of(NEXT)] == ["In force"]


async def test_wall_times_stay_over_a_clock_change():
    scene = await make_scene()
    # In Berlin the clocks go forward in the night to Sunday, 28 March 2027.
    week = date(2027, 3, 15)
    await make_week(scene, night(5), week_start=week)

    await copy_days(scene.actor("manager"), scene.site.id, DaysCopy(week, week + timedelta(days=6), date(2027, 3, 22)))

    found = await rows("SELECT local_start, local_end, ends_at - starts_at FROM shifts ORDER BY starts_at")
    assert [tuple(row) for row in found] == [
        (time(22), time(6), timedelta(hours=8)),
        (time(22), time(6), timedelta(hours=7)),
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"last": WEEK.replace(year=WEEK.year + 10)}, "At most 62 days"),
        ({"last": WEEK - timedelta(days=1)}, "before the first"),
        ({"to": WEEK + timedelta(days=3)}, "overlap"),
        ({"to": WEEK - timedelta(days=3)}, "overlap"),
        ({"to": WEEK}, "overlap"),
        ({"to": date(9999, 12, 31)}, "between 1970 and 2199"),
        ({"to": date(1, 1, 1)}, "between 1970 and 2199"),
    ],
)
async def test_ranges_that_make_no_sense_are_refused(change: dict[str, Any], words: str):
    scene = await make_scene()
    await make_week(scene)
    copy = replace(THE_WEEK, **change)

    for verb in (preview_copy, copy_days):
        with pytest.raises(InvalidInput, match=words):
            await verb(scene.actor("manager"), scene.site.id, copy)
    assert await rows("SELECT count(*) FROM shifts") == [(1,)]


async def test_a_week_in_approval_or_published_is_refused_whole():
    scene = await make_scene()
    await make_week(scene)
    manager = scene.actor("manager")
    schedule_id = await target(scene)
    await submit_schedule(manager, schedule_id, expected_version=1)
    with pytest.raises(IllegalTransition, match="waits for approval"):
        await copy_days(manager, scene.site.id, THE_WEEK)

    after = NEXT + timedelta(days=7)
    await make_week(scene, status="published", week_start=after)
    with pytest.raises(Conflict, match="is published"):
        await copy_days(manager, scene.site.id, replace(THE_WEEK, to=after))
    assert await shifts_of(after) == []


@pytest.mark.parametrize(
    ("who", "error"), [("stranger", NotFound), ("supervisor", NotAllowed), ("employee", NotAllowed)]
)
async def test_who_may_not_edit_shifts_copies_nothing(who: str, error: type[Exception]):
    scene = await make_scene()
    await make_week(scene, held={0: [scene.bob]})

    for verb in (preview_copy, copy_days):
        with pytest.raises(error):
            await verb(scene.actor(who), scene.site.id, THE_WEEK)
    assert await rows("SELECT count(*) FROM schedules") == [(1,)]


async def test_a_missing_site_is_not_found():
    scene = await make_scene()
    with pytest.raises(NotFound):
        await copy_days(scene.actor("admin"), 2**40, THE_WEEK)


async def test_a_refused_copy_leaves_no_draft_behind():
    scene = await make_scene()
    await make_week(scene)
    after = NEXT + timedelta(days=7)
    await make_week(scene, status="published", week_start=after)
    long = DaysCopy(WEEK - timedelta(days=7), WEEK + timedelta(days=6), NEXT)

    with pytest.raises(Conflict):
        await copy_days(scene.actor("manager"), scene.site.id, long)

    assert await rows("SELECT count(*) FROM schedules WHERE week_start = :week", week=NEXT) == [(0,)]


async def test_the_same_number_of_statements_whatever_is_copied():
    scene = await make_scene()
    await make_week(scene, {}, held={0: [scene.bob]})
    many = [{"day": day, "start": time(hour), "end": time(hour + 1)} for day in range(7) for hour in range(0, 20, 2)]
    week = WEEK + timedelta(days=70)
    await make_week(scene, *many, held={n: [scene.bob, scene.carol] for n in range(70)}, week_start=week)
    manager = scene.actor("manager")

    with count_statements() as few:
        await copy_days(manager, scene.site.id, THE_WEEK)
    big = DaysCopy(week, week + timedelta(days=6), week + timedelta(days=7), with_people=True)
    with count_statements() as lots:
        outcome = await copy_days(manager, scene.site.id, big)

    assert (outcome.shifts, outcome.people) == (70, 140)
    assert len(lots) == len(few) <= 14


async def test_who_was_just_put_on_the_target_counts():
    scene = await make_scene()
    await make_week(scene, held={0: [scene.bob]})
    _, [other] = await make_week(scene, {"start": time(16), "end": time(20)}, week_start=NEXT)
    await assign_employee(scene.actor("manager"), other.id, scene.bob.id)

    outcome = await copy_days(scene.actor("manager"), scene.site.id, THE_WEEK)

    assert [each.name for each in outcome.left_open] == ["Bob Worker"]
    assert (await rows("SELECT count(*) FROM schedules WHERE status = 'draft'")) == [(2,)]
    assert Schedule.__tablename__ == "schedules"


@pytest.mark.parametrize("is_new", [True, False], ids=["new week", "draft"])
async def test_a_copy_is_taken_back_as_one_step_and_made_again(is_new: bool):
    scene = await make_scene()
    await make_week(scene, {"title": "Early"}, {"day": 1}, held={0: [scene.bob], 1: [scene.carol]})
    if not is_new:
        await make_week(scene, {"title": "Old", "day": 2}, held={0: [scene.bob]}, week_start=NEXT)
    before = await shifts_of(NEXT)
    manager = scene.actor("manager")
    await copy_days(manager, scene.site.id, replace(THE_WEEK, replaces=True))
    copied = await shifts_of(NEXT)

    await undo(manager, scene.site.id)
    assert await shifts_of(NEXT) == before
    await redo(manager, scene.site.id)
    assert await shifts_of(NEXT) == copied
