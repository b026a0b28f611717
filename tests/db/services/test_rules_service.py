"""Rules made, changed, switched and removed; and what of it is refused."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from schedule_app.domain.errors import InvalidInput, NotAllowed, NotFound, RuleBroken, ScheduleError, StaleVersion
from schedule_app.domain.rules.consecutive_days import ConsecutiveDaysLimits
from schedule_app.domain.rules.fairness import FairnessLimits
from schedule_app.domain.rules.overtime import OvertimeLimits
from schedule_app.domain.rules.qualification import QualificationLimits
from schedule_app.domain.rules.rest_period import RestPeriodLimits
from schedule_app.domain.rules.restriction import Pair, RestrictionLimits, Succession
from schedule_app.models import Rule
from schedule_app.services.assignments import assign_employee
from schedule_app.services.rules import (
    RuleDetails,
    create_rule,
    delete_rule,
    edit_rule,
    read_limits,
    switch_rule,
)
from tests.db.services.scene import Scene, audited, fetch, make_scene, make_week, rows, writing
from tests.support.builders import build_department, build_employee, build_rule

pytestmark = pytest.mark.usefixtures("database")

REST = RuleDetails("rest_period", "Rest", RestPeriodLimits(660))


def details(**columns: Any) -> RuleDetails:
    """Eleven hours of rest, switched off, with something else about it."""
    return RuleDetails(**{"rule_type": "rest_period", "name": "Rest", "limits": RestPeriodLimits(660), **columns})


async def rule_of(scene: Scene, **columns: Any) -> Rule:
    """A rule that there is."""
    async with writing() as session:
        return await build_rule(session, scene.site, **columns)


async def all_rules(scene: Scene) -> list[Any]:
    """Every column of the site's rules."""
    return await rows("SELECT * FROM rules WHERE site_id = :id ORDER BY id", id=scene.site.id)


async def test_a_rule_is_made_as_it_was_entered():
    scene = await make_scene()
    entered = details(
        name="  Rest  ",
        department_id=scene.department.id,
        priority=9,
        strict=False,
        is_active=True,
        effective_from=date(2026, 6, 1),
        effective_until=date(2026, 6, 1),
    )
    rule_id = await create_rule(scene.actor("manager"), scene.site.id, entered)

    rule: Rule = await fetch(Rule, rule_id)
    assert (rule.site_id, rule.rule_type, rule.name) == (scene.site.id, "rest_period", "Rest")
    assert (rule.constraints, rule.department_id, rule.employee_id) == ({"min_minutes": 660}, scene.department.id, None)
    assert (rule.priority, rule.strict, rule.is_active) == (9, False, True)
    assert (rule.effective_from, rule.effective_until) == (date(2026, 6, 1), date(2026, 6, 1))
    assert (rule.created_by_id, rule.updated_by_id) == (scene.manager.id, scene.manager.id)
    [entry] = await audited("rule", rule_id)
    assert (entry.action, entry.actor_id, entry.site_id) == ("create", scene.manager.id, scene.site.id)
    assert entry.after["constraints"] == {"min_minutes": 660}
    assert entry.after["effective_from"] == "2026-06-01"


async def test_a_new_rule_is_off_until_it_is_switched_on():
    scene = await make_scene()
    _, [first, second] = await make_week(scene, {"day": 0}, {"day": 1})
    manager = scene.actor("manager")
    strict = RuleDetails("consecutive_days", "One day", ConsecutiveDaysLimits(1))
    rule_id = await create_rule(manager, scene.site.id, strict)
    await assign_employee(manager, first.id, scene.bob.id)
    await assign_employee(manager, second.id, scene.bob.id)

    await switch_rule(manager, rule_id, is_active=True, expected_version=1)
    await assign_employee(manager, first.id, scene.carol.id)
    with pytest.raises(RuleBroken):
        await assign_employee(manager, second.id, scene.carol.id)
    await switch_rule(manager, rule_id, is_active=False, expected_version=2)
    await assign_employee(manager, second.id, scene.carol.id)

    assert [(entry.action, entry.after["is_active"]) for entry in await audited("rule", rule_id)] == [
        ("create", False),
        ("edit", True),
        ("edit", False),
    ]


async def test_what_changes_of_a_rule_is_recorded_and_nothing_else():
    scene = await make_scene()
    rule = await rule_of(scene, name="Rest")
    changed = details(limits=RestPeriodLimits(600), employee_id=scene.bob.id, is_active=True)
    await edit_rule(scene.actor("manager"), rule.id, changed, expected_version=1)

    now: Rule = await fetch(Rule, rule.id)
    assert (now.constraints, now.employee_id, now.version) == ({"min_minutes": 600}, scene.bob.id, 2)
    [entry] = await audited("rule", rule.id)
    assert entry.action == "edit"
    assert entry.before == {"constraints": {"min_minutes": 660}, "employee_id": None}
    assert entry.after == {"constraints": {"min_minutes": 600}, "employee_id": scene.bob.id}


