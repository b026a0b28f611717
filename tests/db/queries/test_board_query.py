"""The week board."""

from datetime import date, time, timedelta

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound
from schedule_app.domain.time import resolve_span
from schedule_app.queries.board import BoardView, week_board
from schedule_app.queries.weeks import WhichVersion
from schedule_app.services.assignments import assign_employee
from schedule_app.services.schedules import reject_schedule, revise_schedule
from tests.db.services.scene import WEEK, Scene, execute, make_scene, make_week, night, writing
from tests.support.builders import ZONE, build_employee, build_rule, build_site, build_time_off

pytestmark = pytest.mark.usefixtures("database")


async def board(
    scene: Scene,
    *,
    drafts: bool = True,
    cost: bool = False,
    version: WhichVersion = "working",
    week_start: date = WEEK,
    before: BoardView | None = None,
) -> BoardView:
    """The scene's board."""
    async with read_session() as session:
        return await week_board(
            session,
            scene.site.id,
            week_start,
            drafts=drafts,
            cost=cost,
            version=version,
            today=WEEK + timedelta(days=2),
            before=before,
        )


def statuses(view: BoardView) -> dict[str, list[list[str]]]:
    """Name -> per day the statuses of the chips, for those who have any."""
    return {
        row["name"]: [[chip["status"] for chip in cell] for cell in row["cells"]]
        for row in view.rows
        if any(row["cells"])
    }


async def test_an_empty_week_shows_the_people_and_what_could_be_copied():
    scene = await make_scene()
    earlier, _ = await make_week(scene, week_start=WEEK - timedelta(days=21))
    await make_week(scene, {}, status="archived", week_start=WEEK - timedelta(days=28))

    view = await board(scene)

    assert view.schedule is None
    assert view.previous_schedule_id == earlier.id
    assert [row["name"] for row in view.rows] == [
        "Alice Supervisor",
        "Bob Worker",
        "Carol Worker",
        "Joan Manager",
        "John Manager",
    ]
    assert view.shifts == [[]] * 7
    assert [day["today"] for day in view.days] == [False, False, True, False, False, False, False]
    assert [day["weekend"] for day in view.days] == [False] * 5 + [True] * 2
    assert (view.days[0]["date"], view.week_start) == (WEEK.isoformat(), WEEK.isoformat())
    assert (await board(scene, drafts=False)).previous_schedule_id is None


async def test_chips_open_shifts_and_totals():
    scene = await make_scene()
    async with writing() as session:
        await build_rule(session, scene.site, strict=False)
    schedule, [monday, late, tuesday] = await make_week(
        scene,
        {"required_staff": 2, "title": "Counter", "qualifications": ("cashier",), "department_id": scene.department.id},
        night(0),
        {"day": 1, "start": time(12), "end": time(20)},
    )
    await execute(
        """UPDATE employees SET contracted_minutes = 2400, qualifications = '[{"name": "cashier"}]' WHERE id = :id""",
        id=scene.carol.id,
    )
    manager = scene.actor("manager")
    counter = await assign_employee(manager, monday.id, scene.carol.id)
    await assign_employee(manager, late.id, scene.bob.id)
    warned = await assign_employee(manager, tuesday.id, scene.bob.id, override_reason="He asked for it")

    view = await board(scene)

    assert view.schedule is not None
    assert (view.schedule.id, view.schedule.status, view.schedule.working_id) == (schedule.id, "draft", schedule.id)
    by_name = {row["name"]: row for row in view.rows}
    assert by_name["Carol Worker"]["cells"][0] == [
        {
            "id": counter.assignment_id,
            "v": 1,
            "shift": monday.id,
            "label": "09:00–17:00",
            "title": "Counter",
            "kind": "general",
            "status": "assigned",
            "warn": 0,
        }
    ]
    assert (by_name["Carol Worker"]["minutes"], by_name["Carol Worker"]["target"]) == (480, 2400)
    bob = by_name["Bob Worker"]
    assert [chip["label"] for chip in bob["cells"][0]] == ["22:00–06:00 +1"]
    assert [(chip["id"], chip["warn"], chip["title"]) for chip in bob["cells"][1]] == [
        (warned.assignment_id, 1, "General")
    ]
    assert (bob["minutes"], bob["target"], bob["initials"]) == (960, None, "BW")
    assert view.shifts[0][0] == (
        {
            "id": monday.id,
            "v": 1,
            "start": "09:00",
            "end": "17:00",
            "at": 540,
            "minutes": 480,
            "label": "09:00–17:00",
            "title": "Counter",
            "kind": "general",
            "needed": 2,
            "staffed": 1,
            "department": scene.department.name,
            "qualifications": ["cashier"],
        }
    )
    assert [[shift["id"] for shift in day] for day in view.shifts[:3]] == [[monday.id, late.id], [tuesday.id], []]
    assert [(day["needed"], day["staffed"]) for day in view.days[:3]] == [(3, 2), (1, 1), (0, 0)]


