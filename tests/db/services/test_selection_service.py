"""Everything that is selected, changed in one step: what is done, what stays and why, what is refused."""

from datetime import time, timedelta
from typing import Any

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import (
    Conflict,
    IllegalTransition,
    InvalidInput,
    NeedsOverride,
    NotAllowed,
    NotFound,
    StaleVersion,
)
from schedule_app.models import ScheduleAssignment, Shift
from schedule_app.queries.selection import selected_assignments, selected_shifts
from schedule_app.services.assignments import unassign_employee
from schedule_app.services.selection import (
    Target,
    assign_selected,
    copy_selected,
    delete_selected,
    move_selected,
    preview_assigning,
    preview_copying,
    preview_moving,
    unassign_selected,
)
from schedule_app.services.undo import redo, undo
from tests.db.services.scene import (
    WEEK,
    Scene,
    actor_of,
    assignment_on,
    audited,
    execute,
    make_scene,
    make_week,
    rows,
    told,
    writing,
)
from tests.support.builders import build_department, build_employee, build_rule
from tests.support.queries import count_statements

pytestmark = pytest.mark.usefixtures("database")

EARLY: dict[str, Any] = {"start": time(6), "end": time(14)}
LATE: dict[str, Any] = {"start": time(16), "end": time(22)}


async def seen(*things: ScheduleAssignment | Shift) -> dict[int, int]:
    """What somebody selects, as they see it."""
    return {each.id or 0: each.version for each in things}


async def on(*shifts: Shift) -> list[tuple[int, str, str]]:
    """Who is on these shifts: place of the shift among them, name, status."""
    found = await rows(
        "SELECT shift_id, employees.name, status FROM schedule_assignments AS held"
        " JOIN employees ON employees.id = held.employee_id"
        " WHERE shift_id = ANY(:ids) ORDER BY shift_id, employees.name",
        ids=[shift.id for shift in shifts],
    )
    places = {shift.id: place for place, shift in enumerate(shifts)}
    return [(places[shift_id], name.split()[0], status) for shift_id, name, status in found]


async def a_week(scene: Scene, status: str = "draft") -> tuple[list[Shift], list[ScheduleAssignment]]:
    """Bob on Monday's and Tuesday's early shift, Carol on Monday's late one, and nobody on Tuesday's late one."""
    shifts = EARLY, {**EARLY, "day": 1}, LATE, {**LATE, "day": 1}
    people = {0: [scene.bob], 1: [scene.bob], 2: [scene.carol]}
    _, made = await make_week(scene, *shifts, held=people, status=status)
    held = [await assignment_on(made[index], person) for index, [person] in people.items()]
    return made, held


async def test_unassigning_in_a_draft_is_one_step_that_leaves_no_trace():
    scene = await make_scene()
    shifts, held = await a_week(scene)

    done = await unassign_selected(scene.actor("manager"), await seen(*held))

    assert (done.count, done.refused) == (3, ())
    assert await on(*shifts) == []
    [entry] = await audited("assignment", held[2].id or 0)
    assert (entry.action, entry.before["employee_id"], entry.after) == ("unassign", scene.carol.id, None)
    assert (await told(scene.bob), await told(scene.carol)) == ([], [])
    assert (await undo(scene.actor("manager"), scene.site.id)).label == "unassign 3 shifts"
    assert await on(*shifts) == [(0, "Bob", "assigned"), (1, "Bob", "assigned"), (2, "Carol", "assigned")]
    await redo(scene.actor("manager"), scene.site.id)
    assert await on(*shifts) == []


async def test_unassigning_in_a_published_week_tells_each_of_every_shift():
    scene = await make_scene()
    shifts, held = await a_week(scene, "published")

    await unassign_selected(scene.actor("manager"), await seen(*held))

    assert {status for *_, status in await on(*shifts)} == {"cancelled"}
    assert await told(scene.bob) == ["assignment_removed"] * 2
    related = await rows("SELECT related_id FROM notifications WHERE recipient_id = :id ORDER BY 1", id=scene.bob.id)
    assert [each for [each] in related] == [held[0].id, held[1].id]
    assert await told(scene.carol) == ["assignment_removed"]


async def test_what_is_over_stays_and_is_named():
    scene = await make_scene()
    shifts, held = await a_week(scene, "published")
    await unassign_employee(scene.actor("manager"), held[0].id or 0)
    held[0] = await assignment_on(shifts[0], scene.bob)

    done = await unassign_selected(scene.actor("manager"), await seen(*held))

    assert done.count == 2
    assert [(each.name, each.text) for each in done.refused] == [
        ("Bob Worker", "This assignment is cancelled and cannot become cancelled.")
    ]


