"""Who can cover a shift, in which order, and why not the others."""

from datetime import time

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotAllowed, NotFound
from schedule_app.queries.candidates import candidates
from schedule_app.queries.cover import CoverPerson, CoverView, who_can_cover
from tests.db.services.scene import Scene, actor_of, execute, make_scene, make_week, writing
from tests.support.builders import build_department, build_employee, build_rule
from tests.support.database import Database


@pytest.fixture
async def scene(database: Database) -> Scene:
    return await make_scene()


async def ask(scene: Scene, shift_id: int, *, who: str = "manager", explained: tuple[int, ...] = ()) -> CoverView:
    async with read_session() as session:
        return await who_can_cover(session, scene.actor(who), shift_id, explained=explained)


def found(view: CoverView, name: str) -> CoverPerson:
    return next(each for each in (*view.able, *view.others) if each.name == name)


async def test_people_stand_in_the_order_in_which_they_should_be_asked(scene: Scene):
    def monday(preference: str) -> dict:
        slots = [{"start": "06:00", "end": "20:00", "preference": preference}]
        return {"monday": {"available": True, "time_slots": slots}}

    async with writing() as session:
        await build_rule(session, scene.site, strict=False)
        for name, columns in {
            "Likes It": {"availability": monday("preferred"), "hourly_rate_cents": 9000},
            "Lacks Hours": {"contracted_minutes": 2400, "hourly_rate_cents": 3000},
            "Costs Less": {"hourly_rate_cents": 1000},
            "Costs More": {"hourly_rate_cents": 2000},
            "Dislikes It": {"availability": monday("disliked"), "contracted_minutes": 2400},
            "Short Rest": {"contracted_minutes": 2400},
        }.items():
            await build_employee(session, scene.site, name=name, **columns)
        tired = await build_employee(session, scene.site, name="Works Then")
    await execute(
        "UPDATE employees SET is_active = false WHERE hourly_rate_cents IS NULL AND availability = '{}'"
        " AND contracted_minutes IS NULL AND name NOT IN ('Works Then', 'John Manager')"
    )
    await execute("UPDATE employees SET hourly_rate_cents = 5000 WHERE name = 'John Manager'")
    short = await _named("Short Rest")
    sunday = {"day": 1, "start": time(19), "end": time(23)}
    _, [shift, _, _] = await make_week(
        scene, {"required_staff": 2}, sunday, {"start": time(12), "end": time(13)}, held={1: [short], 2: [tired]}
    )
    await execute("UPDATE rules SET constraints = '{\"min_minutes\": 2000}'")
    view = await ask(scene, shift.id)

    assert [each.name for each in view.able] == [
        "Likes It",
        "Lacks Hours",
        "Costs Less",
        "Costs More",
        "John Manager",
        "Dislikes It",
        "Short Rest",
    ]
    assert [each.name for each in view.others] == ["Works Then"]
    assert found(view, "Short Rest").level == "warn"
    assert "rest after" in " ".join(found(view, "Short Rest").facts)
    assert (view.needed, view.staffed) == (2, 0)


async def _named(name: str):
    from sqlmodel import select  # noqa: PLC0415

    from schedule_app.models import Employee  # noqa: PLC0415

    async with read_session() as session:
        return (await session.execute(select(Employee).where(Employee.name == name))).scalar_one()


async def test_hours_cost_limits_and_rest_are_told(scene: Scene):
    async with writing() as session:
        await build_rule(session, scene.site, rule_type="overtime", constraints={"weekly_minutes": 900}, strict=False)
    await execute(
        "UPDATE employees SET contracted_minutes = 1200, hourly_rate_cents = 1550 WHERE id = :id", id=scene.bob.id
    )
    _, [_, shift] = await make_week(scene, {}, {"day": 1}, held={0: [scene.bob]})
    bob = found(await ask(scene, shift.id), "Bob Worker")

    assert (bob.hours, bob.cost) == ("8 h of 20 h this week", "€124")
    assert bob.facts == ["4 h below the contract of 20 h", "1 h above the limit of 15 h", "rest before: 16 h"]
    assert bob.level == "warn"
    assert bob.problems[0].startswith("Bob Worker would work 16 h in the week of")


async def test_every_rule_is_told_met_or_broken_when_asked_for(scene: Scene):
    async with writing() as session:
        await build_rule(session, scene.site, rule_type="consecutive_days", constraints={"max_days": 6}, priority=9)
        await build_rule(session, scene.site, rule_type="overtime", constraints={"weekly_minutes": 900}, strict=False)
    _, [_, shift] = await make_week(scene, {}, {"day": 1, "qualifications": ("Forklift",)}, held={0: [scene.bob]})
    view = await ask(scene, shift.id, explained=(scene.bob.id,))
    bob = found(view, "Bob Worker")

    assert [line.state for line in bob.checks] == ["met", "broken", "met", "met", "met", "warn"]
    assert bob.checks[1].text == "Holds every qualification the shift needs."
    assert bob.checks[1].why == "Bob Worker does not hold the qualification Forklift."
    assert "6 days in a row" in bob.checks[4].text
    assert [each.name for each in (*view.able, *view.others) if each.checks] == ["Bob Worker"]
    assert view.qualifications == ["Forklift"]


async def test_the_verdicts_are_those_of_assigning(scene: Scene):
    async with writing() as session:
        await build_rule(session, scene.site, rule_type="workload", constraints={"max_minutes_per_day": 500})
    _, [_, shift] = await make_week(scene, {}, {"start": time(18), "end": time(22)}, held={0: [scene.bob]})
    view = await ask(scene, shift.id)
    async with read_session() as session:
        judged = await candidates(session, scene.actor("manager"), shift.id)

    assert {each.employee_id: each.level for each in (*view.able, *view.others)} == {
        each.employee_id: each.level for each in judged.people
    }


async def test_cost_is_for_those_who_may_see_it(scene: Scene):
    await execute("UPDATE employees SET hourly_rate_cents = 4321")
    _, [shift] = await make_week(scene)

    assert found(await ask(scene, shift.id, who="admin"), "Bob Worker").cost == "€345.68"
    view = await ask(scene, shift.id, who="supervisor")
    assert {each.cost for each in view.able} == {""}
    # What they may not know does not show in the order either.
    await execute("UPDATE employees SET hourly_rate_cents = 1 WHERE id = :id", id=scene.carol.id)
    assert [each.name for each in (await ask(scene, shift.id, who="supervisor")).able] == [
        each.name for each in view.able
    ]


async def test_foreign_and_missing_shifts_look_alike(scene: Scene):
    _, [shift] = await make_week(scene)
    for who, shift_id in (("stranger", shift.id), ("manager", 2**40)):
        with pytest.raises(NotFound):
            await ask(scene, shift_id, who=who)
    with pytest.raises(NotAllowed):
        await ask(scene, shift.id, who="employee")
    async with writing() as session:
        other = await build_department(session, scene.site)
        bound = await build_employee(session, scene.site, role="supervisor", department_id=other.id)
    async with read_session() as session:
        with pytest.raises(NotAllowed):
            await who_can_cover(session, actor_of(bound), shift.id)