async def test_saving_a_rule_as_it_is_changes_nothing():
    scene = await make_scene()
    rule = await rule_of(scene, name="Rest")
    await edit_rule(scene.actor("manager"), rule.id, details(is_active=True), expected_version=1)
    await switch_rule(scene.actor("manager"), rule.id, is_active=True, expected_version=1)

    assert (await fetch(Rule, rule.id)).version == 1
    assert await audited("rule", rule.id) == []


async def test_a_rule_that_is_removed_leaves_its_record():
    scene = await make_scene()
    rule = await rule_of(scene, name="Rest")
    await delete_rule(scene.actor("admin"), rule.id, expected_version=1)

    assert await fetch(Rule, rule.id) is None
    [entry] = await audited("rule", rule.id)
    assert (entry.action, entry.actor_id, entry.after) == ("delete", scene.admin.id, None)
    assert (entry.before["rule_type"], entry.before["name"]) == ("rest_period", "Rest")


async def test_a_stale_version_is_refused_and_says_who_changed_it():
    scene = await make_scene()
    rule = await rule_of(scene, name="Rest")
    await edit_rule(scene.actor("second_manager"), rule.id, details(name="Long rest"), expected_version=1)
    manager = scene.actor("manager")
    for attempt in (
        edit_rule(manager, rule.id, details(), expected_version=1),
        switch_rule(manager, rule.id, is_active=True, expected_version=1),
        delete_rule(manager, rule.id, expected_version=1),
    ):
        with pytest.raises(StaleVersion, match="Joan Manager changed it in the meantime"):
            await attempt

    assert (await fetch(Rule, rule.id)).name == "Long rest"


async def test_a_stale_version_says_where_both_differ():
    scene = await make_scene()
    rule = await rule_of(scene, name="Rest")
    theirs = details(name="Long rest", limits=RestPeriodLimits(720), department_id=scene.department.id)
    await edit_rule(scene.actor("second_manager"), rule.id, theirs, expected_version=1)
    mine = details(name="Rest", employee_id=scene.bob.id, strict=False, effective_from=date(2026, 6, 1))

    with pytest.raises(StaleVersion) as refused:
        await edit_rule(scene.actor("manager"), rule.id, mine, expected_version=1)

    found = {each.label: (each.entered, each.stored) for each in refused.value.differences}
    assert found["Name"] == ("Rest", "Long rest")
    assert found["Applies to"] == ("Bob Worker", scene.department.name)
    assert found["From"] == ("Mon 1 Jun 2026", "nothing")
    assert found["When it is broken"] == ("It warns", "It blocks")
    assert "12 h of rest" in found["What it asks for"][1]
    assert refused.value.version == 2
    await edit_rule(scene.actor("manager"), rule.id, mine, expected_version=2)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("stranger", NotFound), ("supervisor", NotAllowed), ("employee", NotAllowed)],
)
async def test_only_who_manages_the_site_touches_its_rules(who: str, refusal: type[ScheduleError]):
    scene = await make_scene()
    rule = await rule_of(scene)
    before = await all_rules(scene)
    actor = scene.actor(who)
    for attempt in (
        create_rule(actor, scene.site.id, REST),
        edit_rule(actor, rule.id, REST, expected_version=1),
        switch_rule(actor, rule.id, is_active=False, expected_version=1),
        delete_rule(actor, rule.id, expected_version=1),
    ):
        with pytest.raises(refusal):
            await attempt

    assert await all_rules(scene) == before


async def test_what_there_is_not_is_not_found():
    scene = await make_scene()
    for attempt in (
        create_rule(scene.actor("admin"), 2**40, REST),
        edit_rule(scene.actor("admin"), 2**40, REST, expected_version=1),
        delete_rule(scene.actor("admin"), 2**40, expected_version=1),
    ):
        with pytest.raises(NotFound):
            await attempt


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"rule_type": "magic"}, "rule_type"),
        ({"limits": OvertimeLimits(60)}, "rule_type"),
        ({"limits": {"min_minutes": 660}}, "rule_type"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"name": "null\0byte"}, "name"),
        ({"priority": 0}, "priority"),
        ({"priority": 11}, "priority"),
        ({"department_id": 2**40}, "department_id"),
        ({"employee_id": 2**40}, "employee_id"),
        ({"effective_from": date(1969, 12, 31)}, "effective_from"),
        ({"effective_until": date(2200, 1, 1)}, "effective_until"),
        ({"effective_from": date(2026, 6, 2), "effective_until": date(2026, 6, 1)}, "effective_until"),
    ],
)
async def test_bad_values_are_refused_at_their_field(columns: dict[str, Any], field: str):
    scene = await make_scene()
    rule = await rule_of(scene)
    before = await all_rules(scene)
    for attempt in (
        create_rule(scene.actor("manager"), scene.site.id, details(**columns)),
        edit_rule(scene.actor("manager"), rule.id, details(**columns), expected_version=1),
    ):
        with pytest.raises(InvalidInput) as refused:
            await attempt
        assert refused.value.field == field

    assert await all_rules(scene) == before


