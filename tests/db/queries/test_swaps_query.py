"""What exchanging two people's shifts would do, and with whom in the week."""

from datetime import time, timedelta
from typing import Any

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotAllowed, NotFound, ScheduleError
from schedule_app.domain.permissions import Actor
from schedule_app.models import Employee, Shift
from schedule_app.queries.swaps import SwapOptions, SwapView, judge_swap, swap_options
from schedule_app.services.moves import swap_assignments
from tests.db.services.scene import WEEK, actor_of, assignment_on, execute, make_scene, make_week, writing
from tests.support.builders import build_department, build_employee, build_rule

pytestmark = pytest.mark.usefixtures("database")

EARLY: dict[str, Any] = {"start": time(6), "end": time(14)}
LATE: dict[str, Any] = {"start": time(14), "end": time(22)}
Holding = tuple[Shift, Employee]


async def judged(actor: Actor, one: Holding, other: Holding) -> SwapView:
    """What swapping what two people hold would do."""
    async with read_session() as session:
        return await judge_swap(session, actor, *[(await assignment_on(*each)).id or 0 for each in (one, other)])


async def listed(actor: Actor, one: Holding, words: str = "") -> SwapOptions:
    """What it could be swapped with."""
    async with read_session() as session:
        return await swap_options(session, actor, (await assignment_on(*one)).id or 0, words)


async def test_both_are_judged_as_swapping_them_judges():
    scene = await make_scene()
    async with writing() as session:
        dora = await build_employee(session, scene.site, name="Dora Worker")
        await build_rule(session, scene.site, strict=False, employee_id=dora.id)
        await build_rule(session, scene.site, employee_id=scene.carol.id)
    _, shifts = await make_week(
        scene,
        {"day": 1, **EARLY},
        {"day": 2, **EARLY},
        {"day": 3, **EARLY},
        {"day": 0, **LATE},
        {"day": 4, **EARLY},
        held={0: [scene.bob], 1: [scene.supervisor], 2: [dora], 3: [dora, scene.carol], 4: [scene.carol]},
    )
    bob = shifts[0], scene.bob
    manager = scene.actor("manager")

    for other, level, words in (
        ((shifts[1], scene.supervisor), "ok", ""),
        ((shifts[2], dora), "warn", "rest"),
        ((shifts[4], scene.carol), "block", "rest"),
    ):
        view = await judged(manager, bob, other)
        assert (view.level, view.one.level, view.other.level, view.refusal) == (level, "ok", level, "")
        assert all(words in each for each in view.other.problems)
        held = [await assignment_on(*each) for each in (bob, other)]
        if level == "ok":
            continue
        with pytest.raises(ScheduleError) as refused:
            await swap_assignments(manager, *[each.id or 0 for each in held], one_version=1, other_version=1)
        assert refused.value.message == " ".join(view.other.problems)


async def test_what_is_no_swap_is_refused_in_the_words_of_swapping():
    scene = await make_scene()
    _, [early, late] = await make_week(
        scene, EARLY, LATE, held={0: [scene.bob, scene.carol], 1: [scene.bob, scene.supervisor]}, status="published"
    )
    await execute("UPDATE schedule_assignments SET status = 'declined' WHERE employee_id = :id", id=scene.supervisor.id)
    manager = scene.actor("manager")

    for one, other, words in (
        ((early, scene.bob), (late, scene.bob), "nobody to swap with"),
        ((early, scene.bob), (early, scene.carol), "Both work this shift already"),
        ((early, scene.carol), (late, scene.supervisor), "Somebody has declined"),
        ((early, scene.carol), (late, scene.bob), "Bob Worker already has this shift."),
    ):
        view = await judged(manager, one, other)
        assert view.level == "block"
        assert words in " ".join((view.refusal, *view.one.problems, *view.other.problems))