async def test_open_shifts_go_to_one_person_as_far_as_the_rules_allow():
    scene = await make_scene()
    shifts, _ = await a_week(scene)
    async with writing() as session:
        await build_rule(session, scene.site)
    manager, versions = scene.actor("manager"), await seen(*shifts[1:])

    foreseen = await preview_assigning(manager, versions, scene.carol.id or 0)
    done = await assign_selected(manager, versions, scene.carol.id or 0)

    assert done == foreseen
    # Tuesday's early shift is too soon after Monday's late one, which she has already; Tuesday's late one is not.
    assert done.count == 1
    assert [each.name for each in done.refused] == ["Carol Worker"] * 2
    assert "rest" in done.refused[1].text
    assert done.refused[0].text == "Carol Worker already has this shift."
    assert await on(*shifts[1:]) == [(0, "Bob", "assigned"), (1, "Carol", "assigned"), (2, "Carol", "assigned")]


async def test_shifts_that_overlap_each_other_are_given_once():
    scene = await make_scene()
    _, shifts = await make_week(scene, EARLY, {"start": time(8), "end": time(16)})

    done = await assign_selected(scene.actor("manager"), await seen(*shifts), scene.bob.id or 0)

    assert done.count == 1
    assert "already works" in done.refused[0].text


async def test_warnings_are_asked_about_once_and_kept_with_the_reason():
    scene = await make_scene()
    _, shifts = await make_week(scene, EARLY, LATE, {**EARLY, "day": 1})
    async with writing() as session:
        await build_rule(session, scene.site, strict=False)
    manager, versions = scene.actor("manager"), await seen(*shifts)

    with pytest.raises(NeedsOverride) as asked:
        await assign_selected(manager, versions, scene.bob.id or 0)
    assert len(asked.value.violations) == 2
    assert await on(*shifts) == []
    done = await assign_selected(manager, versions, scene.bob.id or 0, override_reason="Nobody else can")

    assert (done.count, len(done.warned)) == (3, 2)
    reasons = await rows("SELECT override_reason, overridden_by_id FROM rule_violations")
    assert [tuple(each) for each in reasons] == [("Nobody else can", scene.manager.id)] * 2
    held = await rows("SELECT override_reason FROM schedule_assignments ORDER BY starts_at")
    assert [each for [each] in held] == [None, "Nobody else can", "Nobody else can"]


async def test_who_may_not_override_has_warnings_named_with_what_is_blocked():
    scene = await make_scene()
    _, shifts = await make_week(scene, EARLY, LATE)
    async with writing() as session:
        await build_rule(session, scene.site, strict=False)

    done = await assign_selected(
        scene.actor("supervisor"), await seen(*shifts), scene.bob.id or 0, override_reason="Please"
    )

    assert done.count == 1
    assert "A manager may assign it all the same" in done.refused[0].text


async def test_who_is_kept_apart_is_not_given_what_the_other_one_works():
    scene = await make_scene()
    meanwhile = {"start": time(10), "end": time(15)}
    _, shifts = await make_week(scene, EARLY, meanwhile, {**EARLY, "day": 1}, held={1: [scene.carol]})
    async with writing() as session:
        pair = {"first": scene.bob.id, "second": scene.carol.id}
        await build_rule(session, scene.site, rule_type="restriction", constraints={"apart": [pair]}, strict=True)

    done = await assign_selected(scene.actor("manager"), await seen(shifts[0], shifts[2]), scene.bob.id or 0)

    assert [each.text for each in done.refused] == ["Bob Worker would work at the same time as Carol Worker."]
    assert await on(*shifts) == [(1, "Carol", "assigned"), (2, "Bob", "assigned")]


@pytest.mark.parametrize("status", ["draft", "published"])
async def test_assignments_go_to_another_person(status: str):
    scene = await make_scene()
    shifts, held = await a_week(scene, status)
    manager, target = scene.actor("manager"), Target(employee_id=scene.supervisor.id)

    foreseen = await preview_moving(manager, await seen(*held[:2]), target)
    done = await move_selected(manager, await seen(*held[:2]), target)

    assert done == foreseen
    given = [entry for entry in await on(*shifts[:2]) if entry[2] != "cancelled"]
    assert given == [(0, "Alice", given[0][2]), (1, "Alice", given[0][2])]
    is_out = status == "published"
    assert given[0][2] == ("pending" if is_out else "assigned")
    assert await told(scene.bob) == ["assignment_removed"] * 2 * is_out
    assert await told(scene.supervisor) == ["assignment_added"] * 2 * is_out
    assert (await undo(manager, scene.site.id)).label == "move 2 shifts"
    assert [entry[:2] for entry in await on(*shifts)] == [(0, "Bob"), (1, "Bob"), (2, "Carol")]


