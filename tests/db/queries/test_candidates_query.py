"""Who could take a shift."""

from datetime import time, timedelta

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotAllowed, NotFound, RuleBroken, ScheduleError
from schedule_app.models import Shift
from schedule_app.queries.candidates import Candidate, candidates
from schedule_app.services.assignments import assign_employee
from tests.db.services.scene import WEEK, Scene, actor_of, assignment_on, execute, make_scene, make_week, night, writing
from tests.support.builders import build_department, build_employee, build_rule

pytestmark = pytest.mark.usefixtures("database")


async def listed(scene: Scene, shift: Shift, role: str = "manager") -> list[Candidate]:
    """The candidates for a shift."""
    async with read_session() as session:
        return (await candidates(session, scene.actor(role), shift.id)).people


async def test_candidates_are_judged_as_assigning_would():
    scene = await make_scene()
    async with writing() as session:
        await build_rule(session, scene.site, strict=False)
        dora = await build_employee(session, scene.site, name="Dora Worker")
        emil = await build_employee(session, scene.site, name="Emil Away", is_active=False)
    await execute("UPDATE employees SET qualifications = '[{\"name\": \"first aid\"}]' WHERE name NOT LIKE 'Carol%'")
    _, [shift, *_] = await make_week(
        scene,
        {"day": 1, "start": time(10), "end": time(18), "qualifications": ("first aid",)},
        night(0),
        {"day": 4},
        {"day": 1, "start": time(17), "end": time(19)},
        held={0: [scene.supervisor], 1: [scene.bob], 2: [dora], 3: [scene.second_manager]},
    )

    found = {each.name: each for each in await listed(scene, shift)}

    assert [(each.name, each.level, each.minutes_this_week) for each in found.values()] == [
        ("John Manager", "ok", 0),
        ("Dora Worker", "ok", 480),
        ("Bob Worker", "warn", 480),
        ("Carol Worker", "block", 0),
        ("Joan Manager", "block", 120),
    ]
    assert emil.name not in found
    assert found["Dora Worker"].messages == []
    assert "4 h of rest" in found["Bob Worker"].messages[0]
    assert "first aid" in found["Carol Worker"].messages[0]
    assert "already works" in found["Joan Manager"].messages[0]
    for name in ("Bob Worker", "Carol Worker", "Joan Manager"):
        with pytest.raises(ScheduleError) as refused:
            await assign_employee(scene.actor("manager"), shift.id, found[name].employee_id)
        assert refused.value.message == " ".join(found[name].messages)


async def test_what_shift_and_rule_both_ask_for_is_said_once():
    scene = await make_scene()
    async with writing() as session:
        await build_rule(session, scene.site, rule_type="qualification", constraints={"all_of": ["first aid"]})
    _, [shift] = await make_week(scene, {"qualifications": ("first aid",)})

    bob = next(each for each in await listed(scene, shift) if each.name == "Bob Worker")

    assert bob.messages == ["Bob Worker does not hold the qualification first aid."]
    with pytest.raises(RuleBroken) as refused:
        await assign_employee(scene.actor("manager"), shift.id, bob.employee_id)
    assert refused.value.message == bob.messages[0]


async def test_somebody_who_declined_is_a_candidate_again():
    scene = await make_scene()
    _, [shift] = await make_week(scene, held={0: [scene.bob, scene.carol]}, status="published")
    await execute("UPDATE schedule_assignments SET status = 'declined' WHERE employee_id = :id", id=scene.bob.id)

    names = [each.name for each in await listed(scene, shift)]

    assert "Bob Worker" in names
    assert "Carol Worker" not in names


async def test_the_week_before_counts_when_it_is_published():
    scene = await make_scene()
    async with writing() as session:
        await build_rule(session, scene.site)
    earlier = WEEK - timedelta(days=7)
    await make_week(scene, night(6), held={0: [scene.bob]}, status="published", week_start=earlier)
    _, [shift] = await make_week(scene, {"start": time(10), "end": time(14)})

    bob = next(each for each in await listed(scene, shift) if each.name == "Bob Worker")

    assert (bob.level, bob.minutes_this_week) == ("block", 0)
    with pytest.raises(RuleBroken):
        await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)


async def test_who_may_ask():
    scene = await make_scene()
    async with writing() as session:
        other = await build_department(session, scene.site)
        head = await build_employee(session, scene.site, role="supervisor", department_id=other.id)
    _, [shift] = await make_week(scene, {"department_id": scene.department.id})

    for role in ("admin", "manager", "supervisor"):
        assert len(await listed(scene, shift, role)) == 6
    async with read_session() as session:
        with pytest.raises(NotAllowed):
            await candidates(session, scene.actor("employee"), shift.id)
        with pytest.raises(NotAllowed):
            await candidates(session, actor_of(head), shift.id)
        with pytest.raises(NotFound) as foreign:
            await candidates(session, scene.actor("stranger"), shift.id)
        with pytest.raises(NotFound) as missing:
            await candidates(session, scene.actor("stranger"), 2**70)
    assert foreign.value.message == missing.value.message


async def test_a_moved_assignment_is_out_of_the_way_and_a_copied_one_is_not():
    scene = await make_scene()
    _, [monday, later, tuesday] = await make_week(
        scene,
        {"start": time(6), "end": time(14)},
        {"start": time(8), "end": time(18)},
        {"day": 1},
        held={0: [scene.bob]},
    )
    held = await assignment_on(monday, scene.bob)
    async with read_session() as session:
        judged = await candidates(session, scene.actor("manager"), later.id, moving=held.id)
        same = await candidates(session, scene.actor("manager"), monday.id, moving=held.id)
        other_day = await candidates(session, scene.actor("manager"), tuesday.id)

    bob = next(each for each in judged.people if each.name == "Bob Worker")
    assert (bob.level, judged.copying and judged.copying.level) == ("ok", "block")
    assert (judged.minutes, judged.moved_minutes, other_day.moved_minutes) == (600, 480, 0)
    assert "Bob Worker" not in {each.name for each in same.people}
    assert other_day.copying is None


async def test_costs_are_told_to_those_who_may_know_them():
    scene = await make_scene(currency="CHF")
    await execute("UPDATE employees SET hourly_rate_cents = 3050 WHERE id = :id", id=scene.bob.id)
    _, [monday, tuesday] = await make_week(
        scene, {"start": time(6), "end": time(14, 10)}, {"day": 1}, held={0: [scene.bob]}
    )
    held = await assignment_on(monday, scene.bob)

    for role, bobs, moved in (("manager", 24400, 24908), ("supervisor", None, None)):
        async with read_session() as session:
            judged = await candidates(session, scene.actor(role), tuesday.id, moving=held.id)
        costs = {each.name: each.cost_cents for each in judged.people}
        assert (costs["Bob Worker"], costs["Carol Worker"]) == (bobs, None)
        assert (judged.moved_cost_cents, judged.currency) == (moved, "CHF")


async def test_an_assignment_of_another_week_or_site_cannot_be_moved_here():
    scene, elsewhere = await make_scene(), await make_scene()
    _, [shift] = await make_week(scene)
    _, [theirs] = await make_week(elsewhere, held={0: [elsewhere.bob]})
    _, [next_week] = await make_week(scene, held={0: [scene.bob]}, week_start=WEEK + timedelta(days=7))
    foreign, later = await assignment_on(theirs, elsewhere.bob), await assignment_on(next_week, scene.bob)

    for assignment_id in (foreign.id, later.id, 2**40):
        async with read_session() as session:
            with pytest.raises(NotFound):
                await candidates(session, scene.actor("manager"), shift.id, moving=assignment_id)
