"""Filling a draft by the optimiser: asked for, searched, kept as one step or thrown away; until then it is safe."""

import asyncio
import json
from datetime import time
from typing import Any

import pytest
from sqlalchemy import text

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import Conflict, IllegalTransition, InvalidInput, NotAllowed, NotFound, RuleBroken
from schedule_app.domain.solve_run import TRANSITIONS, SolveRunStatus
from schedule_app.models import Schedule, SolveRun
from schedule_app.optimizer import codec
from schedule_app.optimizer.problem import Problem, Told
from schedule_app.optimizer.repair import repair
from schedule_app.optimizer.solution import Given, Solution
from schedule_app.optimizer.solve import solve
from schedule_app.queries.solve_runs import shown_run
from schedule_app.services.filling import Filling
from schedule_app.services.schedules import create_schedule, revise_schedule, submit_schedule
from schedule_app.services.shifts import delete_shift
from schedule_app.services.solve_runs import (
    LOST,
    MOST_PROPOSALS,
    claim_run,
    discard_run,
    end_lost_runs,
    end_run,
    keep_run,
    note_alive,
    note_better,
    start_run,
    stop_run,
)
from schedule_app.services.undo import redo, undo
from tests.db.services.scene import (
    WEEK,
    Scene,
    audited,
    execute,
    fetch,
    make_scene,
    make_week,
    rows,
    until_somebody_waits,
    writing,
)
from tests.support.builders import build_rule
from tests.support.database import Database
from tests.support.queries import count_statements

QUICK = Filling(seconds=10)
DAY = ({"day": 0}, {"day": 1}, {"day": 2})


@pytest.fixture(autouse=True)
async def _database(database: Database) -> None:
    """Every test here has a database of its own."""


async def search(run_id: int) -> Solution:
    """What the process of a run does."""
    claimed = await claim_run()
    assert claimed is not None
    assert claimed.run_id == run_id
    problem = codec.loads(Problem, claimed.problem)
    solution = await asyncio.to_thread(solve, problem, workers=1)
    if solution.has_plan:
        await note_better(run_id, solution, sum(each.shift.required_staff for each in problem.demands))
    await end_run(run_id, None if solution.has_plan else "No plan.")
    return solution


async def filled(scene: Scene, schedule: Schedule, filling: Filling = QUICK) -> int:
    """The number of a run that has a proposal."""
    run_id = await start_run(scene.actor("manager"), schedule.id, filling)
    await search(run_id)
    return run_id


async def on_shifts(schedule: Schedule) -> list[tuple[int, str, str]]:
    """Who is on which shift, by its day, and how they came there."""
    found = await rows(
        "SELECT shifts.local_date - :week, employees.name, held.source FROM schedule_assignments AS held"
        " JOIN shifts ON shifts.id = held.shift_id JOIN employees ON employees.id = held.employee_id"
        " WHERE held.schedule_id = :id AND held.status = 'assigned' ORDER BY 1, 2",
        id=schedule.id,
        week=WEEK,
    )
    return [tuple(row) for row in found]


async def test_a_kept_proposal_fills_the_draft_as_one_step_that_can_be_undone():
    scene = await make_scene()
    schedule, _ = await make_week(scene, *DAY, held={0: [scene.bob]})
    run_id = await filled(scene, schedule)
    assert await on_shifts(schedule) == [(0, "Bob Worker", "manual")]

    kept = await keep_run(scene.actor("manager"), run_id)

    assert (kept.given, kept.taken) == (2, 0)
    after = await on_shifts(schedule)
    assert [day for day, *_ in after] == [0, 1, 2]
    assert after[0] == (0, "Bob Worker", "manual")
    assert {source for *_, source in after[1:]} == {"auto"}
    [entry] = await audited("schedule", schedule.id)
    assert (entry.action, entry.after) == ("fill", {"run_id": run_id, "given": 2, "taken": 0})
    assert (await fetch(SolveRun, run_id)).status == "kept"

    await undo(scene.actor("manager"), scene.site.id)
    assert await on_shifts(schedule) == [(0, "Bob Worker", "manual")]
    await redo(scene.actor("manager"), scene.site.id)
    assert await on_shifts(schedule) == after


