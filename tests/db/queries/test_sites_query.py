"""Sites, sessions and single assignments, as far as people may know of them."""

import hashlib

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound
from schedule_app.queries.account import SessionItem, list_sessions
from schedule_app.queries.assignments import assignment_detail
from schedule_app.queries.sites import get_site, list_sites
from schedule_app.services.assignments import assign_employee
from tests.db.services.scene import execute, make_scene, make_week, night, writing
from tests.support.builders import build_department, build_rule

pytestmark = pytest.mark.usefixtures("database")

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"


async def test_admins_see_every_site_and_the_others_their_own():
    scene = await make_scene(name="aachen", week_starts_on=6)
    await execute("UPDATE sites SET name = 'Berlin' WHERE id <> :id", id=scene.site.id)

    async with read_session() as session:
        assert [site.name for site in await list_sites(session, scene.actor("admin"))] == ["aachen", "Berlin"]
        for role in ("manager", "supervisor", "employee"):
            [site] = await list_sites(session, scene.actor(role))
            assert (site.id, site.zone, site.week_starts_on) == (scene.site.id, "Europe/Berlin", 6)


async def test_a_site_comes_with_its_departments():
    scene = await make_scene(name="Depot", clock_24h=False, four_eyes=True)
    async with writing() as session:
        await execute("UPDATE departments SET name = 'kitchen'")
        await build_department(session, scene.site, name="Bar")

    async with read_session() as session:
        site = await get_site(session, scene.actor("employee"), scene.site.id)
        assert (site.name, site.clock_24h, site.four_eyes) == ("Depot", False, True)
        assert [name for _, name in site.departments] == ["Bar", "kitchen"]
        assert await get_site(session, scene.actor("admin"), scene.site.id) == site
        with pytest.raises(NotFound) as foreign:
            await get_site(session, scene.actor("stranger"), scene.site.id)
        with pytest.raises(NotFound) as missing:
            await get_site(session, scene.actor("stranger"), 2**70)
    assert foreign.value.message == missing.value.message


async def test_sessions_that_are_still_good():
    scene = await make_scene()
    for number, (seen, change) in enumerate(
        [
            ("5 minutes", "true"),
            ("1 minute", "true"),
            ("30 minutes", "true"),
            ("2 minutes", "revoked_at IS NULL"),
            ("3 minutes", "true"),
            ("2 days", "true"),
        ]
    ):
        await execute(
            "INSERT INTO auth_sessions"
            " (employee_id, token_hash, last_seen_at, expires_at, revoked_at, user_agent, ip)"
            " SELECT :owner, :hash, now() - CAST(:seen AS interval), now() + CAST(:left AS interval),"
            " CASE WHEN :revoked THEN now() END, :agent, '192.0.2.1'",
            owner=scene.carol.id if number == 4 else scene.bob.id,
            hash=hashlib.sha256(str(number).encode()).digest(),
            seen=seen,
            left="-1 minute" if number == 2 else "1 day",
            revoked=change != "true",
            agent=CHROME if number == 0 else "",
        )

    async with read_session() as session:
        found = await list_sessions(session, scene.bob.id, 1)

    assert [(each.id, each.is_current, each.device) for each in found] == [
        (1, True, "Chrome on Linux"),
        (2, False, "A browser on an unknown device"),
    ]
    assert isinstance(found[0], SessionItem)
    assert found[0].ip == "192.0.2.1"
    assert ", " in found[0].last_seen_label


async def test_an_assignment_in_full_for_those_who_plan():
    scene = await make_scene()
    async with writing() as session:
        await build_rule(session, scene.site, strict=False)
    _, [late, early] = await make_week(
        scene, night(), {"day": 1, "title": "Early", "department_id": scene.department.id}
    )
    await assign_employee(scene.actor("manager"), late.id, scene.bob.id)
    assigned = await assign_employee(scene.actor("manager"), early.id, scene.bob.id, override_reason="He <b>agreed</b>")

    async with read_session() as session:
        detail = await assignment_detail(session, scene.actor("supervisor"), assigned.assignment_id)
        for role in ("employee", "stranger"):
            with pytest.raises(NotFound):
                await assignment_detail(session, scene.actor(role), assigned.assignment_id)
        with pytest.raises(NotFound):
            await assignment_detail(session, scene.actor("manager"), 2**70)

    assert (detail.employee_name, detail.title, detail.label) == ("Bob Worker", "Early", "09:00–17:00")
    assert (detail.department, detail.assigned_by) == (scene.department.name, "John Manager")
    assert detail.override_reason == "He <b>agreed</b>"
    assert "3 h of rest" in detail.warnings[0]