@pytest.mark.parametrize("status", ["draft", "published"])
async def test_days_move_together_also_onto_what_is_left(status: str):
    scene = await make_scene()
    days = [{**EARLY, "day": day} for day in range(3)]
    _, shifts = await make_week(scene, *days, held={0: [scene.bob], 1: [scene.bob]}, status=status)
    held = [await assignment_on(shift, scene.bob) for shift in shifts[:2]]
    manager = scene.actor("manager")

    done = await move_selected(manager, await seen(*held), Target(day=WEEK + timedelta(days=1)))

    assert (done.count, done.refused) == (2, ())
    assert [entry[0] for entry in await on(*shifts) if entry[2] != "cancelled"] == [1, 2]
    # Tuesday's is his as before, and is asked about anew.
    expected = ["assignment_removed", "assignment_added", "assignment_added"] if status == "published" else []
    assert await told(scene.bob) == expected
    await undo(manager, scene.site.id)
    assert [entry[0] for entry in await on(*shifts)] == [0, 1]


async def test_who_cannot_go_is_in_the_way_of_those_who_count_on_it():
    scene = await make_scene()
    # The shift of Wednesday needs what Bob is not: Tuesday's stays, so that Monday's cannot go there.
    days = EARLY, {**EARLY, "day": 1}, {**EARLY, "day": 2, "requirements": {"qualifications": ["Forklift"]}}
    _, shifts = await make_week(scene, *days, held={0: [scene.bob], 1: [scene.bob]})
    held = [await assignment_on(shift, scene.bob) for shift in shifts[:2]]

    done = await move_selected(scene.actor("manager"), await seen(*held), Target(day=WEEK + timedelta(days=1)))

    assert done.count == 0
    assert done.refused[0].text == "Bob Worker already has this shift."
    assert "Forklift" in done.refused[1].text
    assert [entry[0] for entry in await on(*shifts)] == [0, 1]
    assert await rows("SELECT id FROM audit_entries WHERE action = 'unassign'") == []


async def test_a_day_without_such_a_shift_keeps_them_where_they_are():
    scene = await make_scene()
    shifts, held = await a_week(scene)

    done = await move_selected(scene.actor("manager"), await seen(*held), Target(day=WEEK + timedelta(days=4)))

    assert done.count == 0
    assert len(done.refused) == 3
    assert done.refused[0].text.startswith("There is no such shift on Fri")
    assert len(await on(*shifts)) == 3


async def test_copies_leave_everybody_where_they_are():
    scene = await make_scene()
    shifts, held = await a_week(scene)
    target = Target(employee_id=scene.supervisor.id, day=WEEK, keep=True)

    done = await move_selected(scene.actor("manager"), await seen(held[0], held[2]), target)

    assert done.count == 2
    assert await on(*shifts) == [
        (0, "Alice", "assigned"),
        (0, "Bob", "assigned"),
        (1, "Bob", "assigned"),
        (2, "Alice", "assigned"),
        (2, "Carol", "assigned"),
    ]


async def test_shifts_are_deleted_with_whoever_is_on_them_and_come_back():
    scene = await make_scene()
    shifts, _ = await a_week(scene)
    manager = scene.actor("manager")

    done = await delete_selected(manager, await seen(*shifts[:3]))

    assert done.count == 3
    assert [each for [each] in await rows("SELECT id FROM shifts")] == [shifts[3].id]
    [entry] = await audited("shift", shifts[2].id or 0)
    assert (entry.action, entry.before["employee_ids"]) == ("delete", [scene.carol.id])
    await undo(manager, scene.site.id)
    assert [entry[:2] for entry in await on(*shifts)] == [(0, "Bob"), (1, "Bob"), (2, "Carol")]


async def test_shifts_are_copied_to_days_of_any_week_without_people():
    scene = await make_scene()
    shifts, _ = await a_week(scene)
    manager, to = scene.actor("manager"), WEEK + timedelta(days=10)

    foreseen = await preview_copying(manager, await seen(*shifts[:3]), to)
    outcome = await copy_selected(manager, await seen(*shifts[:3]), to)

    assert outcome == foreseen
    assert (outcome.shifts, outcome.people, outcome.new_weeks) == (3, 0, (WEEK + timedelta(days=7),))
    made = await rows(
        "SELECT local_date FROM shifts WHERE local_date > :last ORDER BY 1", last=WEEK + timedelta(days=6)
    )
    assert [day for [day] in made] == [to, to, to + timedelta(days=1)]