async def test_of_a_selection_nothing_else_is_filled():
    scene = await make_scene()
    schedule, shifts = await make_week(scene, *DAY)
    run_id = await filled(scene, schedule, Filling(seconds=10, shift_ids=(shifts[0].id, shifts[2].id)))

    await keep_run(scene.actor("manager"), run_id)

    assert [day for day, *_ in await on_shifts(schedule)] == [0, 2]
    async with read_session() as session:
        shown = await shown_run(session, scene.actor("manager"), schedule.id)
    assert not shown.run.id


async def test_a_selection_of_which_something_is_gone_is_not_searched_for():
    scene = await make_scene()
    schedule, shifts = await make_week(scene, *DAY)
    await delete_shift(scene.actor("manager"), shifts[1].id, expected_version=1)

    with pytest.raises(Conflict, match="Some of the shifts selected are gone"):
        await start_run(scene.actor("manager"), schedule.id, Filling(shift_ids=tuple(each.id for each in shifts)))
    assert not await rows("SELECT 1 FROM solve_runs")


async def test_a_supervisor_fills_a_selection_of_their_own_department():
    scene = await make_scene()
    schedule, [own, other] = await make_week(scene, {"department_id": scene.department.id}, {"day": 1})
    await execute("UPDATE employees SET department_id = :d WHERE id = :s", d=scene.department.id, s=scene.supervisor.id)
    scene.supervisor.department_id = scene.department.id

    with pytest.raises(NotAllowed):
        await start_run(scene.actor("supervisor"), schedule.id, Filling(shift_ids=(own.id, other.id)))
    run_id = await start_run(scene.actor("supervisor"), schedule.id, Filling(seconds=10, shift_ids=(own.id,)))
    await search(run_id)
    await keep_run(scene.actor("supervisor"), run_id)

    assert [day for day, *_ in await on_shifts(schedule)] == [0]


async def test_a_run_keeps_what_it_needs_to_be_repeated():
    scene = await make_scene()
    schedule, _ = await make_week(scene, *DAY)
    run_id = await filled(scene, schedule, Filling(seconds=10, seed=7))
    run = await fetch(SolveRun, run_id)

    problem = codec.loads(Problem, (await rows("SELECT problem::text FROM solve_runs"))[0][0])
    again = solve(problem, workers=1)

    assert (problem.seed, problem.seconds, len(problem.demands)) == (7, 10, 3)
    assert sorted([each.shift_id, each.employee_id] for each in again.given) == sorted(run.plan)
    assert run.result["score"] == again.score
    assert run.progress[-1][1] == again.score


async def test_strict_rules_hold_and_who_cannot_work_is_not_planned():
    scene = await make_scene()
    async with writing() as session:
        await build_rule(session, scene.site, rule_type="rest_period", constraints={"min_minutes": 660}, strict=True)
    night, early = {"day": 0, "start": time(22), "end": time(6)}, {"day": 1, "start": time(7), "end": time(15)}
    schedule, _ = await make_week(scene, night, {**early, "required_staff": 3}, held={0: [scene.bob]})
    await execute("UPDATE employees SET is_active = false WHERE name LIKE '%Manager'")
    run_id = await filled(scene, schedule)

    await keep_run(scene.actor("manager"), run_id)

    assert await on_shifts(schedule) == [
        (0, "Bob Worker", "manual"),
        (1, "Alice Supervisor", "auto"),
        (1, "Carol Worker", "auto"),
    ]
    assert (await fetch(SolveRun, run_id)).result["missing"] == 1


async def test_who_is_kept_apart_is_not_planned_at_the_same_time():
    scene = await make_scene()
    pair = {"first": scene.bob.id, "second": scene.carol.id}
    async with writing() as session:
        await build_rule(session, scene.site, rule_type="restriction", constraints={"apart": [pair]}, strict=True)
    schedule, [_, late] = await make_week(scene, {"day": 0}, {"day": 0, "start": time(12), "end": time(20)})
    await execute("UPDATE employees SET is_active = false WHERE name LIKE '%Manager' OR name LIKE '%Supervisor'")
    run_id = await filled(scene, schedule)
    assert (await fetch(SolveRun, run_id)).result["missing"] == 1

    # The optimiser's word is not taken for it.
    plan = [[late.id, scene.carol.id], [late.id - 1, scene.bob.id]]
    await execute("UPDATE solve_runs SET plan = CAST(:plan AS jsonb)", plan=json.dumps(plan))
    with pytest.raises(RuleBroken, match="at the same time as"):
        await keep_run(scene.actor("manager"), run_id)
    assert await on_shifts(schedule) == []


