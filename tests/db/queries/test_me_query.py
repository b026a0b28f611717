"""One person's own shifts."""

from datetime import UTC, datetime, time, timedelta

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound
from schedule_app.domain.time import resolve_wall
from schedule_app.models import Employee
from schedule_app.queries.me import MeView, my_week
from schedule_app.services.schedules import revise_schedule
from tests.db.services.scene import WEEK, Scene, execute, make_scene, make_week, night, rows, writing
from tests.support.builders import build_site

pytestmark = pytest.mark.usefixtures("database")

ONE_WEEK = timedelta(days=7)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of the scene's week, by Berlin's clocks."""
    return resolve_wall(WEEK + timedelta(days=day), time(hour, minute), "Europe/Berlin").at


async def mine(employee: Employee, now: datetime) -> MeView:
    """What somebody sees at that instant."""
    async with read_session() as session:
        return await my_week(session, employee.id, now=now)


async def published(scene: Scene) -> None:
    """Three shifts of Bob's in one week and one in the next, all to be answered by the Tuesday before."""
    await make_week(
        scene,
        {"title": "Early", "department_id": scene.department.id},
        {"day": 2, "start": time(12), "end": time(20)},
        night(6),
        held={0: [scene.bob, scene.carol, scene.manager], 1: [scene.bob], 2: [scene.bob]},
        status="published",
    )
    await make_week(scene, {"day": 1}, held={0: [scene.bob]}, status="published", week_start=WEEK + ONE_WEEK)
    await execute("UPDATE schedule_assignments SET confirm_by = :due", due=at(-6, 14))


async def test_shifts_of_this_week_and_the_coming_ones_in_order():
    scene = await make_scene()
    await published(scene)

    view = await mine(scene.bob, at(-7, 8))

    assert [week.label.split(",")[0] for week in view.weeks[:1]] == ["Next week"]
    assert [(week.minutes, len(week.shifts)) for week in view.weeks] == [(3 * 480, 3), (480, 1)]
    assert view.next == view.weeks[0].shifts[0]
    early = view.weeks[0].shifts[0]
    assert (early.day_label.split()[0], early.label, early.title) == ("Monday", "09:00–17:00", "Early")
    assert (early.place, early.department) == (scene.site.name, scene.department.name)
    assert early.colleagues == ["Carol Worker", "John Manager"]
    assert (early.status, early.can_confirm, early.can_decline) == ("pending", True, True)
    assert early.starts_at == at(0, 9).isoformat()
    assert early.confirm_by == at(-6, 14).isoformat()
    assert early.deadline_text.startswith("Please answer by Tue ")
    assert early.deadline_text.endswith(", 14:00")
    assert [shift.title for shift in view.waiting] == ["Early", "General", "General", "General"]


async def test_the_small_calendar_has_every_shift_by_whatever_clocks_it_is_read():
    scene = await make_scene()
    await execute("UPDATE sites SET time_zone = 'Asia/Kathmandu' WHERE id = :id", id=scene.site.id)
    small_hours = {"start": time(2), "end": time(6)}
    await make_week(scene, small_hours, night(6), held={0: [scene.bob], 1: [scene.bob]}, status="published")
    now = resolve_wall(WEEK, time(1), "Asia/Kathmandu").at

    async with read_session() as session:
        there = await my_week(session, scene.bob.id, now=now, zone="Europe/London")
        here = await my_week(session, scene.bob.id, now=now)

    days = [day for week in there.calendar for day in week.days]
    assert next(day.label for day in days if day.shifts).startswith("Sunday")
    assert [day.is_today for day in days].index(True) == 6
    assert sum(len(day.shifts) for day in days) == 2
    assert len(here.calendar) == 4
    assert here.calendar[0].days[0].is_today


async def test_a_day_with_two_shifts_tells_of_both():
    scene = await make_scene()
    first, second = {"start": time(6), "end": time(10)}, {"start": time(16), "end": time(20)}
    await make_week(scene, first, second, held={0: [scene.bob], 1: [scene.bob]}, status="published")

    [week, *_] = (await mine(scene.bob, at(0, 1))).calendar

    assert week.days[0].times == "06:00–10:00, 16:00–20:00"


async def test_answers_are_open_until_the_very_instant_of_the_deadline():
    scene = await make_scene()
    await published(scene)
    due = at(-6, 14)

    before, after = await mine(scene.bob, due - timedelta(seconds=1)), await mine(scene.bob, due)

    assert len(before.waiting) == 4
    assert after.waiting == []
    late = after.weeks[0].shifts[0]
    assert (late.can_confirm, late.can_decline) == (False, False)
    assert late.deadline_text.startswith("The time to answer ended on Tue ")