VERBS: dict[str, Any] = {
    "unassign": unassign_selected,
    "assign": lambda actor, versions: assign_selected(actor, versions, actor.employee_id),
    "move": lambda actor, versions: move_selected(actor, versions, Target(employee_id=actor.employee_id)),
    "delete": delete_selected,
    "copy": lambda actor, versions: copy_selected(actor, versions, WEEK),
    "preview moving": lambda actor, versions: preview_moving(actor, versions, Target(day=WEEK + timedelta(days=1))),
    "preview assigning": lambda actor, versions: preview_assigning(actor, versions, actor.employee_id),
    "preview copying": lambda actor, versions: preview_copying(actor, versions, WEEK),
}
OF_SHIFTS = {"assign", "delete", "copy", "preview assigning", "preview copying"}
verbs = pytest.mark.parametrize("verb", VERBS)


async def _things(scene: Scene, verb: str, status: str = "draft") -> dict[int, int]:
    shifts, held = await a_week(scene, status)
    return await seen(*(shifts if verb in OF_SHIFTS else held))


async def _state() -> list[Any]:
    return await rows(
        "SELECT id, version, status FROM schedule_assignments"
        " UNION ALL SELECT id, version, '' FROM shifts ORDER BY 1, 2"
    )


@verbs
async def test_what_is_of_another_site_is_as_if_it_were_not(verb: str):
    scene, elsewhere = await make_scene(), await make_scene()
    own, theirs = await _things(scene, verb), await _things(elsewhere, verb)
    before = await _state()

    for versions in (theirs, own | theirs, own | {2**40: 1}, {2**40: 1}):
        with pytest.raises(NotFound) as refused:
            await VERBS[verb](scene.actor("manager"), versions)
        assert refused.value.message == NotFound.default_message
    assert await _state() == before


@verbs
async def test_what_was_changed_since_refuses_all_of_it_and_says_what(verb: str):
    scene = await make_scene()
    versions = await _things(scene, verb)
    first, *_, last = versions
    before = await _state()

    with pytest.raises(StaleVersion, match=r"06:00–14:00.* in the meantime.* So was 1 more|06:00–14:00"):
        await VERBS[verb](scene.actor("manager"), versions | {first: 9, last: 9})
    assert await _state() == before


async def test_who_took_one_of_them_away_first_is_named():
    scene = await make_scene()
    shifts, held = await a_week(scene)
    await unassign_selected(scene.actor("second_manager"), await seen(held[0], held[1]))

    with pytest.raises(StaleVersion, match="Joan Manager took it away in the meantime"):
        await unassign_selected(scene.actor("manager"), await seen(*held))
    assert len(await on(*shifts)) == 1


@verbs
async def test_none_and_too_many_are_refused(verb: str):
    scene = await make_scene()
    for versions, words in (({}, "Nothing is selected"), (dict.fromkeys(range(1, 502), 1), "At most 500")):
        with pytest.raises(InvalidInput, match=words):
            await VERBS[verb](scene.actor("manager"), versions)


@verbs
async def test_things_of_two_weeks_are_refused(verb: str):
    scene = await make_scene()
    versions = await _things(scene, verb)
    _, [shift] = await make_week(scene, held={0: [scene.carol]}, week_start=WEEK + timedelta(days=7))
    other = shift if verb in OF_SHIFTS else await assignment_on(shift, scene.carol)

    with pytest.raises(InvalidInput, match="several weeks"):
        await VERBS[verb](scene.actor("manager"), versions | await seen(other))


@pytest.mark.parametrize("status", ["pending", "approved", "archived"])
@pytest.mark.parametrize("verb", sorted(VERBS.keys() - {"copy", "preview copying"}))
async def test_a_week_that_cannot_be_edited_is_not(verb: str, status: str):
    scene = await make_scene()
    versions = await _things(scene, verb, status)
    with pytest.raises(IllegalTransition):
        await VERBS[verb](scene.actor("manager"), versions)


async def test_shifts_of_a_published_week_are_neither_deleted_nor_added_to():
    scene = await make_scene()
    versions = await _things(scene, "delete", "published")
    with pytest.raises(IllegalTransition, match="new draft"):
        await delete_selected(scene.actor("manager"), versions)
    with pytest.raises(Conflict, match="new draft"):
        await copy_selected(scene.actor("manager"), versions, WEEK)


