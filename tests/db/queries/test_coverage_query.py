"""The coverage heatmap."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import InvalidInput, NotFound
from schedule_app.queries.coverage import CellShift, CoverageView, coverage_cell, week_coverage
from tests.db.services.scene import WEEK, Scene, execute, make_scene, make_week, night, writing
from tests.support.builders import build_department

pytestmark = pytest.mark.usefixtures("database")

DEFAULTS: dict[str, Any] = {"department_id": None, "drafts": True, "version": "working"}


async def coverage(scene: Scene, week_start: date = WEEK, **options: Any) -> CoverageView:
    """The scene's heatmap."""
    async with read_session() as session:
        return await week_coverage(session, scene.site.id, week_start, today=WEEK, **{**DEFAULTS, **options})


async def behind(scene: Scene, day: int, hour: int, week_start: date = WEEK, **options: Any) -> list[CellShift]:
    """What is behind a cell."""
    async with read_session() as session:
        return await coverage_cell(
            session, scene.site.id, week_start, week_start + timedelta(days=day), hour, **{**DEFAULTS, **options}
        )


def nets(view: CoverageView, day: int) -> dict[int, int]:
    """Hour -> net, of the hours in which anybody is needed or there."""
    cells = {row.hour: row.cells[day] for row in view.hours}
    return {hour: cell.net for hour, cell in cells.items() if cell.needed or cell.staffed}


async def test_hours_are_staffed_minus_needed_in_numbers_signs_and_words():
    scene = await make_scene()
    await make_week(
        scene,
        {"start": time(9), "end": time(11), "required_staff": 3},
        {"start": time(10), "end": time(12)},
        {"start": time(14), "end": time(15)},
        held={0: [scene.bob], 1: [scene.carol, scene.manager], 2: [scene.bob]},
    )

    view = await coverage(scene)

    assert nets(view, 0) == {9: -2, 10: -1, 11: 1, 14: 0}
    assert nets(view, 1) == {}
    nine, eleven, two, night_time = (view.hours[hour].cells[0] for hour in (9, 11, 14, 3))
    day = f"Monday {WEEK.day} {WEEK:%B}"
    assert (nine.sign, nine.level, nine.text) == ("−", -2, f"{day}, 09:00: 1 of 3 needed, 2 short")
    assert (eleven.sign, eleven.level, eleven.text) == ("+", 1, f"{day}, 11:00: 2 of 1 needed, 1 over")
    assert (two.sign, two.level, two.text) == ("", 0, f"{day}, 14:00: 1 of 1 needed, met")
    assert (night_time.sign, night_time.text) == ("", f"{day}, 03:00: nobody needed")
    assert [row.label for row in view.hours][:2] == ["00:00", "01:00"]
    assert view.total_short_minutes == 2 * 120
    assert (view.days[0]["needed"], view.days[0]["staffed"]) == (5, 3)


async def test_nights_reach_into_the_next_day_and_out_of_the_week_before():
    scene = await make_scene()
    await make_week(scene, night(6), held={0: [scene.bob]}, status="published", week_start=WEEK - timedelta(days=7))
    await make_week(scene, night(0), night(6), held={0: [scene.bob]})

    view = await coverage(scene)

    assert nets(view, 0) == {**dict.fromkeys(range(6), 0), 22: 0, 23: 0}
    assert nets(view, 1) == dict.fromkeys(range(6), 0)
    assert nets(view, 6) == {22: -1, 23: -1}
    assert view.total_short_minutes == 480
    assert [day["needed"] for day in view.days] == [1, 0, 0, 0, 0, 0, 1]
    [monday] = await behind(scene, 0, 5)
    assert (monday.label, monday.people) == ("22:00–06:00 +1", ["Bob Worker"])


async def test_the_week_before_counts_as_it_is_in_force():
    scene = await make_scene()
    earlier = WEEK - timedelta(days=7)
    await make_week(scene, night(6), held={0: [scene.bob]}, week_start=earlier)

    assert len(nets(await coverage(scene), 0)) == 6
    assert nets(await coverage(scene, drafts=False), 0) == {}


async def test_clock_changes():
    scene = await make_scene()
    spring, autumn = date(2027, 3, 22), date(2026, 10, 19)
    await make_week(scene, night(5), held={0: [scene.bob]}, week_start=spring)
    await make_week(scene, night(5), {"day": 6, "start": time(2), "end": time(3)}, week_start=autumn)

    skipped, repeated = await coverage(scene, spring), await coverage(scene, autumn)

    gap = skipped.hours[2].cells[6]
    assert (gap.exists, gap.text) == (False, "Sunday 28 March, 02:00: the clock skips this hour")
    assert set(nets(skipped, 6)) == {0, 1, 3, 4, 5}
    assert await behind(scene, 6, 2, spring) == []
    assert nets(repeated, 6)[2] == -2
    assert repeated.hours[2].cells[6].text.endswith("0 of 2 needed, 2 short; the clock shows this hour twice")
    assert len(await behind(scene, 6, 2, autumn)) == 2
    # Nine hours of one night, and the repeated hour's own shift from its first start to its end.
    assert repeated.total_short_minutes == 9 * 60 + 120


async def test_a_department_sees_its_own_shifts():
    scene = await make_scene()
    async with writing() as session:
        other = await build_department(session, scene.site, name="Bar")
    await make_week(
        scene,
        {"department_id": scene.department.id, "start": time(9), "end": time(10)},
        {"department_id": other.id, "start": time(11), "end": time(12)},
        {"start": time(13), "end": time(14)},
    )

    view = await coverage(scene, department_id=other.id)

    assert (view.department, nets(view, 0), view.total_short_minutes) == ("Bar", {11: -1}, 60)
    assert [shift.department for shift in await behind(scene, 0, 11, department_id=other.id)] == ["Bar"]
    assert await behind(scene, 0, 9, department_id=other.id) == []


async def test_departments_of_other_sites_are_not_found():
    scene = await make_scene()
    other_scene = await make_scene()

    for department_id in (other_scene.department.id, 2**70, 0):
        with pytest.raises(NotFound):
            await coverage(scene, department_id=department_id)
        with pytest.raises(NotFound):
            await behind(scene, 0, 9, department_id=department_id)


async def test_only_active_assignments_staff_a_shift():
    scene = await make_scene()
    await make_week(scene, {"required_staff": 2}, held={0: [scene.bob, scene.carol]}, status="published")
    await execute("UPDATE schedule_assignments SET status = 'declined' WHERE employee_id = :id", id=scene.bob.id)

    [shift] = await behind(scene, 0, 9)

    assert (shift.needed, shift.staffed, shift.people) == (2, 1, ["Carol Worker"])
    assert (await coverage(scene)).hours[9].cells[0].net == -1


async def test_staff_see_the_published_version_alone():
    scene = await make_scene()
    await make_week(scene, {"required_staff": 2})

    view = await coverage(scene, drafts=False)

    assert (view.schedule, nets(view, 0), view.total_short_minutes) == (None, {}, 0)
    assert await behind(scene, 0, 9, drafts=False) == []
    assert len(await behind(scene, 0, 9)) == 1


@pytest.mark.parametrize(("day", "hour"), [(0, -1), (0, 24), (0, 2**70), (7, 9), (-1, 9)])
async def test_cells_outside_the_week_are_refused(day: int, hour: int):
    scene = await make_scene()

    with pytest.raises(InvalidInput):
        await behind(scene, day, hour)