async def test_one_search_at_a_time():
    scene = await make_scene()
    schedule, _ = await make_week(scene, *DAY)
    await start_run(scene.actor("manager"), schedule.id, QUICK)

    with pytest.raises(Conflict, match="being filled already"):
        await start_run(scene.actor("second_manager"), schedule.id, QUICK)

    assert len(await rows("SELECT id FROM solve_runs")) == 1


async def test_two_processes_take_up_a_run_once():
    scene = await make_scene()
    schedule, _ = await make_week(scene, *DAY)
    await start_run(scene.actor("manager"), schedule.id, QUICK)

    claims = await asyncio.gather(*(claim_run() for _ in range(8)))

    assert len([each for each in claims if each is not None]) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE shifts SET required_staff = 2 WHERE id = :shift", "1 shift"),
        ("UPDATE employees SET max_minutes = 60 WHERE id = :bob", "1 person"),
        ("DELETE FROM shifts WHERE id = :shift", "1 shift"),
        (
            "INSERT INTO rules (site_id, rule_type, name, constraints)"
            " SELECT site_id, 'rest_period', 'Rest', '{\"min_minutes\": 660}' FROM employees WHERE id = :bob",
            "1 rule",
        ),
        (
            "UPDATE sites SET weights = '{\"workload\": 5}' WHERE id = (SELECT site_id FROM employees WHERE id = :bob)",
            "weights",
        ),
    ],
    ids=["a shift", "a person", "a removed shift", "a rule", "the weights"],
)
async def test_a_plan_for_a_week_that_has_changed_is_refused_and_says_what(change: str, words: str):
    scene = await make_scene()
    schedule, [first, *_] = await make_week(scene, *DAY)
    run_id = await filled(scene, schedule)
    values = {name: number for name, number in (("shift", first.id), ("bob", scene.bob.id)) if f":{name}" in change}
    await execute(change, **values)

    with pytest.raises(Conflict, match=f"changed since the search began.*{words}"):
        await keep_run(scene.actor("manager"), run_id)

    assert await on_shifts(schedule) == []
    assert (await fetch(SolveRun, run_id)).status == "proposed"


async def test_a_week_sent_for_approval_meanwhile_stays_as_it_was_signed():
    scene = await make_scene()
    schedule, _ = await make_week(scene, *DAY)
    run_id = await filled(scene, schedule)
    await submit_schedule(scene.actor("manager"), schedule.id, expected_version=schedule.version)

    with pytest.raises(IllegalTransition):
        await keep_run(scene.actor("manager"), run_id)

    assert await on_shifts(schedule) == []


@pytest.mark.parametrize(
    ("role", "refusal"), [("employee", NotAllowed), ("stranger", NotFound)], ids=["employee", "another site"]
)
async def test_only_who_plans_there_starts_stops_keeps_or_discards(role: str, refusal: type[Exception]):
    scene = await make_scene()
    schedule, _ = await make_week(scene, *DAY)
    run_id = await filled(scene, schedule)
    actor = scene.actor(role)

    for refused in (
        start_run(actor, schedule.id, QUICK),
        stop_run(actor, run_id),
        discard_run(actor, run_id),
        keep_run(actor, run_id),
    ):
        with pytest.raises(refusal):
            await refused

    assert (await fetch(SolveRun, run_id)).status == "proposed"
    with pytest.raises(NotFound):
        await keep_run(scene.actor("manager"), run_id + 1)


