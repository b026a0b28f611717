"""What is open to somebody: what they may take and nothing else, with what it would mean for them."""

import time as clock
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from schedule_app.db.engine import read_session
from schedule_app.models import Employee
from schedule_app.queries.claims import ClaimsView, waiting_claims
from schedule_app.queries.inbox import inbox
from schedule_app.queries.labels import long_day
from schedule_app.queries.me import my_week
from schedule_app.queries.open_shifts import OpenView, open_shifts
from schedule_app.services.call_outs import call_out
from schedule_app.services.claims import approve_claim, claim_shift
from schedule_app.services.forms import checked
from schedule_app.services.preferences import WishDetails, save_wishes
from tests.db.services.scene import WEEK, Scene, actor_of, assignment_on, execute, make_scene, make_week, writing
from tests.support.builders import build_department, build_employee, build_rule
from tests.support.queries import count_statements

pytestmark = pytest.mark.usefixtures("database")


async def seen(person: Employee) -> OpenView:
    async with read_session() as session:
        return await open_shifts(session, actor_of(person))


async def titles(person: Employee) -> list[str]:
    return [shift.title for day in (await seen(person)).days for shift in day.shifts]


async def decided_by(scene: Scene, role: str) -> ClaimsView:
    async with read_session() as session:
        return await waiting_claims(session, scene.actor(role))


async def test_what_one_may_take_is_shown_with_what_it_means():
    scene = await make_scene(name="Harbour Café", currency="EUR")
    await execute("UPDATE employees SET hourly_rate_cents = 1550 WHERE id = :id", id=scene.bob.id)
    columns = {"day": 2, "title": "Late", "start": time(14), "end": time(22), "department_id": scene.department.id}
    await make_week(scene, {"title": "Early"}, columns, held={0: [scene.bob]}, status="published")

    [day] = (await seen(scene.bob)).days

    [shift] = day.shifts
    assert (shift.title, shift.label, shift.place) == ("Late", "14:00–22:00", "Harbour Café")
    assert (shift.hours, shift.pay) == ("8 h → 16 h that week", "€124")
    assert (shift.needs_approval, shift.warnings) == (False, [])
    # Nobody else's rate is anybody's business, and Carol has none.
    [[carols]] = [day.shifts for day in (await seen(scene.carol)).days]
    assert (carols.hours, carols.pay) == ("0 h → 8 h that week", "")


async def test_only_what_is_open_published_and_ahead_is_shown():
    scene = await make_scene()
    shifts: list[dict[str, Any]] = [{"title": "Full"}, {"day": 1, "title": "Half", "required_staff": 2}]
    await make_week(scene, *shifts, held={0: [scene.carol], 1: [scene.carol]}, status="published")
    await make_week(scene, {"title": "Draft"}, week_start=WEEK + timedelta(days=7))
    await make_week(scene, {"title": "Old"}, week_start=WEEK + timedelta(days=14), status="archived")
    past = datetime.now(UTC).date() - timedelta(days=30)
    await make_week(scene, {"title": "Past"}, week_start=past, status="published")
    await make_week(await make_scene(), {"title": "Elsewhere"}, status="published")

    assert await titles(scene.bob) == ["Half"]
    # Who has one of the places is not asked for the other.
    assert await titles(scene.carol) == []


async def test_what_a_rule_forbids_is_hidden_and_what_it_warns_of_needs_approval():
    scene = await make_scene()
    async with writing() as session:
        rest = await build_rule(session, scene.site, strict=True)
    early, late = {"start": time(6), "end": time(14)}, {"start": time(16), "end": time(22), "title": "Late"}
    skilled = {"day": 3, "title": "Skilled", "requirements": {"qualifications": ["first_aid"]}}
    overlapping = {"start": time(8), "end": time(12), "title": "Overlapping"}
    await make_week(scene, early, late, skilled, overlapping, held={0: [scene.bob]}, status="published")

    assert await titles(scene.bob) == []
    await execute("UPDATE rules SET strict = false WHERE id = :id", id=rest.id)
    [[shift]] = [day.shifts for day in (await seen(scene.bob)).days]

    assert shift.title == "Late"
    assert shift.needs_approval
    assert len(shift.warnings) == 1