async def test_planners_are_told_the_qualifications_that_are_good_in_the_week():
    scene = await make_scene()
    stored = (
        f'[{{"name": "First aid", "expires_on": "{WEEK}"}}, {{"name": "Crane"}},'
        f' {{"name": "Forklift", "expires_on": "{WEEK - timedelta(days=1)}"}}]'
    )
    await execute(
        "UPDATE employees SET qualifications = CAST(:stored AS jsonb) WHERE id = :id", stored=stored, id=scene.bob.id
    )

    for_planners = {row["name"]: row["qualifications"] for row in (await board(scene)).rows}
    for_staff = {row["name"]: row["qualifications"] for row in (await board(scene, drafts=False)).rows}

    assert (for_planners["Bob Worker"], for_planners["Carol Worker"]) == (["Crane", "First aid"], [])
    assert set(map(tuple, for_staff.values())) == {()}


async def test_planners_see_who_is_off_when_and_staff_do_not():
    scene = await make_scene()
    day = [WEEK + timedelta(days=number) for number in range(-2, 9)]
    async with writing() as session:
        await build_time_off(session, scene.bob, day[0], day[3])
        await build_time_off(session, scene.bob, day[6], status="waiting")
        await build_time_off(session, scene.bob, day[8], day[10])
        some_hours = resolve_span(day[4], time(8), time(12), ZONE)
        await build_time_off(
            session, scene.carol, day[4], whole_days=False, starts_at=some_hours.starts_at, ends_at=some_hours.ends_at
        )

    for_planners = {row["name"]: row.get("off") for row in (await board(scene)).rows}
    for_staff = {row["name"]: row.get("off") for row in (await board(scene, drafts=False)).rows}

    assert for_planners["Bob Worker"] == {"0": "Off", "1": "Off", "6": "Off"}
    assert for_planners["Carol Worker"] == {"2": "Off 08:00–12:00"}
    assert {name for name, off in for_planners.items() if off} == {"Bob Worker", "Carol Worker"}
    assert set(for_staff.values()) == {None}


async def test_what_each_day_costs_is_for_those_who_may_know():
    scene = await make_scene()
    await make_week(scene, {}, night(1), held={0: [scene.bob, scene.carol], 1: [scene.bob]})
    await execute("UPDATE employees SET hourly_rate_cents = 2155 WHERE id = :id", id=scene.bob.id)

    known, unknown = await board(scene, cost=True), await board(scene)

    cents = {row["name"]: row["cents"] for row in known.rows}
    assert (cents["Bob Worker"], cents["Carol Worker"]) == ([8 * 2155, 8 * 2155, 0, 0, 0, 0, 0], None)
    assert (known.currency, unknown.currency) == ("EUR", "")
    assert all(row["cents"] is None for row in unknown.rows)


async def test_a_surplus_does_not_hide_a_shortage():
    scene = await make_scene()
    await make_week(scene, {"title": "Full"}, {"title": "Empty"}, held={0: [scene.bob, scene.carol]})

    view = await board(scene)

    assert (view.days[0]["needed"], view.days[0]["staffed"]) == (2, 1)
    assert [shift["staffed"] for shift in view.shifts[0]] == [2, 0]


