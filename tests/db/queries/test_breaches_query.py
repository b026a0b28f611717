"""What is broken now and what a rule would find, against judging each assignment as assigning does."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.check import check_assignment
from schedule_app.domain.errors import NotAllowed, NotFound, ScheduleError
from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.rules.consecutive_days import ConsecutiveDaysLimits
from schedule_app.domain.rules.rest_period import RestPeriodLimits
from schedule_app.domain.rules.workload import WorkloadLimits
from schedule_app.domain.standing import findings, judge_rule, judge_weeks
from schedule_app.queries.breaches import list_breaches, trial_weeks, try_rule, weeks_now
from schedule_app.queries.facts import find_judging
from schedule_app.queries.planned import Planned, people_of, read_planned, weeks_of
from schedule_app.queries.rules import StoredRule, get_rule, list_rules, rule_choices
from schedule_app.services.assignments import assign_employee
from schedule_app.services.schedules import revise_schedule
from tests.db.services.scene import WEEK, Scene, actor_of, execute, make_scene, make_week, night, rows, writing
from tests.support.builders import build_employee, build_rule
from tests.support.queries import count_statements

pytestmark = pytest.mark.usefixtures("database")

WEEKS = timedelta(weeks=1)
EARLY: dict[str, Any] = {"start": time(6), "end": time(14)}


def rule(scene: Scene, rule_type: str, limits: object, **columns: Any) -> RuleFacts[Any]:
    """A rule that is nowhere stored."""
    defaults = {
        "id": 0,
        "strict": True,
        "priority": 5,
        "site_id": scene.site.id,
        "department_id": None,
        "employee_id": None,
        "effective_from": None,
        "effective_until": None,
    }
    return RuleFacts(rule_type=rule_type, limits=limits, **{**defaults, **columns})


async def planned(scene: Scene, first: date = WEEK - WEEKS, last: date = WEEK + 2 * WEEKS) -> Planned:
    """What is planned in four weeks."""
    async with read_session() as session:
        return await read_planned(session, scene.site.id, first, last)


async def stored(scene: Scene) -> list[StoredRule]:
    """The rules of the site."""
    async with read_session() as session:
        return await list_rules(session, scene.actor("manager"), scene.site.id)


async def told_one_by_one(scene: Scene, *more: RuleFacts[Any]) -> set[tuple[Any, ...]]:
    """What assigning says of every assignment of the newest versions, each judged by itself."""
    held = await rows(
        "SELECT held.id, held.shift_id, held.employee_id FROM schedule_assignments AS held"
        " JOIN schedules ON schedules.id = held.schedule_id"
        " WHERE schedules.site_id = :site AND held.status IN ('assigned', 'pending', 'confirmed', 'completed')"
        "   AND schedules.version_number = (SELECT max(version_number) FROM schedules AS other"
        "       WHERE other.site_id = schedules.site_id AND other.week_start = schedules.week_start)",
        site=scene.site.id,
    )
    said = set()
    for assignment_id, shift_id, employee_id in held:
        async with read_session() as session:
            judging = await find_judging(session, shift_id, [employee_id])
        assert judging is not None
        for person in judging.people:
            found = check_assignment([*judging.rules, *more], person.facts, person.worked, judging.shift)
            said |= {(assignment_id, each.rule_id, each.rule_type, each.severity, each.message) for each in found}
    return said


async def busy_site() -> Scene:
    """Four weeks: published, published and revised, and two drafts; people with too much to do, also elsewhere."""
    scene = await make_scene()
    both = [scene.bob, scene.carol]
    days = [{**EARLY, "day": day} for day in range(7)]
    held = dict.fromkeys(range(7), both)
    await make_week(scene, *days, night(6), held=held | {7: [scene.bob]}, status="published", week_start=WEEK - WEEKS)
    out, _ = await make_week(scene, *days, held=held, status="published")
    revised = await revise_schedule(scene.actor("manager"), out.id)
    await execute(
        "DELETE FROM schedule_assignments WHERE schedule_id = :id AND employee_id = :carol",
        id=revised if isinstance(revised, int) else revised.id,
        carol=scene.carol.id,
    )
    await make_week(scene, *days[:3], night(0), held={0: both, 3: [scene.supervisor]}, week_start=WEEK + WEEKS)
    await make_week(scene, night(0), {"day": 1, **EARLY}, held={1: [scene.bob]}, week_start=WEEK + 2 * WEEKS)
    await execute("UPDATE employees SET max_minutes = 600 WHERE id = :id", id=scene.carol.id)
    async with writing() as session:
        await build_rule(session, scene.site, name="Rest", strict=False)
        await build_rule(
            session, scene.site, name="Six days", rule_type="consecutive_days", constraints={"max_days": 6}
        )
        await build_rule(
            session, scene.site, name="Hours", rule_type="workload", constraints={"max_minutes_per_week": 2400}
        )
        await build_rule(session, scene.site, name="Off", is_active=False, constraints={"min_minutes": 6000})
    return scene


def as_told(breaches: Any) -> set[tuple[Any, ...]]:
    """Breaches as `told_one_by_one` says them."""
    return {
        (
            each.holding.assignment_id,
            each.violation.rule_id,
            each.violation.rule_type,
            each.violation.severity,
            each.violation.message,
        )
        for each in breaches
    }


async def test_what_is_broken_is_what_assigning_would_say_of_each_assignment():
    scene = await busy_site()
    read = await planned(scene)
    rules = [each.facts for each in await stored(scene) if each.is_active and each.facts]
    found = judge_weeks(rules, people_of(read), weeks_of(read))

    told = await told_one_by_one(scene)
    assert as_told(found) == told
    assert len(found) == len(told) > 20
    assert {each.violation.rule_type for each in found} == {"rest_period", "consecutive_days", "workload"}


@pytest.mark.parametrize(
    ("rule_type", "limits"),
    [
        ("rest_period", RestPeriodLimits(1000)),
        ("consecutive_days", ConsecutiveDaysLimits(2)),
        ("workload", WorkloadLimits(max_shifts_per_week=3)),
    ],
)
async def test_a_trial_finds_what_assigning_would_say_if_the_rule_held(rule_type: str, limits: object):
    scene = await busy_site()
    read = await planned(scene)
    proposed = rule(scene, rule_type, limits)
    told = {each for each in await told_one_by_one(scene, proposed) if each[1] == 0}
    found = judge_rule(proposed, people_of(read), weeks_of(read))

    assert as_told(found) == told != set()
    trial = await try_rule(read, None, proposed)
    grouped = {(each.employee_id, each.message) for each in findings(found)}
    assert (trial.new, trial.gone, trial.same) == (len(grouped), 0, 0)
    assert {(item.employee_id, item.message) for item in trial.items} == grouped
    assert sum(week.after for week in trial.weeks) == trial.new
    assert sum(item.more + 1 for item in trial.items) == len(found)


async def test_a_trial_of_a_change_says_what_comes_goes_and_stays():
    scene = await make_scene()
    await make_week(
        scene, EARLY, {**EARLY, "day": 1}, {**EARLY, "day": 2}, held={index: [scene.bob] for index in (0, 1)}
    )
    await make_week(scene, {"day": 0}, night(0), held={0: [scene.carol]}, week_start=WEEK + WEEKS)
    read = await planned(scene)
    one, two = (rule(scene, "consecutive_days", ConsecutiveDaysLimits(most)) for most in (1, 2))

    trial = await try_rule(read, two, one)
    assert (trial.new, trial.gone, trial.same) == (1, 0, 0)
    [item] = trial.items
    assert (item.person, item.more, item.change, item.blocks) == ("Bob Worker", 1, "new", True)
    assert (item.week_start, item.day) == (WEEK.isoformat(), WEEK.isoformat())
    assert [(week.before, week.after) for week in trial.weeks] == [(0, 1), (0, 0)]
    off = await try_rule(read, one, None)
    assert (off.new, off.gone, off.same) == (0, 1, 0)
    assert [item.change for item in off.items] == ["gone"]
    same = await try_rule(read, one, one)
    assert (same.new, same.gone, same.same) == (0, 0, 1)


async def test_reading_takes_as_many_statements_for_many_people_as_for_one():
    counts = []
    for people in (1, 8):
        scene = await make_scene()
        async with writing() as session:
            staff = [await build_employee(session, scene.site) for _ in range(people)]
            await build_rule(session, scene.site)
        await make_week(scene, EARLY, held={0: staff})
        with count_statements() as statements:
            read = await planned(scene)
            async with read_session() as session:
                found = await list_rules(session, scene.actor("manager"), scene.site.id)
                await list_breaches(session, read, found)
        counts.append(len([each for each in statements if each.lstrip().startswith(("SELECT", "WITH"))]))

    assert counts == [4, 4]


async def test_what_somebody_allowed_says_who_and_why_and_what_came_up_since_does_not():
    scene = await make_scene()
    _, [early, late] = await make_week(scene, EARLY, {"start": time(15), "end": time(23)}, held={0: [scene.bob]})
    await make_week(
        scene,
        EARLY,
        {"start": time(15), "end": time(23)},
        held={0: [scene.carol], 1: [scene.carol]},
        week_start=WEEK + WEEKS,
    )
    async with writing() as session:
        await build_rule(session, scene.site, name="Rest", strict=False)
    await assign_employee(scene.actor("manager"), late.id, scene.bob.id, override_reason="Just this once")
    read = await planned(scene)
    async with read_session() as session:
        items = await list_breaches(session, read, await list_rules(session, scene.actor("manager"), scene.site.id))

    assert [(item.person, item.rule, item.blocks, item.accepted) for item in items] == [
        ("Bob Worker", "Rest", False, ""),
        ("Bob Worker", "Rest", False, "John Manager: Just this once"),
        ("Carol Worker", "Rest", False, ""),
        ("Carol Worker", "Rest", False, ""),
    ]
    assert early.id != late.id


async def test_checks_without_a_rule_are_told_by_name():
    scene = await make_scene()
    await make_week(scene, {**EARLY, "qualifications": ("Till",), "title": "Shop"}, held={0: [scene.bob]})
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.bob.id)
    read = await planned(scene)
    async with read_session() as session:
        items = await list_breaches(session, read, [])

    assert sorted(item.rule for item in items) == ["Not active", "Qualifications of the shift"]
    assert all("(Shop)" in item.shift and item.blocks for item in items)


async def test_weeks_looked_at_are_bounded():
    wednesday, monday = date(2026, 11, 25), date(2026, 11, 23)

    assert trial_weeks(wednesday, 0, "past") == (monday - 4 * WEEKS, monday - WEEKS)
    assert trial_weeks(wednesday, 0, "next") == (monday, monday + 4 * WEEKS)
    assert trial_weeks(wednesday, 6, "both") == (monday - timedelta(days=29), monday + timedelta(days=27))
    assert weeks_now(wednesday, 0) == (monday, monday + 7 * WEEKS)


async def test_a_rule_that_cannot_be_understood_is_listed_and_says_so():
    scene = await make_scene()
    async with writing() as session:
        broken = await build_rule(session, scene.site, name="Broken", constraints={"min_minutes": "many"})
        await build_rule(session, scene.site, name="Good", department_id=scene.department.id, strict=False)
    bad, good = await stored(scene)

    assert (bad.id, bad.facts, bad.is_active) == (broken.id, None, True)
    assert bad.sentence == "The limits of the rule “Broken” cannot be understood. Please correct them."
    assert good.sentence == (
        "Between two shifts everybody has at least 11 h of rest."
        f" Applies to everyone in {scene.department.name}. Warns, with weight 5 of 10."
    )


async def test_choices_are_those_of_the_site():
    scene = await make_scene()
    async with writing() as session:
        held = [{"name": "Till"}, {"name": "first aid "}]
        await build_employee(session, scene.site, name="Zoe", qualifications=held)
        await build_employee(session, scene.site, name="Gone", is_active=False)
    await make_week(scene, {"qualifications": ("First Aid", "Forklift")})
    async with read_session() as session:
        choices = await rule_choices(session, scene.actor("manager"), scene.site.id)

    assert choices.departments == [(scene.department.id, scene.department.name)]
    assert [name for _, name in choices.people] == [
        "Alice Supervisor",
        "Bob Worker",
        "Carol Worker",
        "Joan Manager",
        "John Manager",
        "Zoe",
    ]
    assert choices.qualifications == ["First Aid", "Forklift", "Till"]
    assert "emergency" in choices.shift_types


@pytest.mark.parametrize(
    ("who", "refusal"), [("stranger", NotFound), ("supervisor", NotAllowed), ("employee", NotAllowed)]
)
async def test_rules_are_shown_to_those_who_manage_them(who: str, refusal: type[ScheduleError]):
    scene = await make_scene()
    async with writing() as session:
        made = await build_rule(session, scene.site)
    async with read_session() as session:
        for attempt in (
            list_rules(session, scene.actor(who), scene.site.id),
            get_rule(session, scene.actor(who), made.id),
            rule_choices(session, scene.actor(who), scene.site.id),
        ):
            with pytest.raises(refusal):
                await attempt
        with pytest.raises(NotFound):
            await get_rule(session, actor_of(scene.manager), 2**40)


async def test_a_week_as_a_whole_is_judged_with_its_empty_shifts_and_the_weeks_before():
    scene = await make_scene()
    await make_week(scene, night(0), held={0: [scene.carol]}, status="published", week_start=WEEK - 5 * WEEKS)
    await make_week(scene, night(0), {"day": 1, **EARLY}, held={0: [scene.bob]}, week_start=WEEK)
    await execute("UPDATE employees SET hourly_rate_cents = 2000 WHERE id = :id", id=scene.bob.id)
    async with writing() as session:
        for rule_type, constraints in (
            ("coverage", {"max_short": 0}),
            ("fairness", {"max_nights_apart": 0, "weeks": 6}),
            ("cost", {"max_per_week": 1}),
        ):
            await build_rule(session, scene.site, name=rule_type, rule_type=rule_type, constraints=constraints)
    rules = await stored(scene)
    async with read_session() as session:
        read = await read_planned(session, scene.site.id, WEEK, WEEK, [each.facts for each in rules if each.facts])
        found = await list_breaches(session, read, rules)

    told = {each.rule: (each.shift, each.employee_id, each.of_week, each.message) for each in found}
    assert told["coverage"][0].startswith("Tue ")
    assert told["coverage"][3].endswith("0 of 1 person needed; nobody may be missing.")
    assert told["cost"][:3] == ("", 0, True)
    assert "fairness" in told
    # Carol's night five weeks ago counts: it is others who have none.
    assert "Carol" not in told["fairness"][3].split(", ")[1]


async def test_a_pair_is_kept_apart_when_a_shift_is_given_and_listed_when_they_meet():
    scene = await make_scene()
    _, [shift] = await make_week(scene, EARLY, held={0: [scene.bob]})
    async with writing() as session:
        pair = {"apart": [{"first": scene.bob.id, "second": scene.carol.id}]}
        await build_rule(session, scene.site, name="Apart", rule_type="restriction", constraints=pair)
    with pytest.raises(ScheduleError) as refused:
        await assign_employee(scene.actor("manager"), shift.id, scene.carol.id)
    assert refused.value.message == f"{scene.carol.name} would work at the same time as {scene.bob.name}."

    await execute("UPDATE rules SET is_active = false WHERE site_id = :id", id=scene.site.id)
    await assign_employee(scene.actor("manager"), shift.id, scene.carol.id)
    await execute("UPDATE rules SET is_active = true WHERE site_id = :id", id=scene.site.id)
    [rule] = await stored(scene)
    async with read_session() as session:
        found = await list_breaches(session, await planned(scene), [rule])
    assert {each.person for each in found} == {scene.bob.name, scene.carol.name}
    assert rule.sentence.startswith(f"{scene.bob.name} and {scene.carol.name} never work at the same time.")
