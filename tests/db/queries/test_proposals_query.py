"""Proposals side by side: each as if it were kept, all by the same measure."""

import json

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound
from schedule_app.models import Employee, Schedule, Shift
from schedule_app.queries.proposals import ProposalsView, compare_proposals
from schedule_app.services.filling import Filling
from schedule_app.services.schedules import revise_schedule
from schedule_app.services.solve_runs import claim_run, start_run
from tests.db.services.scene import Scene, execute, fetch, make_scene, make_week, rows, writing
from tests.support.builders import build_rule
from tests.support.database import Database


@pytest.fixture(autouse=True)
async def _database(database: Database) -> None:
    """Every test here has a database of its own."""


async def propose(scene: Scene, schedule: Schedule, plan: list[tuple[int, int]], filling: Filling) -> int:
    """What a search would have found."""
    run_id = await start_run(scene.actor("manager"), schedule.id, filling)
    await claim_run()
    await execute(
        "UPDATE solve_runs SET status = 'proposed', plan = CAST(:plan AS jsonb), result = CAST(:result AS jsonb)"
        " WHERE id = :id",
        plan=json.dumps(plan),
        result='{"score": 1, "bound": 0, "places": 2, "missing": 0, "status": "feasible"}',
        id=run_id,
    )
    return run_id


async def compared(scene: Scene, schedule: Schedule, role: str = "manager") -> ProposalsView:
    async with read_session() as session:
        return await compare_proposals(session, scene.actor(role), schedule.id)


def line(view: ProposalsView, name: str) -> list[str]:
    """A line's figures; the best with a star."""
    [found] = [each for each in view.lines if each.name == name]
    return [f"{cell.text}{'*' if cell.is_best else ''}" for cell in found.cells]


async def week_with_rest() -> tuple[Scene, Schedule, list[Shift], Employee, Employee]:
    """Two shifts of a day, with too little rest between them for one person to have both without a warning."""
    scene = await make_scene()
    schedule, shifts = await make_week(scene, {"day": 0}, {"day": 1}, held={0: [scene.bob]})
    async with writing() as session:
        limits = {"max_shifts_per_week": 1}
        await build_rule(session, scene.site, rule_type="workload", constraints=limits, strict=False)
    await execute("UPDATE employees SET hourly_rate_cents = 2000 WHERE id = :id", id=scene.bob.id)
    await execute("UPDATE employees SET hourly_rate_cents = 1000 WHERE id = :id", id=scene.carol.id)
    return scene, schedule, shifts, scene.bob, scene.carol


async def test_what_stands_and_each_proposal_are_measured_alike():
    scene, schedule, (one, two), bob, carol = await week_with_rest()
    both = await propose(scene, schedule, [(one.id, bob.id), (two.id, bob.id)], Filling(seconds=10))
    shared = await propose(
        scene, schedule, [(one.id, bob.id), (two.id, carol.id)], Filling(seconds=10, weights={"cost": 9}, demand=110)
    )

    view = await compared(scene, schedule)

    assert [(each.id, each.name, each.asked) for each in view.columns] == [
        (0, "Now", ""),
        (both, "Proposal 1", ""),
        (shared, "Proposal 2", "110 % of the people needed, cost weighs 9"),
    ]
    assert line(view, "Places filled") == ["1 of 2", "2 of 2*", "2 of 2*"]
    assert line(view, "Rules broken") == ["0*", "1", "0*"]
    assert line(view, "Hours of work") == ["8 h", "16 h", "16 h"]
    assert line(view, "Cost") == ["€160*", "€320", "€240"]


async def test_people_disturbed_are_counted_where_people_were_told():
    scene = await make_scene()
    published, _ = await make_week(
        scene, {"day": 0}, {"day": 1}, held={0: [scene.bob], 1: [scene.carol]}, status="published"
    )
    draft = await fetch(Schedule, await revise_schedule(scene.actor("manager"), published.id))
    one, two = [row[0] for row in await rows("SELECT id FROM shifts WHERE schedule_id = :id ORDER BY id", id=draft.id)]
    await propose(scene, draft, [(one, scene.carol.id), (two, scene.carol.id)], Filling(seconds=10, keeping="repair"))

    view = await compared(scene, draft)

    assert view.columns[1].asked == "repair"
    assert line(view, "People disturbed") == ["0*", "2"]


async def test_the_rest_of_the_week_stays_beside_what_was_planned_for_one_department():
    scene = await make_scene()
    schedule, (inside, outside) = await make_week(
        scene, {"day": 0, "department_id": scene.department.id}, {"day": 1}, held={1: [scene.carol]}
    )
    await propose(scene, schedule, [(inside.id, scene.bob.id)], Filling(scene.department.id, seconds=10))

    view = await compared(scene, schedule)

    assert line(view, "Places filled") == ["1 of 2", "2 of 2*"]
    assert outside.id


async def test_costs_are_for_those_who_may_know_them_and_plans_for_planners():
    scene, schedule, *_ = await week_with_rest()

    assert "Cost" not in [each.name for each in (await compared(scene, schedule, "supervisor")).lines]
    with pytest.raises(NotFound):
        await compared(scene, schedule, "employee")
    async with read_session() as session:
        with pytest.raises(NotFound):
            await compare_proposals(session, scene.actor("manager"), 999_999)


async def test_who_has_called_out_since_is_not_counted_as_working():
    scene = await make_scene()
    published, _ = await make_week(
        scene, {"day": 0}, {"day": 1}, held={0: [scene.bob], 1: [scene.carol]}, status="published"
    )
    draft = await fetch(Schedule, await revise_schedule(scene.actor("manager"), published.id))
    await execute(
        "UPDATE schedule_assignments SET status = 'declined', responded_at = now()"
        " WHERE schedule_id = :id AND employee_id = :bob",
        id=published.id,
        bob=scene.bob.id,
    )
    one, two = [row[0] for row in await rows("SELECT id FROM shifts WHERE schedule_id = :id ORDER BY id", id=draft.id)]
    plan = [(one, scene.supervisor.id), (two, scene.carol.id)]
    await propose(scene, draft, plan, Filling(seconds=10, keeping="repair"))

    view = await compared(scene, draft)

    assert line(view, "Places filled") == ["1 of 2", "2 of 2*"]
    assert line(view, "Hours of work") == ["8 h", "16 h"]


async def test_a_plan_is_not_called_the_cheapest_where_somebody_has_no_rate():
    scene, schedule, (one, two), bob, carol = await week_with_rest()
    await execute("UPDATE employees SET hourly_rate_cents = NULL WHERE id = :id", id=carol.id)
    await propose(scene, schedule, [(one.id, bob.id), (two.id, bob.id)], Filling(seconds=10))
    await propose(scene, schedule, [(one.id, carol.id), (two.id, carol.id)], Filling(seconds=10))

    view = await compared(scene, schedule)

    assert line(view, "Cost") == ["€160", "€320", "€0"]
    assert line(view, "People without a rate, not in the cost") == ["0*", "0*", "1"]