async def test_what_was_answered_shows_and_declined_shifts_do_not_count():
    scene = await make_scene()
    await published(scene)
    await execute(
        "UPDATE schedule_assignments SET status = 'confirmed' WHERE employee_id = :id"
        " AND starts_at < CAST(:week AS date) + interval '1 day'",
        id=scene.bob.id,
        week=WEEK,
    )
    await execute(
        "UPDATE schedule_assignments SET status = 'declined', response_note = 'Ill <b>' WHERE employee_id = :id"
        " AND starts_at BETWEEN CAST(:week AS date) + interval '1 day' AND CAST(:week AS date) + interval '4 days'",
        id=scene.bob.id,
        week=WEEK,
    )

    view = await mine(scene.bob, at(-7, 8))

    confirmed, declined, pending = view.weeks[0].shifts
    assert (confirmed.status, confirmed.can_confirm, confirmed.can_decline) == ("confirmed", False, True)
    assert confirmed.deadline_text.startswith("You can still decline until")
    assert (declined.status, declined.note, declined.can_confirm, declined.can_decline) == (
        "declined",
        "Ill <b>",
        False,
        False,
    )
    assert pending.status == "pending"
    assert view.weeks[0].minutes == 2 * 480
    assert len(view.waiting) == 2


async def test_past_shifts_of_this_week_stay_and_older_ones_go():
    scene = await make_scene()
    await published(scene)

    on_thursday = await mine(scene.bob, at(3, 12))
    a_week_later = await mine(scene.bob, at(7, 7))

    assert [week.label.split(",")[0] for week in on_thursday.weeks] == ["This week", "Next week"]
    assert len(on_thursday.weeks[0].shifts) == 3
    assert on_thursday.next is not None
    assert on_thursday.next.label == "22:00–06:00 +1"
    assert [len(week.shifts) for week in a_week_later.weeks] == [1]


async def test_a_night_that_still_runs_on_monday_morning_is_the_next_shift():
    scene = await make_scene()
    await published(scene)

    view = await mine(scene.bob, at(7, 5, 59))

    assert view.next is not None
    assert view.next.label == "22:00–06:00 +1"
    assert [len(week.shifts) for week in view.weeks] == [1, 1]


@pytest.mark.parametrize("status", ["draft", "pending", "approved", "archived"])
async def test_only_published_weeks_are_shown(status: str):
    scene = await make_scene()
    await make_week(scene, held={0: [scene.bob]}, status=status)

    view = await mine(scene.bob, at(-7, 8))

    assert (view.next, view.waiting, view.weeks) == (None, [], [])


async def test_a_draft_of_a_published_week_changes_nothing_for_its_staff():
    scene = await make_scene()
    schedule, _ = await make_week(scene, held={0: [scene.bob]}, status="published")
    before = await mine(scene.bob, at(-7, 8))
    child = await revise_schedule(scene.actor("manager"), schedule.id)
    await execute("UPDATE shifts SET title = 'Secret' WHERE schedule_id = :id", id=child)

    assert await mine(scene.bob, at(-7, 8)) == before
    assert len(await rows("SELECT id FROM schedules")) == 2


async def test_shifts_at_another_site_are_told_in_its_time():
    scene = await make_scene()
    async with writing() as session:
        kathmandu = await build_site(session, name="Kathmandu", time_zone="Asia/Kathmandu")
    await make_week(scene, night(0), held={0: [scene.bob]}, status="published", site=kathmandu)

    view = await mine(scene.bob, datetime.now(UTC))

    assert view.next is not None
    assert (view.next.place, view.next.label) == ("Kathmandu", "22:00–06:00 +1")
    assert view.next.starts_at.endswith("T16:15:00+00:00")
    assert view.zone == "Asia/Kathmandu"


async def test_cancelled_shifts_are_gone_and_nobody_is_nobody():
    scene = await make_scene()
    await published(scene)
    await execute("UPDATE schedule_assignments SET status = 'cancelled' WHERE employee_id = :id", id=scene.carol.id)

    assert (await mine(scene.carol, at(-7, 8))).weeks == []
    assert (await mine(scene.bob, at(-7, 8))).weeks[0].shifts[0].colleagues == ["John Manager"]
    async with read_session() as session:
        with pytest.raises(NotFound):
            await my_week(session, 2**70, now=datetime.now(UTC))