async def test_a_supervisor_fills_their_own_department_and_nothing_else():
    scene = await make_scene()
    schedule, [own, other] = await make_week(scene, {"department_id": scene.department.id}, {"day": 1})
    await execute("UPDATE employees SET department_id = :d WHERE id = :s", d=scene.department.id, s=scene.supervisor.id)
    scene.supervisor.department_id = scene.department.id

    with pytest.raises(NotAllowed):
        await start_run(scene.actor("supervisor"), schedule.id, QUICK)
    run_id = await start_run(scene.actor("supervisor"), schedule.id, Filling(scene.department.id, seconds=10))
    await search(run_id)
    await keep_run(scene.actor("supervisor"), run_id)

    assert [day for day, *_ in await on_shifts(schedule)] == [0]
    assert other.id > own.id


async def test_somebody_told_or_pinned_stays_and_the_others_may_be_replanned():
    scene = await make_scene()
    published, _ = await make_week(scene, *DAY, held={0: [scene.bob]}, status="published")
    draft_id = await revise_schedule(scene.actor("manager"), published.id)
    draft = await fetch(Schedule, draft_id)
    [_, second, third] = [
        each for [each] in await rows("SELECT id FROM shifts WHERE schedule_id = :id ORDER BY local_date", id=draft_id)
    ]
    for shift_id, pinned in ((second, True), (third, False)):
        await execute(
            "INSERT INTO schedule_assignments (schedule_id, shift_id, employee_id, starts_at, ends_at, pinned)"
            " SELECT schedule_id, id, :carol, starts_at, ends_at, :pinned FROM shifts WHERE id = :shift",
            carol=scene.carol.id,
            pinned=pinned,
            shift=shift_id,
        )
    # Carol cannot work the third day by a rule that came later.
    async with writing() as session:
        await build_rule(
            session,
            scene.site,
            rule_type="workload",
            employee_id=scene.carol.id,
            constraints={"max_minutes_per_week": 480},
            strict=True,
        )

    run_id = await filled(scene, draft, Filling(seconds=10, keeping="told"))
    kept = await keep_run(scene.actor("manager"), run_id)

    assert (kept.given, kept.taken) == (1, 1)
    after = await on_shifts(draft)
    assert after[0][:2] == (0, "Bob Worker")
    assert after[1] == (1, "Carol Worker", "manual")
    assert after[2][1] != "Carol Worker"


async def test_whoever_said_no_to_a_shift_is_not_planned_on_it():
    scene = await make_scene()
    published, _ = await make_week(scene, {"day": 0}, held={0: [scene.bob]}, status="published")
    await execute(
        "UPDATE schedule_assignments SET status = 'declined', responded_at = now() WHERE employee_id = :id",
        id=scene.bob.id,
    )
    await execute(
        "UPDATE employees SET is_active = false WHERE id NOT IN (:bob, :manager)",
        bob=scene.bob.id,
        manager=scene.manager.id,
    )
    draft_id = await revise_schedule(scene.actor("manager"), published.id)
    draft = await fetch(Schedule, draft_id)

    run_id = await filled(scene, draft)
    await keep_run(scene.actor("manager"), run_id)

    assert [name for _, name, _ in await on_shifts(draft)] == ["John Manager"]


async def test_a_call_out_is_repaired_without_disturbing_who_need_not_be():
    scene = await make_scene()
    published, _ = await make_week(
        scene, {"day": 0}, {"day": 1}, held={0: [scene.bob], 1: [scene.carol]}, status="published"
    )
    draft = await fetch(Schedule, await revise_schedule(scene.actor("manager"), published.id))
    # She had said yes; he says no only after the draft was begun.
    for person, answer in ((scene.carol, "confirmed"), (scene.bob, "declined")):
        await execute(
            "UPDATE schedule_assignments SET status = :answer, responded_at = now()"
            " WHERE schedule_id = :id AND employee_id = :person",
            answer=answer,
            id=published.id,
            person=person.id,
        )

    run_id = await start_run(scene.actor("manager"), draft.id, Filling(seconds=6, keeping="repair"))
    claimed = await claim_run()
    assert claimed is not None
    assert claimed.is_repair
    problem = codec.loads(Problem, claimed.problem)
    told = {each.employee_id: each.told for each in problem.standing}
    assert told == {scene.bob.id: Told.DRAFT, scene.carol.id: Told.CONFIRMED}
    ways = (await asyncio.to_thread(repair, problem, workers=1)).ways
    await note_better(run_id, ways[0].solution, 2)
    await end_run(run_id)
    async with read_session() as session:
        shown = await shown_run(session, scene.actor("manager"), draft.id)
    assert (shown.run.title, shown.run.disturbed) == ("Repair: 1 place filled, 1 taken off", "0")
    kept = await keep_run(scene.actor("manager"), run_id)

    assert ways[0].disturbed == ()
    assert (kept.given, kept.taken) == (1, 1)
    [(_, first, _), (_, second, _)] = await on_shifts(draft)
    assert first not in ("Bob Worker", "Carol Worker")
    assert second == "Carol Worker"