async def test_what_one_was_asked_to_take_and_cannot_any_more_is_said_to_be_left_out():
    scene = await make_scene()
    skilled = {"day": 3, "title": "Skilled", "requirements": {"qualifications": ["first_aid"]}}
    _, [shift, other, _] = await make_week(scene, skilled, {"day": 4}, skilled, status="published")
    asked = "INSERT INTO shift_offers (shift_id, employee_id, wave) VALUES (:shift, :id, 1)"
    for each in (shift, other):
        await execute(asked, shift=each.id, id=scene.bob.id)

    view = await seen(scene.bob)

    assert ([each.id for each in view.asked], view.hidden) == ([other.id], 1)
    async with read_session() as session:
        assert (await my_week(session, scene.bob.id, now=datetime.now(UTC))).asked_by_planners == 2


async def test_nobody_is_asked_to_take_what_they_could_not_come_to():
    scene = await make_scene()
    _, [shift] = await make_week(scene, held={0: [scene.bob]}, status="published")
    asked = "INSERT INTO shift_offers (shift_id, employee_id, wave) VALUES (:shift, :id, 1)"
    await execute(asked, shift=shift.id, id=scene.bob.id)
    await call_out(scene.actor("employee"), (await assignment_on(shift, scene.bob)).id)

    view = await seen(scene.bob)

    assert (view.asked, view.days, view.hidden) == ([], [], 0)
    async with read_session() as session:
        assert (await my_week(session, scene.bob.id, now=datetime.now(UTC))).asked_by_planners == 0


async def test_what_speaks_for_keeping_two_apart_names_neither():
    scene = await make_scene()
    async with writing() as session:
        apart = {"apart": [{"first": scene.bob.id, "second": scene.carol.id}]}
        await build_rule(session, scene.site, rule_type="restriction", constraints=apart, strict=False)
    await make_week(scene, {"required_staff": 2}, held={0: [scene.carol]}, status="published")

    [[shift]] = [day.shifts for day in (await seen(scene.bob)).days]

    assert shift.warnings
    assert "Carol" not in " ".join(shift.warnings)


async def test_what_one_asked_for_and_was_asked_to_take_stands_apart():
    scene = await make_scene(claims_need_approval=True)
    columns = [{"day": day, "title": title} for day, title in enumerate(("Wanted", "Offered", "Other"))]
    _, [wanted, offered, _] = await make_week(scene, *columns, status="published")
    claimed = await claim_shift(scene.actor("employee"), wanted.id)
    await execute(
        "INSERT INTO shift_offers (shift_id, employee_id, wave) VALUES (:shift, :id, 1)",
        shift=offered.id,
        id=scene.bob.id,
    )

    view = await seen(scene.bob)

    assert [(each.title, each.claim_id) for each in view.waiting] == [("Wanted", claimed.claim_id)]
    assert [(each.title, each.needs_approval) for each in view.asked] == [("Offered", False)]
    assert [(each.title, each.needs_approval) for day in view.days for each in day.shifts] == [("Other", True)]