async def test_what_is_told_of_everybody_together_is_for_nobody_alone():
    scene = await make_scene()
    for rule_type, limits in (
        ("fairness", FairnessLimits(max_nights_apart=1)),
        ("qualification", QualificationLimits(("Till",), min_people=1)),
    ):
        entered = details(rule_type=rule_type, limits=limits, employee_id=scene.bob.id)
        with pytest.raises(InvalidInput) as refused:
            await create_rule(scene.actor("manager"), scene.site.id, entered)
        assert refused.value.field == "employee_id"
        await create_rule(scene.actor("manager"), scene.site.id, replace(entered, employee_id=None))


async def test_people_of_a_pair_are_of_the_site():
    scene, elsewhere = await make_scene(), await make_scene()
    for other, is_fine in ((scene.carol.id, True), (elsewhere.bob.id, False)):
        entered = details(rule_type="restriction", limits=RestrictionLimits(apart=(Pair(scene.bob.id, other),)))
        if is_fine:
            await create_rule(scene.actor("manager"), scene.site.id, entered)
            continue
        with pytest.raises(InvalidInput) as refused:
            await create_rule(scene.actor("manager"), scene.site.id, entered)
        assert refused.value.field == "apart"


async def test_a_rule_keeps_its_kind():
    scene = await make_scene()
    rule = await rule_of(scene)
    other = RuleDetails("overtime", "Overtime", OvertimeLimits(2400))
    with pytest.raises(InvalidInput) as refused:
        await edit_rule(scene.actor("manager"), rule.id, other, expected_version=1)

    assert refused.value.field == "rule_type"


async def test_departments_and_people_of_elsewhere_look_like_none():
    scene, elsewhere = await make_scene(), await make_scene()
    async with writing() as session:
        gone = await build_employee(session, scene.site, deleted_at=(await rows("SELECT now()"))[0][0])
        kitchen = await build_department(session, elsewhere.site)
    said = []
    for columns in (
        {"department_id": kitchen.id},
        {"department_id": 2**40},
        {"employee_id": elsewhere.bob.id},
        {"employee_id": gone.id},
        {"employee_id": 2**40},
    ):
        with pytest.raises(InvalidInput) as refused:
            await create_rule(scene.actor("manager"), scene.site.id, details(**columns))
        said.append((refused.value.field, refused.value.message))
    with pytest.raises(InvalidInput) as refused:
        both = details(department_id=scene.department.id, employee_id=scene.bob.id)
        await create_rule(scene.actor("manager"), scene.site.id, both)

    assert set(said) == {
        ("department_id", "Please choose one from the list."),
        ("employee_id", "Please choose one from the list."),
    }
    assert refused.value.field == "employee_id"


def test_limits_are_read_and_every_bad_field_is_named():
    line = {"before": "training", "after": "general", "within_minutes": 720}

    assert read_limits("restriction", {"forbidden_successions": [line]}) == RestrictionLimits(
        forbidden_successions=(Succession("training", "general", 720),)
    )
    with pytest.raises(InvalidInput) as refused:
        read_limits("workload", {"max_minutes_per_day": 0, "max_shifts_per_week": 51})
    assert refused.value.problems == {
        "max_minutes_per_day": "Please enter a length from 1 min to 24 h.",
        "max_shifts_per_week": "Please enter a whole number from 1 to 50.",
    }
    with pytest.raises(InvalidInput) as refused:
        read_limits("restriction", {"forbidden_successions": [line, {**line, "within_minutes": 0}]})
    assert refused.value.problems == {
        "forbidden_successions.1.within_minutes": "Please enter a length from 1 min to 168 h."
    }


@pytest.mark.parametrize(
    ("rule_type", "constraints", "field"),
    [
        ("magic", {}, "rule_type"),
        ("__class__", {}, "rule_type"),
        ("rest_period", {}, "min_minutes"),
        ("rest_period", {"min_minutes": "many"}, "min_minutes"),
        ("rest_period", {"min_minutes": 10**30}, "min_minutes"),
        ("rest_period", {"min_minutes": 660, "max_days": 6}, ""),
        ("rest_period", {"min_minutes": 660, "__class__": 6}, ""),
        ("consecutive_days", {"min_minutes": 660}, ""),
        ("consecutive_days", {}, "max_days"),
        ("workload", {"max_minutes_per_day": 601, "max_minutes_per_week": 600}, "max_minutes_per_day"),
        ("qualification", {"all_of": []}, "all_of"),
        ("preference", {"wanted_weekdays": [1], "unwanted_weekdays": [1]}, "unwanted_weekdays"),
    ],
)
def test_bad_limits_are_refused(rule_type: str, constraints: dict[str, Any], field: str):
    with pytest.raises(InvalidInput) as refused:
        read_limits(rule_type, constraints)

    assert field in refused.value.problems
