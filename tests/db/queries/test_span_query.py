"""Several weeks as one grid."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound
from schedule_app.domain.spans import SpanKind, span_weeks
from schedule_app.queries.board import BoardView, week_board
from schedule_app.queries.span import STATUSES, SpanView, span_board
from schedule_app.queries.weeks import WhichVersion
from schedule_app.services.schedules import revise_schedule
from tests.db.services.scene import WEEK, Scene, execute, make_scene, make_week, night
from tests.support.queries import count_statements

pytestmark = pytest.mark.usefixtures("database")

NEXT = WEEK + timedelta(days=7)


async def read(scene: Scene, kind: SpanKind = "two-weeks", week: date = WEEK, **how: Any) -> SpanView:
    """The scene's span."""
    asked = {"drafts": True, "cost": True, "version": "working", "today": WEEK + timedelta(days=2)} | how
    async with read_session() as session:
        return await span_board(session, scene.site.id, kind, week, **asked)


async def board(scene: Scene, week: date, *, drafts: bool, version: WhichVersion) -> BoardView:
    """One of its weeks."""
    today = WEEK + timedelta(days=2)
    async with read_session() as session:
        return await week_board(session, scene.site.id, week, drafts=drafts, cost=True, version=version, today=today)


async def make_weeks(scene: Scene) -> None:
    """A published week with an answer and its draft, a draft with a night and a warning, and one a week later."""
    qualified = {"required_staff": 2, "qualifications": ("cashier",), "department_id": scene.department.id}
    first, _ = await make_week(scene, qualified, night(6), held={0: [scene.bob], 1: [scene.carol]}, status="published")
    await execute("UPDATE schedule_assignments SET status = 'declined' WHERE employee_id = :id", id=scene.bob.id)
    await revise_schedule(scene.actor("manager"), first.id)
    await make_week(
        scene,
        {"day": 1},
        {"day": 1, "start": time(18), "end": time(22)},
        held={0: [scene.bob, scene.carol], 1: [scene.carol]},
        week_start=NEXT,
    )
    await execute(
        "INSERT INTO rule_violations (schedule_id, assignment_id, rule_type, severity, message)"
        " SELECT schedule_id, id, 'preference', 'warn', 'Dislikes it'"
        " FROM schedule_assignments WHERE employee_id = :id",
        id=scene.carol.id,
    )
    await execute(
        "UPDATE employees SET hourly_rate_cents = 2155, contracted_minutes = 1200 WHERE id = :id", id=scene.bob.id
    )


def spread(view: SpanView, week: int) -> dict[str, list[list[dict[str, Any]]]]:
    """Of one week, name -> per day what the board's chips say."""
    shifts = {shift["id"]: (day, shift) for day, shifts in enumerate(view.shifts) for shift in shifts}
    found: dict[str, list[list[dict[str, Any]]]] = {}
    for row in view.rows:
        cells = found[row["name"]] = [[] for _ in range(7)]
        for assignment_id, shift_id, status, *warned in row["held"]:
            day, shift = shifts[shift_id]
            pattern = view.patterns[shift["of"]]
            said = {name: pattern[name] for name in ("label", "title", "kind")}
            told = {"id": assignment_id, "shift": shift_id, "status": STATUSES[status], "warn": sum(warned)}
            if day // 7 == week:
                cells[day % 7].append(said | told)
    return found


@pytest.mark.parametrize("drafts", [True, False], ids=["planner", "staff"])
@pytest.mark.parametrize("version", ["working", "published"])
async def test_a_span_says_what_its_weeks_boards_say(drafts: bool, version: WhichVersion):
    scene = await make_scene()
    await make_weeks(scene)

    span = await read(scene, drafts=drafts, version=version)
    boards = [await board(scene, week, drafts=drafts, version=version) for week in (WEEK, NEXT)]

    assert [week["status"] for week in span.weeks] == [each.schedule.status if each.schedule else "" for each in boards]
    assert span.days == [day for each in boards for day in each.days]
    for number, each in enumerate(boards):
        chips = {
            row["name"]: [[{k: v for k, v in chip.items() if k != "v"} for chip in cell] for cell in row["cells"]]
            for row in each.rows
        }
        assert spread(span, number) == chips
        shifts = [
            [{**span.patterns[shift["of"]], **{k: shift[k] for k in ("id", "needed", "staffed")}} for shift in day]
            for day in span.shifts[7 * number : 7 * number + 7]
        ]
        # Their versions, and where on a day's clock they begin, are the week's alone.
        known = [[{k: v for k, v in shift.items() if k not in {"v", "at"}} for shift in day] for day in each.shifts]
        assert shifts == known
    for row, *singles in zip(span.rows, *(each.rows for each in boards), strict=True):
        assert row["minutes"] == sum(single["minutes"] for single in singles)
        if row["cents"] is not None:
            assert row["cents"] == [cents for single in singles for cents in single["cents"] or ()]
        targets = [single["target"] or 0 for single, each in zip(singles, boards, strict=True) if each.schedule]
        assert (row["target"] or 0) == sum(targets)


async def test_staff_see_published_weeks_alone():
    scene = await make_scene()
    await make_weeks(scene)

    for_staff = await read(scene, drafts=False, cost=False)

    assert [(week["status"], week["number"]) for week in for_staff.weeks] == [("published", 1), ("", 0)]
    assert for_staff.shifts[7:] == [[]] * 7
    assert [day["needed"] for day in for_staff.days[7:]] == [0] * 7
    assert all(row["cents"] is row["target"] is None and row["qualifications"] == [] for row in for_staff.rows)
    assert {len(held) for row in for_staff.rows for held in row["held"]} == {3}
    assert for_staff.currency == ""


async def test_a_month_has_the_weeks_that_touch_it_and_each_its_own_version():
    scene = await make_scene(week_starts_on=6)
    sunday = WEEK - timedelta(days=1)
    await make_week(scene, {"day": 0}, week_start=sunday)

    view = await read(scene, "month", WEEK + timedelta(days=3))

    starts = [week.isoformat() for week in span_weeks("month", sunday, 6)]
    assert [week["start"] for week in view.weeks] == starts
    assert [week["status"] for week in view.weeks] == [
        "draft" if start == sunday.isoformat() else "" for start in starts
    ]
    assert len(view.days) == len(view.shifts) == 7 * len(starts)
    assert view.shifts[7 * starts.index(sunday.isoformat())][0]["needed"] == 1


async def test_the_number_of_statements_is_the_same_for_any_number_of_weeks():
    scene = await make_scene()
    await make_weeks(scene)

    found = []
    for kind in ("two-weeks", "month"):
        with count_statements() as statements:
            await read(scene, kind)
        found.append(len(statements))

    assert found == [5, 5]


async def test_a_missing_site_is_not_found():
    scene = await make_scene()
    scene.site.id = 2**70
    with pytest.raises(NotFound):
        await read(scene)