async def test_each_way_of_a_repair_is_a_proposal_and_one_is_kept():
    scene = await make_scene()
    schedule, shifts = await make_week(scene, *DAY, held={0: [scene.bob]})
    run_id = await start_run(scene.actor("manager"), schedule.id, Filling(seconds=10, keeping="repair"))
    await claim_run()
    bob, carol = (Solution("feasible", (Given(each.id, shifts[0].id),)) for each in (scene.bob, scene.carol))
    await note_better(run_id, bob, 3)

    [other_id] = await end_run(run_id, others=[carol], places=3)

    assert await end_run(run_id, others=[carol], places=3) == []
    one, other = await fetch(SolveRun, run_id), await fetch(SolveRun, other_id)
    assert (one.status, other.status, other.plan) == ("proposed", "proposed", [[shifts[0].id, scene.carol.id]])
    assert (other.created_at, other.problem_hash, other.result["places"]) == (one.created_at, one.problem_hash, 3)
    await keep_run(scene.actor("manager"), other_id)
    assert (await fetch(SolveRun, run_id)).status == "discarded"
    assert [name for _, name, _ in await on_shifts(schedule)] == ["Carol Worker"]


async def test_a_scenario_has_weights_and_a_demand_of_its_own():
    scene = await make_scene()
    schedule, _ = await make_week(scene, {"day": 0, "required_staff": 2}, {"day": 1, "required_staff": 3})
    filling = Filling(seconds=10, weights={"fairness": 7, "cost": 1}, demand=150)

    run_id = await filled(scene, schedule, filling)

    run = await fetch(SolveRun, run_id)
    problem = codec.loads(Problem, json.dumps(run.problem))
    # Of the weights only what differs from the site's is the scenario's own.
    assert run.request == {
        "department_id": None,
        "shift_ids": [],
        "keeping": "all",
        "weights": {"fairness": 7},
        "demand": 150,
    }
    assert (problem.weights.by_rule["fairness"], problem.weights.by_rule["cost"]) == (7, 1)
    assert [each.shift.required_staff for each in problem.demands] == [3, 5]
    await keep_run(scene.actor("manager"), run_id)
    shifts = await rows("SELECT required_staff FROM shifts WHERE schedule_id = :id ORDER BY id", id=schedule.id)
    assert [row[0] for row in shifts] == [2, 3]


@pytest.mark.parametrize(
    ("filling", "said"),
    [
        (Filling(weights={"fairness": -1}), "whole number from 0 to 100"),
        (Filling(weights={"fairness": 101}), "whole number from 0 to 100"),
        (Filling(weights={"luck": 1}), "no such kind of rule"),
        (Filling(demand=0), "50 to 200 %"),
        (Filling(demand=10_000), "50 to 200 %"),
    ],
)
async def test_a_scenario_that_makes_no_sense_is_refused(filling: Filling, said: str):
    scene = await make_scene()
    schedule, _ = await make_week(scene, *DAY)

    with pytest.raises(InvalidInput, match=said):
        await start_run(scene.actor("manager"), schedule.id, filling)

    assert await rows("SELECT id FROM solve_runs") == []


