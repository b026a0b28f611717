"""What is sent to a browser, shown or not: nothing that its person may not know."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import text

from schedule_app.db.engine import unit_of_work
from schedule_app.models import Employee
from schedule_app.queries.insight_tables import PARTS
from tests.db.services.scene import WEEK, execute, make_week, rows, writing
from tests.protocol.conftest import World
from tests.support.builders import build_employee, build_time_off
from tests.support.handlers import own_handlers
from tests.support.sockets import open_page

# The rate is too long to be in a token by chance.
CONTRACTED, RATE = 1873, 12_345_678
# Of eight hours.
SHIFT_COST = 8 * RATE
DRAFT, ELSEWHERE, NOTE, TOLD = "Not yet decided", "On another site", "My mother is ill", "told_to_the_manager"
ABSENCE, OBJECTION = "An operation", "Not with him again"


@dataclass(frozen=True)
class Weeks:
    """Ids that the pages ask for."""

    bobs: int
    shift: int


@pytest.fixture(scope="module")
async def weeks(world: World) -> Weeks:
    """A published week, a draft of the week after, a week of another site; and everybody's private things."""
    scene = world.scene
    _, [shift] = await make_week(scene, {"title": "Early"}, held={0: [scene.bob, scene.carol]}, status="published")
    await make_week(scene, {"title": DRAFT}, held={0: [scene.bob]}, week_start=WEEK + timedelta(days=7))
    elsewhere = await rows("SELECT id FROM sites WHERE id <> :id", id=scene.site.id)
    async with unit_of_work() as session:
        private = "phone = 'phone-of-' || id, hourly_rate_cents = :rate, contracted_minutes = :contracted"
        await session.execute(text(f"UPDATE employees SET {private}"), {"rate": RATE, "contracted": CONTRACTED})
        answer = "status = 'confirmed', response_note = :note WHERE employee_id = :id AND in_force"
        statement = text(f"UPDATE schedule_assignments SET {answer}")
        await session.execute(statement, {"note": NOTE, "id": scene.carol.id})
        said = "objection = :said, objected_at = now() WHERE employee_id = :id"
        statement = text(f"UPDATE schedule_assignments SET {said}")
        await session.execute(statement, {"said": OBJECTION, "id": scene.carol.id})
        await build_time_off(session, scene.carol, WEEK + timedelta(days=3), status="waiting", note=ABSENCE)
        tell = "INSERT INTO notifications (recipient_id, type, category, payload) VALUES (:id, :told, 'system', '{}')"
        await session.execute(text(tell), {"id": scene.manager.id, "told": TOLD})
        name = "UPDATE sites SET name = :name WHERE id = :id"
        await session.execute(text(name), {"name": ELSEWHERE, "id": elsewhere[0][0]})
    [[bobs]] = await rows("SELECT id FROM schedule_assignments WHERE employee_id = :bob AND in_force", bob=scene.bob.id)
    return Weeks(bobs, shift.id)


async def everything_sent_to(world: World, weeks: Weeks, person: Employee) -> str:
    """All that a browser is sent on every page of the app, and in answer to every question about a thing."""
    site = world.scene.site.id
    later = WEEK + timedelta(days=7)
    board = f"/schedule/{site}/{WEEK}"
    async with open_page(world.app, await world.browser(person), "/me") as page:
        pages = (
            "/inbox",
            "/account",
            "/account/notifications",
            "/announcements",
            "/open",
            "/swaps",
            "/time-off",
            "/availability",
            "/requests",
            f"/coverage/{site}/{later}",
            f"/coverage/{site}/{WEEK}",
            f"/insight/{site}?from={WEEK}&to={later}&drafts=1",
            f"/schedule/{site}/{later}",
            f"/schedule/{site}/{later}?version=working",
            board,
        )
        for path in pages:
            await page.go(path)
        questions = {
            "BoardState.pick": {"shift_id": weeks.shift},
            "VersionState.look_at": {"version": "working"},
            "AssignState.open_form": {"shift_id": weeks.shift},
            "AssignState.choose_shift": {"shift_id": weeks.shift},
            "CoverState.open": {"shift_id": weeks.shift},
            "CoverState.explain": {"employee_id": world.scene.supervisor.id},
            "AssignmentState.open": {"assignment_id": weeks.bobs},
            "InboxState.narrow": {"category": "system"},
            "LedgerState.open": {"is_open": True},
            "LedgerState.narrow": {"show": "all"},
            "AnnouncementsState.address": {"audience": f"shift:{weeks.shift}"},
            "CoverageState.choose_version": {"version": "working"},
            **{f"InsightState.toggle {part}": {"part": part} for part in PARTS},
        }
        for name, payload in questions.items():
            await page.send(name.partition(" ")[0], payload)
        for handler in own_handlers().values():
            if handler.policy.is_push:
                await page.send(handler.name)
        await page.send("ShellState.load")
        await page.go("/me")
        return "".join(page.received)


