"""Putting shifts into a draft, changing and removing them."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import (
    Conflict,
    DoubleBooking,
    IllegalTransition,
    InvalidInput,
    NotAllowed,
    NotFound,
    RuleBroken,
    ScheduleError,
    StaleVersion,
)
from schedule_app.models import Employee, Shift
from schedule_app.models import Schedule as Week
from schedule_app.queries.shifts import shift_detail
from schedule_app.services.assignments import assign_employee
from schedule_app.services.shifts import ShiftDetails, create_shift, delete_shift, edit_shift
from tests.db.services.scene import (
    WEEK,
    Scene,
    assignment_on,
    audited,
    execute,
    fetch,
    make_scene,
    make_week,
    rows,
    told,
    until_somebody_waits,
    writing,
)
from tests.support.builders import build_assignment, build_department, build_rule

pytestmark = pytest.mark.usefixtures("database")

HUGE = 2**70
# The clocks go forward in the night to Sunday.
SPRING = date(2027, 3, 22)
DAY_SHIFT = ShiftDetails(local_date=WEEK, local_start=time(9), local_end=time(17))
NOT_DRAFTS = [
    ("pending", "waits for approval"),
    ("approved", "is approved"),
    ("published", "edit it as a new draft"),
    ("archived", "replaced by a newer version"),
]


async def draft(scene: Scene, **options: Any) -> tuple[Week, Shift]:
    schedule, [shift] = await make_week(scene, **options)
    return schedule, shift


async def sole_shift(schedule: Week) -> Shift:
    [[shift_id]] = await rows("SELECT id FROM shifts WHERE schedule_id = :id", id=schedule.id)
    return await fetch(Shift, shift_id)


async def empty_week(scene: Scene, week_start: date = WEEK) -> Week:
    schedule, [shift] = await make_week(scene, week_start=week_start)
    await execute("DELETE FROM shifts WHERE id = :id", id=shift.id)
    return schedule


async def test_create_keeps_everything_that_was_entered():
    scene = await make_scene()
    schedule = await empty_week(scene)
    details = ShiftDetails(
        local_date=WEEK + timedelta(days=2),
        local_start=time(7),
        local_end=time(15, 15),
        title="  Early  ",
        shift_type="specialized",
        department_id=scene.department.id,
        required_staff=3,
        priority=8,
        qualifications=(" First aid ", "", "first AID", "Till"),
        notes="  Bring keys.\r\nUse the back door. ",
    )

    shift_id = await create_shift(scene.actor("manager"), schedule.id, details)

    shift = await sole_shift(schedule)
    assert (shift.id, shift.site_id, shift.time_zone, shift.version) == (shift_id, scene.site.id, "Europe/Berlin", 1)
    assert (shift.local_date, shift.local_start, shift.local_end) == (details.local_date, time(7), time(15, 15))
    assert shift.ends_at - shift.starts_at == timedelta(hours=8, minutes=15)
    assert (shift.title, shift.notes) == ("Early", "Bring keys.\nUse the back door.")
    assert (shift.shift_type, shift.department_id) == ("specialized", scene.department.id)
    assert (shift.required_staff, shift.priority) == (3, 8)
    assert shift.requirements == {"qualifications": ["First aid", "Till"]}
    [entry] = await audited("shift", shift_id)
    assert (entry.action, entry.actor_id, entry.site_id, entry.before) == (
        "create",
        scene.manager.id,
        scene.site.id,
        None,
    )
    assert entry.after == {
        "schedule_id": schedule.id,
        "local_date": details.local_date.isoformat(),
        "local_start": "07:00",
        "local_end": "15:15",
        "time_zone": "Europe/Berlin",
        "title": "Early",
        "shift_type": "specialized",
        "department_id": scene.department.id,
        "required_staff": 3,
        "priority": 8,
        "qualifications": ["First aid", "Till"],
        "notes": "Bring keys.\nUse the back door.",
    }


@pytest.mark.parametrize(
    ("week", "day", "start", "end", "hours", "ends_at"),
    [
        (SPRING, date(2027, 3, 26), time(22), time(6), 8, datetime(2027, 3, 27, 5, tzinfo=UTC)),
        (SPRING, date(2027, 3, 27), time(22), time(6), 7, datetime(2027, 3, 28, 4, tzinfo=UTC)),
        (SPRING, date(2027, 3, 27), time(9), time(9), 24 - 1, datetime(2027, 3, 28, 7, tzinfo=UTC)),
        (date(2027, 10, 25), date(2027, 10, 30), time(22), time(6), 9, datetime(2027, 10, 31, 5, tzinfo=UTC)),
    ],
    ids=["ordinary night", "spring", "start is end", "autumn"],
)
async def test_an_end_before_the_start_is_the_next_day_and_hours_are_true(
    week: date, day: date, start: time, end: time, hours: int, ends_at: datetime
):
    scene = await make_scene()
    schedule = await empty_week(scene, week)

    details = ShiftDetails(local_date=day, local_start=start, local_end=end)
    await create_shift(scene.actor("manager"), schedule.id, details)

    shift = await sole_shift(schedule)
    assert (shift.local_date, shift.local_start, shift.local_end) == (day, start, end)
    assert (shift.ends_at, shift.ends_at - shift.starts_at) == (ends_at, timedelta(hours=hours))


async def test_edit_moves_a_shift_into_the_clock_change_and_its_people_follow():
    scene = await make_scene()
    _, shift = await draft(scene, week_start=SPRING, held={0: [scene.bob]})

    night = ShiftDetails(local_date=date(2027, 3, 27), local_start=time(22), local_end=time(6))
    await edit_shift(scene.actor("manager"), shift.id, night, expected_version=1)

    moved, held = await fetch(Shift, shift.id), await assignment_on(shift, scene.bob)
    assert (moved.starts_at, moved.ends_at) == (held.starts_at, held.ends_at)
    assert moved.ends_at - moved.starts_at == timedelta(hours=7)


BAD: list[tuple[dict[str, Any], str | None]] = [
    ({"local_date": WEEK - timedelta(days=1)}, "local_date"),
    ({"local_date": WEEK + timedelta(days=7)}, "local_date"),
    ({"local_date": date(1, 1, 1)}, "local_date"),
    ({"local_start": time(9, 0, 30)}, "local_start"),
    ({"local_end": time(17, tzinfo=UTC)}, "local_end"),
    ({"title": "x" * 201}, "title"),
    ({"title": "two\nlines"}, "title"),
    ({"title": "zero\0"}, "title"),
    ({"shift_type": "holiday"}, "shift_type"),
    ({"required_staff": 0}, "required_staff"),
    ({"required_staff": 1001}, "required_staff"),
    ({"required_staff": HUGE}, None),
    ({"priority": 0}, "priority"),
    ({"priority": 11}, "priority"),
    ({"department_id": -1}, "department_id"),
    ({"department_id": HUGE}, None),
    ({"qualifications": ("x" * 101,)}, "qualifications"),
    ({"qualifications": ("a\tb",)}, "qualifications"),
    ({"qualifications": tuple(f"Skill {number}" for number in range(21))}, "qualifications"),
    ({"notes": "x" * 2001}, "notes"),
    ({"notes": "\x1b[31m"}, "notes"),
]


@pytest.mark.parametrize(
    ("values", "field"), BAD, ids=[f"{[*values]}-{index}" for index, (values, _) in enumerate(BAD)]
)
async def test_bad_values_are_refused_by_field_and_nothing_changes(values: dict[str, Any], field: str | None):
    scene = await make_scene()
    schedule, shift = await draft(scene, held={0: [scene.bob]})
    details = replace(DAY_SHIFT, **values)

    with pytest.raises(InvalidInput) as refused_creating:
        await create_shift(scene.actor("manager"), schedule.id, details)
    with pytest.raises(InvalidInput) as refused_editing:
        await edit_shift(scene.actor("manager"), shift.id, details, expected_version=1)

    assert refused_creating.value.field == refused_editing.value.field == field
    assert (await sole_shift(schedule)).version == 1
    assert await rows("SELECT id FROM audit_entries") == []


async def test_the_department_of_another_site_is_refused():
    scene = await make_scene()
    schedule, shift = await draft(scene)
    async with writing() as session:
        foreign = await build_department(session, await session.get_one(type(scene.site), scene.stranger.site_id))
    details = replace(DAY_SHIFT, department_id=foreign.id)

    with pytest.raises(InvalidInput, match="another site"):
        await create_shift(scene.actor("manager"), schedule.id, details)
    with pytest.raises(InvalidInput, match="another site"):
        await edit_shift(scene.actor("manager"), shift.id, details, expected_version=1)


@pytest.mark.parametrize(("status", "words"), NOT_DRAFTS)
async def test_only_drafts_are_edited(status: str, words: str):
    scene = await make_scene()
    schedule, shift = await draft(scene, status=status, held={0: [scene.bob]})
    manager = scene.actor("manager")

    with pytest.raises(IllegalTransition, match=words):
        await create_shift(manager, schedule.id, DAY_SHIFT)
    with pytest.raises(IllegalTransition, match=words):
        await edit_shift(manager, shift.id, replace(DAY_SHIFT, title="New"), expected_version=1)
    with pytest.raises(IllegalTransition, match=words):
        await delete_shift(manager, shift.id, expected_version=1)

    assert (await sole_shift(schedule)).version == 1
    assert await rows("SELECT id FROM audit_entries") == []


@pytest.mark.parametrize("role", ["admin", "manager"])
async def test_those_who_may_edit_shifts_do(role: str):
    scene = await make_scene()
    schedule = await empty_week(scene)
    actor = scene.actor(role)

    shift_id = await create_shift(actor, schedule.id, DAY_SHIFT)
    await edit_shift(actor, shift_id, replace(DAY_SHIFT, title="Late"), expected_version=1)
    await delete_shift(actor, shift_id, expected_version=2)

    assert await fetch(Shift, shift_id) is None
    assert [entry.action for entry in await audited("shift", shift_id)] == ["create", "edit", "delete"]


@pytest.mark.parametrize(
    ("role", "error"), [("supervisor", NotAllowed), ("employee", NotAllowed), ("stranger", NotFound)]
)
@pytest.mark.parametrize("status", ["draft", "published"])
async def test_others_may_not(role: str, error: type[ScheduleError], status: str):
    scene = await make_scene()
    schedule, shift = await draft(scene, status=status)
    actor = scene.actor(role)

    with pytest.raises(error):
        await create_shift(actor, schedule.id, DAY_SHIFT)
    with pytest.raises(error):
        await edit_shift(actor, shift.id, replace(DAY_SHIFT, title="New"), expected_version=1)
    with pytest.raises(error):
        await delete_shift(actor, shift.id, expected_version=1)

    assert (await sole_shift(schedule)).version == 1
    assert await rows("SELECT id FROM audit_entries") == []


async def test_missing_and_foreign_ids_look_the_same():
    scene = await make_scene()
    schedule, shift = await draft(scene)
    stranger, manager = scene.actor("stranger"), scene.actor("manager")

    messages: set[str] = set()
    for actor, schedule_id, shift_id in [
        (stranger, schedule.id, shift.id),
        (manager, 0, 0),
        (manager, -1, -1),
        (manager, HUGE, HUGE),
    ]:
        for attempt in (
            create_shift(actor, schedule_id, DAY_SHIFT),
            edit_shift(actor, shift_id, DAY_SHIFT, expected_version=1),
            delete_shift(actor, shift_id, expected_version=1),
        ):
            with pytest.raises(NotFound) as refused:
                await attempt
            messages.add(refused.value.message)
        async with read_session() as session:
            with pytest.raises(NotFound) as refused:
                await shift_detail(session, actor, shift_id)
        messages.add(refused.value.message)

    assert len(messages) == 1


async def test_edit_writes_down_what_changed_and_only_that():
    scene = await make_scene()
    _, shift = await draft(scene, held={0: [scene.bob]})

    details = replace(DAY_SHIFT, title="Early", local_start=time(8), required_staff=2)
    await edit_shift(scene.actor("manager"), shift.id, details, expected_version=1)

    [entry] = await audited("shift", shift.id)
    assert entry.before == {"title": None, "local_start": "09:00", "required_staff": 1}
    assert entry.after == {"title": "Early", "local_start": "08:00", "required_staff": 2}
    assert (await fetch(Shift, shift.id)).updated_by_id == scene.manager.id
    assert await told(scene.bob) == []


async def test_saving_an_unchanged_shift_changes_nothing():
    scene = await make_scene()
    _, shift = await draft(scene)

    await edit_shift(scene.actor("manager"), shift.id, DAY_SHIFT, expected_version=1)

    assert (await fetch(Shift, shift.id)).version == 1
    assert await audited("shift", shift.id) == []


async def test_a_stale_version_says_who_changed_the_shift():
    scene = await make_scene()
    _, shift = await draft(scene)
    await edit_shift(scene.actor("second_manager"), shift.id, replace(DAY_SHIFT, title="Theirs"), expected_version=1)

    with pytest.raises(StaleVersion, match="Joan Manager changed it in the meantime"):
        await edit_shift(scene.actor("manager"), shift.id, replace(DAY_SHIFT, title="Mine"), expected_version=1)
    with pytest.raises(StaleVersion, match="Joan Manager changed it in the meantime"):
        await delete_shift(scene.actor("manager"), shift.id, expected_version=1)

    assert (await fetch(Shift, shift.id)).title == "Theirs"


async def test_a_shift_removed_since_is_refused_with_who_removed_it_but_not_told_to_others():
    scene = await make_scene()
    _, shift = await draft(scene)
    await delete_shift(scene.actor("second_manager"), shift.id, expected_version=1)

    for attempt in (
        edit_shift(scene.actor("manager"), shift.id, DAY_SHIFT, expected_version=1),
        delete_shift(scene.actor("admin"), shift.id, expected_version=1),
    ):
        with pytest.raises(StaleVersion, match="Joan Manager deleted it in the meantime"):
            await attempt
    with pytest.raises(NotFound) as refused:
        await delete_shift(scene.actor("stranger"), shift.id, expected_version=1)
    assert refused.value.message == NotFound().message


async def test_of_two_edits_at_once_one_is_refused():
    scene = await make_scene()
    _, shift = await draft(scene, held={0: [scene.bob]})

    outcomes = await asyncio.gather(
        *(
            edit_shift(scene.actor(role), shift.id, replace(DAY_SHIFT, title=role), expected_version=1)
            for role in ("manager", "second_manager", "admin")
        ),
        return_exceptions=True,
    )

    assert sorted(str(type(each)) for each in outcomes) == sorted(
        [str(type(None)), str(StaleVersion), str(StaleVersion)]
    )
    assert (await fetch(Shift, shift.id)).version == 2


async def test_editing_into_an_overlap_is_refused_with_names():
    scene = await make_scene()
    _, [shift, _] = await make_week(
        scene,
        {},
        {"day": 1, "start": time(20), "end": time(4), "required_staff": 2},
        held={0: [scene.bob, scene.carol], 1: [scene.bob, scene.carol]},
    )
    on_tuesday = replace(DAY_SHIFT, local_date=WEEK + timedelta(days=2), local_start=time(3))

    with pytest.raises(DoubleBooking) as refused:
        await edit_shift(scene.actor("manager"), shift.id, on_tuesday, expected_version=1)

    for name in ("Bob Worker", "Carol Worker"):
        assert f"{name} already works on" in refused.value.message
    assert "20:00–04:00 +1" in refused.value.message
    assert (await fetch(Shift, shift.id)).version == 1
    assert (await assignment_on(shift, scene.bob)).starts_at == shift.starts_at


async def test_editing_against_a_blocking_rule_is_refused_with_names():
    scene = await make_scene()
    _, [shift, _] = await make_week(
        scene, {}, {"start": time(20), "end": time(23)}, held={0: [scene.bob, scene.carol], 1: [scene.bob]}
    )
    async with writing() as session:
        await build_rule(session, scene.site, constraints={"min_minutes": 180})

    longer = replace(DAY_SHIFT, local_end=time(18))
    with pytest.raises(RuleBroken, match="Bob Worker would have 2 h of rest") as refused:
        await edit_shift(scene.actor("manager"), shift.id, longer, expected_version=1)

    assert "Carol" not in refused.value.message
    assert (await fetch(Shift, shift.id)).version == 1


@pytest.mark.parametrize(
    ("theirs", "start", "end", "is_allowed"),
    [(18, 15, 20, False), (18, 10, 18, True), (9, 18, 22, True), (9, 13, 20, False)],
    ids=["to the other", "until the other begins", "away from the other", "not far enough"],
)
async def test_whom_a_rule_keeps_apart_is_judged_at_the_times_the_shift_shall_have(
    theirs: int, start: int, end: int, is_allowed: bool
):
    scene = await make_scene()
    _, [shift, _] = await make_week(
        scene, {}, {"start": time(theirs), "end": time(theirs + 5)}, held={0: [scene.bob], 1: [scene.carol]}
    )
    await keep_apart(scene)
    moved = replace(DAY_SHIFT, local_start=time(start), local_end=time(end))

    if is_allowed:
        await edit_shift(scene.actor("manager"), shift.id, moved, expected_version=1)
    else:
        with pytest.raises(RuleBroken, match="Bob Worker would work at the same time as Carol Worker"):
            await edit_shift(scene.actor("manager"), shift.id, moved, expected_version=1)


async def test_two_kept_apart_on_one_shift_are_still_so_at_its_new_times():
    scene = await make_scene()
    _, shift = await draft(scene, held={0: [scene.bob, scene.carol]})
    await keep_apart(scene)
    evening = replace(DAY_SHIFT, local_start=time(18), local_end=time(22))

    with pytest.raises(RuleBroken, match="Bob Worker would work at the same time as Carol Worker"):
        await edit_shift(scene.actor("manager"), shift.id, evening, expected_version=1)


async def keep_apart(scene: Scene) -> None:
    """Bob and Carol never work at the same time from now on."""
    async with writing() as session:
        pair = {"first": scene.bob.id, "second": scene.carol.id}
        await build_rule(session, scene.site, rule_type="restriction", constraints={"apart": [pair]}, strict=True)


@pytest.mark.parametrize(
    "change",
    ["deleted_at = now()", "is_active = false", "site_id = :elsewhere"],
    ids=["deleted", "inactive", "moved away"],
)
async def test_the_times_of_somebody_who_left_cannot_change(change: str):
    scene = await make_scene()
    _, shift = await draft(scene, held={0: [scene.bob]})
    values = {"elsewhere": scene.stranger.site_id} if ":elsewhere" in change else {}
    await execute(f"UPDATE employees SET {change} WHERE id = :id", id=scene.bob.id, **values)

    with pytest.raises(RuleBroken, match="Bob Worker"):
        await edit_shift(scene.actor("manager"), shift.id, replace(DAY_SHIFT, local_start=time(8)), expected_version=1)
    await edit_shift(scene.actor("manager"), shift.id, replace(DAY_SHIFT, title="Early"), expected_version=1)


async def test_asking_for_a_qualification_nobody_on_it_holds_is_refused():
    scene = await make_scene()
    _, shift = await draft(scene, held={0: [scene.bob]})

    with pytest.raises(RuleBroken, match="Bob Worker does not hold the qualification Till"):
        await edit_shift(
            scene.actor("manager"), shift.id, replace(DAY_SHIFT, qualifications=("Till",)), expected_version=1
        )


async def test_warnings_are_kept_and_go_when_their_cause_is_gone():
    scene = await make_scene()
    _, [shift, _] = await make_week(
        scene, {}, {"start": time(20), "end": time(23)}, held={0: [scene.bob], 1: [scene.bob]}
    )
    async with writing() as session:
        await build_rule(session, scene.site, strict=False, constraints={"min_minutes": 180})
    held = await assignment_on(shift, scene.bob)
    found = "SELECT message, override_reason FROM rule_violations WHERE assignment_id = :id"
    manager = scene.actor("manager")

    await edit_shift(manager, shift.id, replace(DAY_SHIFT, local_end=time(18)), expected_version=1)
    [[message, reason]] = await rows(found, id=held.id)
    assert message.startswith("Bob Worker would have 2 h of rest")
    assert reason is None

    await edit_shift(manager, shift.id, DAY_SHIFT, expected_version=2)
    assert await rows(found, id=held.id) == []


async def test_a_warning_that_stays_keeps_the_reason_it_was_overridden_with():
    scene = await make_scene()
    _, [shift, other] = await make_week(scene, {}, {"start": time(19), "end": time(23)}, held={1: [scene.bob]})
    async with writing() as session:
        await build_rule(session, scene.site, strict=False, constraints={"min_minutes": 180})
    manager = scene.actor("manager")
    assigned = await assign_employee(manager, shift.id, scene.bob.id, override_reason="He asked for it")

    await edit_shift(manager, shift.id, replace(DAY_SHIFT, local_end=time(18)), expected_version=1)

    [[message, reason, by]] = await rows(
        "SELECT message, override_reason, overridden_by_id FROM rule_violations WHERE assignment_id = :id",
        id=assigned.assignment_id,
    )
    assert "1 h of rest" in message
    assert (reason, by) == ("He asked for it", scene.manager.id)
    assert (await fetch(Shift, other.id)).version == 1


async def test_delete_takes_everybody_off_in_the_same_step():
    scene = await make_scene()
    on_it = [scene.bob, scene.carol]
    schedule, [shift, other] = await make_week(scene, {"title": "Early"}, {"day": 1}, held={0: on_it})
    kept = await assign_employee(scene.actor("manager"), other.id, scene.bob.id)

    await delete_shift(scene.actor("manager"), shift.id, expected_version=1)

    assert await rows("SELECT id FROM schedule_assignments") == [(kept.assignment_id,)]
    assert (await sole_shift(schedule)).id == other.id
    [entry] = await audited("shift", shift.id)
    assert (entry.action, entry.after) == ("delete", None)
    assert (entry.before["title"], entry.before["schedule_id"]) == ("Early", schedule.id)
    assert entry.before["lineage_id"] == str(shift.lineage_id)
    assert entry.before["employee_ids"] == sorted(each.id for each in on_it)
    assert await told(scene.bob) == []
    with pytest.raises(StaleVersion, match="John Manager deleted it"):
        await delete_shift(scene.actor("manager"), shift.id, expected_version=1)


@pytest.mark.parametrize("is_edit", [True, False], ids=["edit", "delete"])
async def test_who_is_put_on_the_shift_at_the_same_moment_is_not_overlooked(is_edit: bool):
    scene = await make_scene()
    schedule, shift = await draft(scene, held={0: [scene.bob]})
    manager = scene.actor("manager")

    async with writing() as session:
        await session.execute(text("SELECT id FROM schedules WHERE id = :id FOR SHARE"), {"id": schedule.id})
        change = asyncio.ensure_future(
            edit_shift(manager, shift.id, replace(DAY_SHIFT, local_start=time(8)), expected_version=1)
            if is_edit
            else delete_shift(manager, shift.id, expected_version=1)
        )
        await until_somebody_waits()
        await build_assignment(session, shift, await session.get_one(Employee, scene.carol.id))
    with pytest.raises(Conflict):
        await change

    assert await rows("SELECT count(*) FROM schedule_assignments WHERE shift_id = :id", id=shift.id) == [(2,)]
    assert (await fetch(Shift, shift.id)).version == 1


async def test_the_form_shows_a_shift_as_it_is():
    scene = await make_scene()
    schedule, shift = await draft(scene, held={0: [scene.carol, scene.bob]})
    details = replace(DAY_SHIFT, title="Early", local_end=time(2, 30), priority=7, notes="Keys")
    await edit_shift(scene.actor("manager"), shift.id, details, expected_version=1)

    async with read_session() as session:
        found = await shift_detail(session, scene.actor("manager"), shift.id)
        with pytest.raises(NotFound):
            await shift_detail(session, scene.actor("employee"), shift.id)

    assert (found.id, found.version, found.schedule_id, found.site_id) == (shift.id, 2, schedule.id, scene.site.id)
    assert (found.local_date, found.local_start, found.local_end) == (WEEK.isoformat(), "09:00", "02:30")
    assert (found.title, found.notes, found.priority, found.department_id) == ("Early", "Keys", 7, None)
    assert (found.qualifications, found.people) == ((), ("Bob Worker", "Carol Worker"))