async def test_more_proposals_than_anybody_compares_are_refused():
    scene = await make_scene()
    schedule, _ = await make_week(scene, *DAY)
    run_ids = [await filled(scene, schedule) for _ in range(MOST_PROPOSALS)]

    with pytest.raises(Conflict, match="6 proposals for this week already"):
        await start_run(scene.actor("manager"), schedule.id, QUICK)

    await discard_run(scene.actor("manager"), run_ids[0])
    await start_run(scene.actor("manager"), schedule.id, QUICK)


async def test_a_search_that_found_nothing_says_so_and_changes_nothing():
    scene = await make_scene()
    schedule, _ = await make_week(scene, *DAY)
    run_id = await start_run(scene.actor("manager"), schedule.id, QUICK)
    await claim_run()

    await end_run(run_id, "The time was too short.")

    run = await fetch(SolveRun, run_id)
    assert (run.status, run.message) == ("failed", "The time was too short.")
    with pytest.raises(IllegalTransition, match="ended without a plan"):
        await keep_run(scene.actor("manager"), run_id)
    assert await start_run(scene.actor("manager"), schedule.id, QUICK) > run_id


async def test_a_run_whose_process_is_gone_is_ended_and_what_it_found_can_be_kept():
    scene = await make_scene()
    schedule, _ = await make_week(scene, *DAY)
    run_id = await start_run(scene.actor("manager"), schedule.id, QUICK)
    claimed = await claim_run()
    assert claimed is not None
    await note_better(run_id, solve(codec.loads(Problem, claimed.problem), workers=1), 3)

    await end_lost_runs()
    assert (await fetch(SolveRun, run_id)).status == "running"
    await execute("UPDATE solve_runs SET heard_at = now() - interval '1 minute'")
    await end_lost_runs()

    run = await fetch(SolveRun, run_id)
    assert (run.status, run.message) == ("proposed", LOST)
    assert (await keep_run(scene.actor("manager"), run_id)).given == 3


async def test_a_process_hears_that_somebody_wants_the_search_to_end():
    scene = await make_scene()
    schedule, _ = await make_week(scene, *DAY)
    run_id = await start_run(scene.actor("manager"), schedule.id, QUICK)
    await claim_run()
    assert not await note_alive(run_id)

    await stop_run(scene.actor("second_manager"), run_id)

    assert await note_alive(run_id)
    await discard_run(scene.actor("manager"), run_id)
    assert await note_alive(run_id)
    await end_run(run_id)
    assert (await fetch(SolveRun, run_id)).status == "discarded"


async def test_a_run_that_nobody_has_taken_up_is_stopped_at_once():
    scene = await make_scene()
    schedule, _ = await make_week(scene, *DAY)
    run_id = await start_run(scene.actor("manager"), schedule.id, QUICK)

    await stop_run(scene.actor("manager"), run_id)

    assert await claim_run() is None
    assert (await fetch(SolveRun, run_id)).status == "discarded"


async def test_keeping_one_proposal_throws_the_others_of_that_week_away():
    scene = await make_scene()
    schedule, _ = await make_week(scene, *DAY)
    first, second = await filled(scene, schedule), await filled(scene, schedule)

    await keep_run(scene.actor("manager"), second)

    assert (await fetch(SolveRun, first)).status == "discarded"
    with pytest.raises(IllegalTransition, match="discarded already"):
        await keep_run(scene.actor("manager"), first)
    with pytest.raises(IllegalTransition, match="kept already"):
        await keep_run(scene.actor("manager"), second)


@pytest.mark.parametrize("seconds", [0, -1, 601, 10**9])
async def test_a_time_that_makes_no_sense_is_refused(seconds: int):
    scene = await make_scene()
    schedule, _ = await make_week(scene, *DAY)

    with pytest.raises(InvalidInput, match="one second to 10 minutes"):
        await start_run(scene.actor("manager"), schedule.id, Filling(seconds=seconds))


async def test_an_empty_week_has_nothing_to_fill():
    scene = await make_scene()
    schedule_id = await create_schedule(scene.actor("manager"), scene.site.id, WEEK)

    with pytest.raises(InvalidInput, match="no shifts to fill"):
        await start_run(scene.actor("manager"), schedule_id, QUICK)
    with pytest.raises(NotFound):
        await start_run(scene.actor("manager"), 10**9, QUICK)


