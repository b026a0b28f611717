"""Somebody leaves: what becomes of their shifts, who is told, and who cannot be let go."""

from datetime import UTC, datetime, timedelta

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import Conflict, IllegalTransition, NotAllowed, NotFound, ScheduleError, StaleVersion
from schedule_app.domain.time import week_start_of
from schedule_app.models import AuthSession, Employee, ScheduleAssignment
from schedule_app.queries.leaving import preview_leaving
from schedule_app.services.assignments import assign_employee
from schedule_app.services.invitations import invite
from schedule_app.services.leaving import deactivate_person, reactivate_person
from tests.db.services.scene import (
    WEEK,
    Scene,
    assignment_on,
    audited,
    execute,
    fetch,
    make_scene,
    make_week,
    rows,
    told,
    writing,
)
from tests.support.builders import build_employee
from tests.support.database import Database

LAST_WEEK = week_start_of(datetime.now(UTC).date()) - timedelta(days=7)


@pytest.fixture
async def scene(database: Database) -> Scene:
    return await make_scene()


async def leave(scene: Scene, employee: Employee, who: str = "manager", version: int = 1):
    return await deactivate_person(scene.actor(who), employee.id, expected_version=version)


async def test_drafts_lose_the_person_and_published_weeks_cancel_them(scene: Scene):
    _, [drafted] = await make_week(scene, held={0: [scene.bob]})
    _, [past] = await make_week(scene, held={0: [scene.bob]}, status="published", week_start=LAST_WEEK)
    next_week = WEEK + timedelta(weeks=1)
    _, [first, second] = await make_week(
        scene,
        {},
        {"day": 1},
        held={0: [scene.bob, scene.carol], 1: [scene.bob]},
        status="published",
        week_start=next_week,
    )
    in_draft, was, carols = (
        await assignment_on(drafted, scene.bob),
        await assignment_on(past, scene.bob),
        await assignment_on(first, scene.carol),
    )
    async with read_session() as session:
        preview = await preview_leaving(session, scene.bob.id, clock_24h=True)
    outcome = await leave(scene, scene.bob)

    assert outcome == preview
    assert (len(outcome.drafts), len(outcome.in_approval), len(outcome.published)) == (1, 0, 2)
    assert await fetch(ScheduleAssignment, in_draft.id) is None
    assert [(await assignment_on(shift, scene.bob)).status for shift in (first, second)] == ["cancelled"] * 2
    assert (await fetch(ScheduleAssignment, was.id)).status == "pending"
    assert (await fetch(ScheduleAssignment, carols.id)).status == "pending"
    assert await told(scene.bob) == ["assignment_removed"] * 2
    assert await told(scene.second_manager) == await told(scene.admin) == ["person_left"]
    assert await told(scene.manager) == await told(scene.carol) == []
    assert [each.action for each in await audited("assignment", in_draft.id)] == ["unassign"]
    [entry] = await audited("employee", scene.bob.id)
    assert (entry.action, entry.after) == ("deactivate", {"is_active": False, "taken_off": 1, "cancelled": 2})


async def test_nobody_is_told_of_drafts_alone(scene: Scene):
    await make_week(scene, held={0: [scene.bob]})
    await leave(scene, scene.bob)
    assert await told(scene.bob) == await told(scene.second_manager) == []


@pytest.mark.parametrize("status", ["pending", "approved"])
async def test_a_week_in_approval_is_seen_to_first(scene: Scene, status: str):
    _, [shift] = await make_week(scene, held={0: [scene.bob]}, status=status)
    with pytest.raises(IllegalTransition, match="which is being approved"):
        await leave(scene, scene.bob)
    assert (await assignment_on(shift, scene.bob)).status == "assigned"
    assert (await fetch(Employee, scene.bob.id)).is_active


async def test_who_left_is_signed_out_and_their_link_is_worthless(scene: Scene):
    await invite(scene.actor("manager"), scene.bob.id)
    async with writing() as session:
        signed_in = AuthSession(
            employee_id=scene.bob.id, token_hash=b"\1" * 32, expires_at=datetime.now(UTC) + timedelta(days=1)
        )
        session.add(signed_in)
    await leave(scene, scene.bob)

    assert (await fetch(AuthSession, signed_in.id)).revoked_at is not None
    [[revoked]] = await rows("SELECT revoked_at FROM invitations WHERE employee_id = :id", id=scene.bob.id)
    assert revoked is not None


async def test_who_left_gets_no_more_shifts_until_they_are_back(scene: Scene):
    _, [shift] = await make_week(scene)
    await leave(scene, scene.bob)
    with pytest.raises(ScheduleError):
        await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)

    await reactivate_person(scene.actor("manager"), scene.bob.id, expected_version=2)
    await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)
    assert [each.action for each in await audited("employee", scene.bob.id)] == ["deactivate", "reactivate"]


async def test_leaving_or_coming_back_twice_is_refused(scene: Scene):
    with pytest.raises(Conflict, match="active already"):
        await reactivate_person(scene.actor("manager"), scene.bob.id, expected_version=1)
    await leave(scene, scene.bob)
    with pytest.raises(IllegalTransition, match="not active any more"):
        await leave(scene, scene.bob, version=2)


async def test_nobody_lets_themselves_go(scene: Scene):
    with pytest.raises(NotAllowed, match="yourself"):
        await leave(scene, scene.manager)


async def test_a_manager_lets_no_admin_go(scene: Scene):
    async with writing() as session:
        boss = await build_employee(session, scene.site, role="admin")
    with pytest.raises(NotAllowed, match="Only admins"):
        await leave(scene, boss)


async def test_the_last_who_lead_stay(scene: Scene):
    await leave(scene, scene.second_manager, "admin")
    with pytest.raises(Conflict, match="last manager of this site"):
        await leave(scene, scene.manager, "admin")
    async with writing() as session:
        boss = await build_employee(session, scene.site, role="admin")
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.admin.id)
    with pytest.raises(Conflict, match="last admin"):
        await leave(scene, boss, "admin")


async def test_a_person_changed_meanwhile_is_looked_at_again(scene: Scene):
    await execute("UPDATE employees SET name = 'Robert' WHERE id = :id", id=scene.bob.id)
    for verb in (deactivate_person, reactivate_person):
        with pytest.raises(StaleVersion) as refused:
            await verb(scene.actor("manager"), scene.bob.id, expected_version=1)
        assert refused.value.version == 2


@pytest.mark.parametrize(
    ("who", "refusal"), [("supervisor", NotAllowed), ("employee", NotAllowed), ("stranger", NotFound)]
)
async def test_others_let_nobody_go(scene: Scene, who: str, refusal: type[ScheduleError]):
    for verb in (deactivate_person, reactivate_person):
        with pytest.raises(refusal):
            await verb(scene.actor(who), scene.carol.id, expected_version=1)
    with pytest.raises(NotFound):
        await deactivate_person(scene.actor("manager"), 2**40, expected_version=1)
    assert (await fetch(Employee, scene.carol.id)).is_active