@pytest.mark.parametrize("viewer", ["America/New_York", "Pacific/Auckland", None])
async def test_an_open_shift_has_the_time_of_its_place_at_every_step_wherever_the_viewer_is(viewer: str | None):
    # A quarter to six from Greenwich: the small hours of a day are the evening before there.
    scene = await make_scene(time_zone="Asia/Kathmandu", claims_need_approval=True)
    wishes = checked(WishDetails, {"channels": {}, "time_zone": viewer})
    await save_wishes(scene.actor("employee"), wishes, expected_version=0)
    small_hours = {"day": 2, "start": time(0, 30), "end": time(5, 45), "title": "Small hours"}
    night = {"day": 3, "start": time(22), "end": time(6), "title": "Night"}
    await make_week(scene, small_hours, night, status="published")
    day = WEEK + timedelta(days=2)
    begins = datetime.combine(day - timedelta(days=1), time(18, 45), UTC)

    view = await seen(scene.bob)
    assert [(each.label, [(shift.label, shift.starts_at) for shift in each.shifts]) for each in view.days] == [
        (long_day(day), [("00:30–05:45", begins.isoformat())]),
        (long_day(day + timedelta(days=1)), [("22:00–06:00 +1", (begins + timedelta(hours=45.5)).isoformat())]),
    ]

    shift_id = view.days[0].shifts[0].id
    claimed = await claim_shift(scene.actor("employee"), shift_id)
    [waiting] = (await seen(scene.bob)).waiting
    assert (waiting.day_label, waiting.label) == (long_day(day), "00:30–05:45")
    [asked] = (await decided_by(scene, "manager")).claims
    named = f"{day:%a} {day.day} {day:%b}, 00:30–05:45"
    assert asked.shift == f"{named} (Small hours)"

    await approve_claim(scene.actor("manager"), claimed.claim_id or 0)
    async with read_session() as session:
        [told] = (await inbox(session, scene.bob.id)).items
        [week] = [each for each in (await my_week(session, scene.bob.id, now=datetime.now(UTC))).weeks if each.shifts]
    where = ", Kathmandu time" if viewer else ""
    assert told.body.startswith(f"{named}{where} (Small hours)")
    assert [(each.day_label, each.label, each.starts_at) for each in week.shifts] == [
        (long_day(day), "00:30–05:45", begins.isoformat())
    ]


async def test_two_hundred_open_shifts_are_two_statements_and_quick():
    scene = await make_scene()
    async with writing() as session:
        for _ in range(4):
            await build_rule(session, scene.site)
    for week in range(4):
        shifts = [{"day": number % 7, "title": f"Shift {number}"} for number in range(50)]
        await make_week(scene, *shifts, week_start=WEEK + timedelta(days=7 * week), status="published")

    async with read_session() as session:
        with count_statements() as statements:
            began = clock.perf_counter()
            view = await open_shifts(session, actor_of(scene.bob))
            seconds = clock.perf_counter() - began

    assert sum(len(day.shifts) for day in view.days) == 200
    assert len(statements) == 2
    # Some fifty milliseconds on an idle machine.
    assert seconds < 1


async def test_planners_see_the_requests_that_they_may_decide():
    scene = await make_scene(claims_need_approval=True)
    async with writing() as session:
        other = await build_department(session, scene.site, name="Bar")
        foreign = await build_employee(session, scene.site, role="supervisor", department_id=other.id)
        await build_rule(session, scene.site, strict=False)
    early = {"start": time(6), "end": time(14), "department_id": scene.department.id}
    late = {"start": time(16), "end": time(22), "title": "Late", "department_id": scene.department.id}
    _, [_, shift] = await make_week(scene, early, late, held={0: [scene.bob]}, status="published")
    await claim_shift(scene.actor("employee"), shift.id)
    await claim_shift(actor_of(scene.carol), shift.id)

    bobs, carols = (await decided_by(scene, "manager")).claims
    assert (bobs.employee_name, bobs.places, bobs.hours) == ("Bob Worker", "0 of 1 person", "8 h → 14 h that week")
    assert (len(bobs.warnings), bobs.can_approve) == (1, True)
    assert (carols.warnings, carols.can_approve) == ([], True)
    # A supervisor cannot go against a warning; one of another department decides nothing here.
    assert [each.can_approve for each in (await decided_by(scene, "supervisor")).claims] == [False, True]
    async with read_session() as session:
        assert (await waiting_claims(session, actor_of(foreign))).claims == []
    assert (await decided_by(scene, "stranger")).claims == []
    assert len((await decided_by(scene, "admin")).claims) == 2

    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.carol.id)
    _, carols = (await decided_by(scene, "manager")).claims
    assert (len(carols.problems), carols.can_approve) == (1, False)