async def test_a_published_week_is_not_filled():
    scene = await make_scene()
    schedule, _ = await make_week(scene, *DAY, status="published")

    with pytest.raises(IllegalTransition):
        await start_run(scene.actor("manager"), schedule.id, QUICK)


async def test_a_discarded_draft_takes_its_runs_along():
    scene = await make_scene()
    schedule, [first, *_] = await make_week(scene, *DAY)
    run_id = await filled(scene, schedule)
    await delete_shift(scene.actor("manager"), first.id, expected_version=first.version)
    await execute("DELETE FROM schedules WHERE id = :id", id=schedule.id)

    assert await fetch(SolveRun, run_id) is None


@pytest.mark.parametrize("before", list(SolveRunStatus))
@pytest.mark.parametrize("after", list(SolveRunStatus))
async def test_the_database_takes_no_step_that_the_domain_does_not(before: SolveRunStatus, after: SolveRunStatus):
    scene = await make_scene()
    schedule, _ = await make_week(scene)
    await execute(
        "INSERT INTO solve_runs (site_id, schedule_id, requested_by_id, status, problem_hash, plan, result)"
        " VALUES (:site, :schedule, :who, :status, 'x', '[]', jsonb_build_object('score', 1))",
        site=scene.site.id,
        schedule=schedule.id,
        who=scene.manager.id,
        status=before.value,
    )
    change: Any = execute("UPDATE solve_runs SET status = :status", status=after.value)

    if before == after or after in TRANSITIONS[before]:
        await change
    else:
        with pytest.raises(Exception, match="moved on"):
            await change


async def test_the_statements_do_not_depend_on_how_much_there_is_to_fill():
    counts = []
    for size in (3, 30):
        scene = await make_scene()
        schedule, _ = await make_week(scene, *({"day": day % 7} for day in range(size)))
        with count_statements() as starting:
            run_id = await start_run(scene.actor("manager"), schedule.id, QUICK)
        await search(run_id)
        with count_statements() as keeping:
            await keep_run(scene.actor("manager"), run_id)
        counts.append((len(starting), len(keeping)))
    assert counts[0] == counts[1]


async def problem_in(run_id: int) -> Problem:
    """The problem of a run."""
    return codec.loads(Problem, json.dumps((await fetch(SolveRun, run_id)).problem))


async def test_a_demand_is_that_of_the_whole_week_where_each_shift_needs_one_person():
    scene = await make_scene()
    schedule, _ = await make_week(scene, *({"day": number % 7} for number in range(10)))

    run_id = await start_run(scene.actor("manager"), schedule.id, Filling(seconds=10, demand=110))

    needed = [each.shift.required_staff for each in (await problem_in(run_id)).demands]
    assert sum(needed) == 11
    await stop_run(scene.actor("manager"), run_id)
    fewer = await start_run(scene.actor("manager"), schedule.id, Filling(seconds=10, demand=80))
    # A shift that needs somebody is not left to nobody.
    assert [each.shift.required_staff for each in (await problem_in(fewer)).demands] == [1] * 10


async def test_who_answered_for_other_hours_has_neither_promised_nor_refused_the_new_ones():
    scene = await make_scene()
    published, _ = await make_week(
        scene, {"day": 0}, {"day": 1}, held={0: [scene.bob], 1: [scene.carol]}, status="published"
    )
    draft = await fetch(Schedule, await revise_schedule(scene.actor("manager"), published.id))
    for person, answer in ((scene.carol, "confirmed"), (scene.bob, "declined")):
        await execute(
            "UPDATE schedule_assignments SET status = :answer, responded_at = now()"
            " WHERE schedule_id = :id AND employee_id = :person",
            answer=answer,
            id=published.id,
            person=person.id,
        )
    await execute("UPDATE shifts SET ends_at = ends_at + interval '4 hours' WHERE schedule_id = :id", id=draft.id)

    run_id = await start_run(scene.actor("manager"), draft.id, Filling(seconds=6, keeping="repair"))

    problem = await problem_in(run_id)
    assert {each.employee_id: each.told for each in problem.standing} == {
        scene.bob.id: Told.DRAFT,
        scene.carol.id: Told.PUBLISHED,
    }
    assert [each.absences for each in problem.people if each.facts.id == scene.bob.id] == [()]