async def test_which_version_is_shown():
    scene = await make_scene()
    published, _ = await make_week(scene, held={0: [scene.bob]}, status="published")
    draft = await revise_schedule(scene.actor("manager"), published.id)

    working = await board(scene)
    in_force = await board(scene, version="published")
    for_staff = await board(scene, drafts=False, version="working")

    assert [view.schedule.id for view in (working, in_force, for_staff) if view.schedule] == [
        draft,
        published.id,
        published.id,
    ]
    assert working.schedule and (working.schedule.working_id, working.schedule.published_id) == (draft, published.id)
    assert in_force.schedule and in_force.schedule.working_id == draft
    assert for_staff.schedule and for_staff.schedule.working_id is None
    assert statuses(working)["Bob Worker"][0] == ["assigned"]
    assert statuses(for_staff)["Bob Worker"][0] == ["pending"]


@pytest.mark.parametrize("status", ["draft", "pending", "approved"])
async def test_staff_see_nothing_of_a_week_in_work(status: str):
    scene = await make_scene()
    await make_week(scene, held={0: [scene.bob]}, status=status)

    view = await board(scene, drafts=False, version="working")

    assert (view.schedule, statuses(view), view.previous_schedule_id) == (None, {}, None)
    assert all(day["needed"] == 0 for day in view.days)


async def test_declined_shifts_are_open_again_and_cancelled_ones_gone():
    scene = await make_scene()
    async with writing() as session:
        dora = await build_employee(session, scene.site, name="Dora Worker", contracted_minutes=1200)
    await make_week(scene, {"required_staff": 3}, held={0: [scene.bob, scene.carol, dora]}, status="published")
    await execute("UPDATE schedule_assignments SET status = 'declined' WHERE employee_id = :id", id=scene.bob.id)
    await execute("UPDATE schedule_assignments SET status = 'cancelled' WHERE employee_id = :id", id=scene.carol.id)

    for_planners, for_staff = await board(scene), await board(scene, drafts=False)

    assert {name: cells[0] for name, cells in statuses(for_planners).items()} == {
        "Bob Worker": ["declined"],
        "Dora Worker": ["pending"],
    }
    assert {name: cells[0] for name, cells in statuses(for_staff).items()} == {"Dora Worker": ["pending"]}
    minutes = {row["name"]: (row["minutes"], row["target"]) for row in for_planners.rows}
    assert (minutes["Bob Worker"], minutes["Dora Worker"]) == ((0, None), (480, 1200))
    assert all(row["target"] is None for row in for_staff.rows)
    assert for_planners.shifts[0][0]["staffed"] == 1


async def test_who_moved_the_week_on_and_why_it_came_back():
    scene = await make_scene()
    schedule, _ = await make_week(scene, status="approved", submitter=scene.supervisor)
    approved = (await board(scene)).schedule
    await reject_schedule(scene.actor("manager"), schedule.id, expected_version=3, reason="Too <thin>")

    rejected = (await board(scene)).schedule

    assert approved and (approved.submitted_by, approved.approved_by) == ("Alice Supervisor", "Alice Supervisor")
    assert rejected and (rejected.status, rejected.rejected_reason, rejected.approved_by) == ("draft", "Too <thin>", "")
    assert rejected.version == 4


async def test_rows_hold_everyone_at_work_and_everyone_active_in_a_stable_order():
    scene = await make_scene()
    async with writing() as session:
        elsewhere = await build_site(session)
        away = await build_employee(session, scene.site, name="anna Away", is_active=False)
        gone = await build_employee(session, scene.site, name="Zoe Gone", is_active=False)
        guest = await build_employee(session, elsewhere, name="Bob Worker")
    await make_week(scene, held={0: [away, guest]})

    view = await board(scene)

    names = [(row["name"], row["id"]) for row in view.rows]
    assert names[:4] == [
        ("Alice Supervisor", scene.supervisor.id),
        ("anna Away", away.id),
        ("Bob Worker", scene.bob.id),
        ("Bob Worker", guest.id),
    ]
    assert gone.id not in [row["id"] for row in view.rows]
    assert await board(scene) == view