async def test_hours_cost_and_fair_share_change_for_both():
    scene = await make_scene(currency="CHF")
    await execute(
        "UPDATE employees SET contracted_minutes = 600, hourly_rate_cents = 3000 WHERE id = :id", id=scene.bob.id
    )
    await execute("UPDATE employees SET contracted_minutes = 600 WHERE id = :id", id=scene.carol.id)
    _, [short, long] = await make_week(
        scene,
        {"start": time(6), "end": time(14)},
        {"day": 1, "start": time(6), "end": time(18)},
        held={0: [scene.bob], 1: [scene.carol]},
    )

    view = await judged(scene.actor("manager"), (short, scene.bob), (long, scene.carol))

    assert (view.one.name, view.other.name) == ("Bob Worker", "Carol Worker")
    assert view.one.gets.endswith("06:00–18:00, Tuesday " + f"{WEEK + timedelta(days=1):%-d %B}")
    assert (view.one.hours, view.one.is_over) == ("8 h → 12 h of 10 h", True)
    assert (view.other.hours, view.other.is_over) == ("12 h → 8 h of 10 h", False)
    assert (view.one.cost, view.other.cost) == ("+CHF\u00a0120", "")
    assert (view.one.fair, view.other.fair) == ("2 h under → 2 h over", "2 h over → 2 h under")
    assert (await judged(scene.actor("supervisor"), (short, scene.bob), (long, scene.carol))).one.cost == ""


async def test_the_list_has_what_can_be_swapped_first_and_says_why_not_the_others():
    scene = await make_scene()
    async with writing() as session:
        dora = await build_employee(session, scene.site, name="Dora Worker")
        await build_rule(session, scene.site, strict=False, employee_id=dora.id)
        await build_rule(session, scene.site, employee_id=scene.carol.id)
    _, shifts = await make_week(
        scene,
        {"day": 1, "title": "Early", **EARLY},
        {"day": 0, "title": "Late", **LATE},
        {"day": 2, "title": "Middle", "start": time(9), "end": time(17)},
        {"day": 3, "title": "Middle", "start": time(9), "end": time(17)},
        held={0: [scene.bob, scene.supervisor], 1: [dora, scene.carol], 2: [dora, scene.carol], 3: [scene.manager]},
    )
    bob = shifts[0], scene.bob

    found = await listed(scene.actor("manager"), bob)

    assert [(each.name, each.has.split(" ")[0], each.level) for each in found.options] == [
        ("Carol Worker", "Late", "ok"),
        ("Dora Worker", "Late", "ok"),
        ("John Manager", "Middle", "ok"),
        ("Dora Worker", "Middle", "warn"),
        ("Carol Worker", "Middle", "block"),
    ]
    assert "rest" in found.options[-1].problems[0]
    for words, names in (("carol late", ["Carol Worker"]), ("THURSDAY", ["John Manager"]), ("nobody", [])):
        narrowed = await listed(scene.actor("manager"), bob, words)
        assert [each.name for each in narrowed.options] == names
        assert narrowed.found == len(names)


async def test_who_may_ask():
    scene = await make_scene()
    async with writing() as session:
        other = await build_department(session, scene.site)
        head = actor_of(await build_employee(session, scene.site, role="supervisor", department_id=other.id))
    _, [own, theirs] = await make_week(
        scene,
        {**EARLY, "department_id": other.id},
        {"day": 1, **EARLY, "department_id": scene.department.id},
        held={0: [scene.bob], 1: [scene.carol]},
    )
    bob, carol = (own, scene.bob), (theirs, scene.carol)

    assert "department you do not plan" in (await judged(head, bob, carol)).refusal
    assert (await listed(head, bob)).options == []
    for error, actor in ((NotAllowed, head), (NotFound, scene.actor("stranger")), (NotFound, scene.actor("employee"))):
        with pytest.raises(error):
            await judged(actor, carol, bob)
        with pytest.raises(error):
            await listed(actor, carol)