async def test_a_repair_knows_whom_it_disturbs_beyond_what_it_plans():
    scene = await make_scene()
    published, _ = await make_week(
        scene,
        {"day": 0, "department_id": scene.department.id},
        {"day": 1},
        {"day": 2, "department_id": scene.department.id},
        held={1: [scene.carol], 2: [scene.bob]},
        status="published",
    )
    draft = await fetch(Schedule, await revise_schedule(scene.actor("manager"), published.id))
    await execute(
        "DELETE FROM schedule_assignments WHERE schedule_id = :d AND employee_id = :b", d=draft.id, b=scene.bob.id
    )
    filling = Filling(scene.department.id, keeping="repair", seconds=6)

    run_id = await start_run(scene.actor("manager"), draft.id, filling)

    told = {each.facts.id for each in (await problem_in(run_id)).people if each.told is not Told.DRAFT}
    assert told == {scene.bob.id, scene.carol.id}


@pytest.mark.parametrize("is_disturbed", [False, True])
async def test_an_answer_that_comes_in_meanwhile_matters_where_the_repair_disturbs_its_person(is_disturbed: bool):
    scene = await make_scene()
    published, _ = await make_week(
        scene, {"day": 0}, {"day": 1}, held={0: [scene.bob], 1: [scene.carol]}, status="published"
    )
    draft = await fetch(Schedule, await revise_schedule(scene.actor("manager"), published.id))
    one, two = [row[0] for row in await rows("SELECT id FROM shifts WHERE schedule_id = :id ORDER BY id", id=draft.id)]
    run_id = await start_run(scene.actor("manager"), draft.id, Filling(seconds=6, keeping="repair"))
    await claim_run()
    second = scene.supervisor if is_disturbed else scene.carol
    plan = Solution("feasible", (Given(scene.bob.id, one), Given(second.id, two)))
    await note_better(run_id, plan, 2)
    await end_run(run_id)
    await execute(
        "UPDATE schedule_assignments SET status = 'confirmed', responded_at = now()"
        " WHERE schedule_id = :id AND employee_id = :person",
        id=published.id,
        person=scene.carol.id,
    )

    if is_disturbed:
        with pytest.raises(Conflict, match="changed since the search began"):
            await keep_run(scene.actor("manager"), run_id)
    else:
        assert await keep_run(scene.actor("manager"), run_id)


async def test_a_repair_that_is_thrown_away_as_it_ends_leaves_no_way_behind():
    scene = await make_scene()
    schedule, shifts = await make_week(scene, *DAY)
    run_id = await start_run(scene.actor("manager"), schedule.id, Filling(seconds=10, keeping="repair"))
    await claim_run()
    bob, carol = (Solution("feasible", (Given(each.id, shifts[0].id),)) for each in (scene.bob, scene.carol))
    await note_better(run_id, bob, 3)

    async with writing() as session:
        await session.execute(text("UPDATE solve_runs SET status = 'discarded' WHERE id = :id"), {"id": run_id})
        ending = asyncio.create_task(end_run(run_id, others=[carol], places=3))
        await until_somebody_waits()

    assert await ending == []
    assert [tuple(row) for row in await rows("SELECT id, status FROM solve_runs")] == [(run_id, "discarded")]


async def test_a_proposal_of_before_the_problem_had_another_form_is_kept_where_nothing_has_changed():
    scene = await make_scene()
    schedule, _ = await make_week(scene, *DAY)
    run_id = await filled(scene, schedule)
    problem = (await fetch(SolveRun, run_id)).problem
    for person in problem["people"]:
        person.pop("told", None)
    await execute("ALTER TABLE solve_runs DISABLE TRIGGER solve_runs_guard")
    await execute(
        "UPDATE solve_runs SET problem = CAST(:problem AS jsonb), problem_hash = 'of another form'",
        problem=json.dumps(problem),
    )
    await execute("ALTER TABLE solve_runs ENABLE TRIGGER solve_runs_guard")

    assert (await keep_run(scene.actor("manager"), run_id)).given == 3