ROLES = ["admin", "manager", "supervisor", "bob"]


@pytest.mark.parametrize("role", ROLES)
async def test_no_browser_is_sent_what_is_private(world: World, weeks: Weeks, role: str):
    person: Employee = getattr(world.scene, role)
    sent = await everything_sent_to(world, weeks, person)

    assert "Bob Worker" in sent
    assert "phone-of-" not in sent
    assert str(RATE) not in sent
    assert "$2b$" not in sent
    assert "schedule_session" not in sent
    for secret in world.told_nobody:
        assert secret not in sent
    others = await rows("SELECT email FROM employees WHERE id <> :id", id=person.id)
    assert [email for [email] in others if f'"{email}"' in sent] == []


async def test_staff_are_sent_nothing_of_plans_contracts_and_other_peoples_answers(world: World, weeks: Weeks):
    sent = await everything_sent_to(world, weeks, world.scene.bob)

    assert "Early" in sent
    for hidden in (DRAFT, ELSEWHERE, NOTE, TOLD, ABSENCE, OBJECTION):
        assert hidden not in sent
    assert not re.search(rf"(?<![\w-]){CONTRACTED}(?![\w-])", sent)


@pytest.mark.parametrize("role", ["supervisor", "bob", "stranger"])
async def test_cost_is_sent_to_nobody_who_may_not_see_it(world: World, weeks: Weeks, role: str):
    sent = await everything_sent_to(world, weeks, getattr(world.scene, role))

    assert "€" not in sent
    assert f"[{SHIFT_COST}," not in sent.replace(" ", "")


async def test_cost_is_sent_to_managers(world: World, weeks: Weeks):
    sent = await everything_sent_to(world, weeks, world.scene.manager)

    assert "€" in sent
    assert f"[{SHIFT_COST}," in sent.replace(" ", "")


async def test_planners_are_sent_what_they_plan_with(world: World, weeks: Weeks):
    sent = await everything_sent_to(world, weeks, world.scene.manager)

    for known in (DRAFT, str(CONTRACTED), ABSENCE):
        assert known in sent
    assert ELSEWHERE not in sent


async def test_a_manager_of_another_site_is_sent_nothing_of_this_one(world: World, weeks: Weeks):
    sent = await everything_sent_to(world, weeks, world.scene.stranger)

    assert "This does not exist" in sent
    for hidden in ("Bob Worker", "Carol Worker", "Early", DRAFT, NOTE, world.scene.site.name + '"'):
        assert hidden not in sent


async def test_someone_moved_to_another_site_is_sent_nothing_more_of_the_old_one(world: World, weeks: Weeks):
    scene = world.scene
    async with writing() as session:
        mover = await build_employee(session, scene.site, role="manager", name="Mo Mover")
        colleague = await build_employee(session, scene.site, name="Nan Neighbour")
    cookie = await world.browser(mover)
    board_path, coverage_path = f"/schedule/{scene.site.id}/{WEEK}", f"/coverage/{scene.site.id}/{WEEK}"
    async with (
        open_page(world.app, cookie, board_path) as board,
        open_page(world.app, cookie, coverage_path) as coverage,
        open_page(world.app, await world.browser(scene.manager), board_path) as stayed,
    ):
        assert "Nan Neighbour" in "".join(board.received)
        await execute("UPDATE employees SET site_id = :site WHERE id = :id", site=scene.stranger.site_id, id=mover.id)
        await execute("UPDATE employees SET name = 'Nan Renamed' WHERE id = :id", id=colleague.id)
        await stayed.until(lambda: "Nan Renamed" in "".join(stayed.received))
        for page, state in ((board, "BoardState"), (coverage, "CoverageState")):
            await page.send(f"{state}.refresh")
            await page.send("VersionState.look_at", {"version": "published"})
            await page.send("CoverageState.choose_version", {"version": "published"})
            await page.send("InboxState.narrow", {"category": "system"})
            await page.until(lambda page=page: page.shows("InboxState")["category"] == "system")

            assert "does not exist" in page.shows("AlertState")["message"]
            assert "Nan Renamed" not in "".join(page.received)