@verbs
@pytest.mark.parametrize("role", ["employee", "supervisor"])
async def test_roles_decide(verb: str, role: str):
    scene = await make_scene()
    versions = await _things(scene, verb)
    is_structural = verb in {"delete", "copy", "preview copying"}
    if role == "supervisor" and not is_structural:
        await VERBS[verb](scene.actor(role), versions)
        return
    before = await _state()
    with pytest.raises(NotAllowed):
        await VERBS[verb](scene.actor(role), versions)
    assert await _state() == before


async def test_a_supervisor_of_a_department_is_told_how_many_are_of_others():
    scene = await make_scene()
    async with writing() as session:
        other = await build_department(session, scene.site)
        boss = await build_employee(session, scene.site, role="supervisor", department_id=scene.department.id)
    own = {**EARLY, "department_id": scene.department.id}
    _, shifts = await make_week(scene, own, {**LATE, "department_id": other.id}, held={0: [scene.bob], 1: [scene.bob]})
    held = [await assignment_on(shift, scene.bob) for shift in shifts]

    with pytest.raises(NotAllowed, match="1 of these 2 shifts are not of your department"):
        await unassign_selected(actor_of(boss), await seen(*held))
    await unassign_selected(actor_of(boss), await seen(held[0]))


@pytest.mark.parametrize("who", ["stranger", "nobody"])
async def test_a_person_of_another_site_gets_nothing(who: str):
    scene = await make_scene()
    shifts, held = await a_week(scene)
    employee_id = (scene.stranger.id or 0) if who == "stranger" else 2**40
    manager = scene.actor("manager")
    for verb in (
        assign_selected(manager, await seen(*shifts), employee_id),
        preview_assigning(manager, await seen(*shifts), employee_id),
        move_selected(manager, await seen(*held), Target(employee_id=employee_id)),
        preview_moving(manager, await seen(*held), Target(employee_id=employee_id)),
    ):
        with pytest.raises(NotFound) as refused:
            await verb
        assert refused.value.message == NotFound.default_message


async def test_going_nowhere_is_refused():
    scene = await make_scene()
    _, held = await a_week(scene)
    with pytest.raises(InvalidInput, match="another person or another day"):
        await move_selected(scene.actor("manager"), await seen(*held), Target(day=WEEK))


async def test_the_number_of_statements_does_not_grow():
    counts: dict[str, set[int]] = {}
    for most in (2, 12):
        scene = await make_scene()
        shifts = [{**EARLY, "day": number % 7, "start": time(6 + number // 7 * 8)} for number in range(most)]
        shifts = [{**each, "end": time(each["start"].hour + 8)} for each in shifts]
        _, made = await make_week(scene, *shifts, status="published")
        manager, versions = scene.actor("manager"), await seen(*made)
        with count_statements() as sent:
            await assign_selected(manager, versions, scene.bob.id or 0)
        counts.setdefault("assign", set()).add(len(sent))
        held = [await assignment_on(shift, scene.bob) for shift in made]
        with count_statements() as sent:
            await move_selected(manager, await seen(*held), Target(employee_id=scene.carol.id))
        counts.setdefault("move", set()).add(len(sent))
        held = [await assignment_on(shift, scene.carol) for shift in made]
        with count_statements() as sent:
            await unassign_selected(manager, await seen(*held))
        counts.setdefault("unassign", set()).add(len(sent))
    assert {verb: len(each) for verb, each in counts.items()} == {"assign": 1, "move": 1, "unassign": 1}


async def test_a_selection_is_described_as_far_as_it_is_there_and_may_be_seen():
    scene, elsewhere = await make_scene(), await make_scene()
    shifts, held = await a_week(scene)
    await execute(
        "UPDATE shifts SET department_id = :id WHERE site_id = :site", id=scene.department.id, site=scene.site.id
    )
    theirs, their_held = await a_week(elsewhere)
    async with read_session() as session:
        ids = [each.id or 0 for each in (*held, *their_held)]
        found = await selected_assignments(session, scene.actor("manager"), [*ids, 2**40])
        nothing = await selected_assignments(session, scene.actor("employee"), ids)
        of_shifts = await selected_shifts(
            session, scene.actor("manager"), [each.id or 0 for each in (*shifts, *theirs)]
        )

    assert found.scope.startswith(f"3 shifts, {scene.department.name}, {WEEK.day}")
    assert [(each.name, each.status) for each in found.lines] == [
        ("Bob Worker", "assigned"),
        ("Carol Worker", "assigned"),
        ("Bob Worker", "assigned"),
    ]
    assert (nothing.scope, nothing.lines) == ("0 shifts", ())
    assert [each.people for each in of_shifts.lines] == [1, 1, 1, 0]