async def test_any_day_stands_for_its_week_and_the_site_says_when_weeks_begin():
    scene = await make_scene(week_starts_on=6)
    sunday = WEEK - timedelta(days=1)
    await make_week(scene, {"day": 0}, week_start=sunday)

    view = await board(scene, week_start=WEEK + timedelta(days=5))

    assert view.week_start == sunday.isoformat()
    assert len(view.shifts[0]) == 1


async def test_labels_tell_what_the_clock_change_does_to_a_night():
    scene = await make_scene()
    # Berlin's clocks go forward on Sunday 28 March 2027.
    march = date(2027, 3, 22)
    await make_week(scene, night(5), week_start=march, held={0: [scene.bob]})

    view = await board(scene, week_start=march)

    bob = next(row for row in view.rows if row["name"] == "Bob Worker")
    assert (bob["cells"][5][0]["label"], bob["minutes"]) == ("22:00–06:00 +1, 7 h", 420)
    assert view.week_label == "22–28 Mar 2027"


async def test_a_missing_site_is_not_found():
    await make_scene()
    async with read_session() as session:
        with pytest.raises(NotFound):
            await week_board(session, 2**70, WEEK, drafts=True, cost=True, version="working", today=WEEK)


async def test_shifts_and_days_are_told_in_minutes_that_really_pass():
    scene = await make_scene()
    week_of_change = date(2027, 3, 22)
    morning = {"start": time(7), "end": time(15)}
    await make_week(scene, {"day": 5, **morning}, {"day": 6, **morning}, night(5), week_start=week_of_change)

    view = await board(scene, week_start=week_of_change)

    assert [day["minutes"] for day in view.clock] == [1440] * 6 + [1380]
    assert [(shift["at"], shift["minutes"]) for shift in view.shifts[5]] == [(420, 480), (1320, 420)]
    assert [(shift["at"], shift["minutes"]) for shift in view.shifts[6]] == [(360, 480)]


async def test_what_has_not_changed_is_taken_over_from_the_board_before():
    scene = await make_scene()
    _, [monday, _] = await make_week(scene, {"required_staff": 2}, {"day": 1})
    await assign_employee(scene.actor("manager"), monday.id, scene.carol.id)
    first = await board(scene)

    await assign_employee(scene.actor("manager"), monday.id, scene.bob.id)
    second = await board(scene, before=first)

    assert second == await board(scene)
    assert second != first
    assert kept(first, second) == ["Alice Supervisor", "Carol Worker", "Joan Manager", "John Manager"]
    [[monday_before], [tuesday_before], *_] = first.shifts
    [[monday_after], [tuesday_after], *_] = second.shifts
    assert (monday_before["staffed"], monday_after["staffed"]) == (1, 2)
    assert tuesday_after is tuesday_before


@pytest.mark.parametrize(
    ("change", "of_whom"),
    [
        ("UPDATE employees SET name = 'Carol Baker' WHERE id = :carol", "Carol Baker"),
        ("UPDATE shifts SET title = 'Counter'", None),
        ("UPDATE sites SET clock_24h = false", None),
    ],
)
async def test_what_has_changed_is_told_anew(change: str, of_whom: str | None):
    scene = await make_scene()
    _, [monday] = await make_week(scene, {})
    await assign_employee(scene.actor("manager"), monday.id, scene.carol.id)
    first = await board(scene)

    await execute(change, **({"carol": scene.carol.id} if ":carol" in change else {}))
    second = await board(scene, before=first)

    assert second == await board(scene)
    assert second != first
    everybody = {row["name"] for row in second.rows}
    assert set(kept(first, second)) == (everybody - {of_whom} if of_whom else set())


def kept(before: BoardView, after: BoardView) -> list[str]:
    """Of whom the rows are the same objects."""
    known = {id(row) for row in before.rows}
    return [row["name"] for row in after.rows if id(row) in known]
