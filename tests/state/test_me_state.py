"""My shifts: what a person sees, and what their answers do."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from schedule_app.db.engine import dispose, unit_of_work
from schedule_app.domain.permissions import Actor
from schedule_app.domain.time import week_start_of
from schedule_app.models import Employee, Notification, ScheduleAssignment, Site
from schedule_app.services.assignments import confirm_assignment
from schedule_app.settings import get_settings
from schedule_app.ui.answering.state import AnswerState
from schedule_app.ui.call_out.state import CallOutState
from schedule_app.ui.me.shift_state import MyShiftState
from schedule_app.ui.me.state import KeptState, MeState
from schedule_app.ui.swaps.propose_state import ProposeState
from tests.support.builders import (
    advance_schedule,
    build_assignment,
    build_department,
    build_employee,
    build_schedule,
    build_shift,
    build_site,
)
from tests.support.reflex_events import browser_of, eventually, live_pushes, push

NEXT_MONDAY = week_start_of(datetime.now(UTC).date()) + timedelta(days=7)
IN_TWO_DAYS = datetime.now(UTC) + timedelta(days=2, hours=3, minutes=30)


@dataclass(frozen=True)
class Week:
    """A published week in which Bob has an early shift with Carol, and a late one of his own."""

    site: Site
    manager: Employee
    bob: Employee
    carol: Employee
    early: int
    late: int
    carols: int


@pytest.fixture
async def week(session: AsyncSession) -> Week:
    site = await build_site(session, name="Harbour Café")
    kitchen = await build_department(session, site, name="Kitchen")
    manager = await build_employee(session, site, role="manager", name="John Manager")
    bob = await build_employee(session, site, name="Bob Worker")
    carol = await build_employee(session, site, name="Carol Cook")
    schedule = await build_schedule(session, site, week_start=NEXT_MONDAY)
    early = await build_shift(
        session, schedule, day=1, start=time(7), end=time(15), title="Early", department_id=kitchen.id, required_staff=2
    )
    late = await build_shift(session, schedule, day=3, start=time(14), end=time(22, 30), title="Late")
    assigned = [
        await build_assignment(session, shift, person) for shift, person in ((early, bob), (late, bob), (early, carol))
    ]
    await advance_schedule(session, schedule, "published", by=manager)
    for assignment in assigned:
        await session.refresh(assignment)
        assignment.status, assignment.confirm_by = "pending", IN_TWO_DAYS
    await session.commit()
    return Week(site, manager, bob, carol, *(assignment.id for assignment in assigned))


async def test_own_shifts_show_when_where_with_whom_and_until_when(week: Week) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/me")
        shown = tab.shows(MeState)

    assert [shift["id"] for shift in shown["waiting"]] == [week.early, week.late]
    early = shown["next_shift"]
    assert (early["label"], early["title"], early["place"], early["department"]) == (
        "07:00–15:00",
        "Early",
        "Harbour Café",
        "Kitchen",
    )
    assert early["colleagues"] == ["Carol Cook"]
    assert shown["time_left"][str(week.early)] == "2 days 3 h"
    assert [each["minutes"] for each in shown["weeks"]] == [16 * 60 + 30]
    assert tab.alert == ""


async def test_confirm_is_one_event_and_the_page_shows_it(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/me")
        await tab.send(AnswerState.confirm, {"assignment_id": week.early, "note": " with pleasure "})
        shown = tab.shows(MeState)

    assert [shift["id"] for shift in shown["waiting"]] == [week.late]
    assert tab.shows(AnswerState)["answered"].startswith("You confirmed Tuesday")
    held = await session.get_one(ScheduleAssignment, week.early, populate_existing=True)
    assert (held.status, held.response_note) == ("confirmed", "with pleasure")


async def test_all_that_wait_are_confirmed_at_once(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/me")
        await tab.send(AnswerState.confirm_all, {"assignment_ids": tab.shows(MeState)["waiting_ids"]})
        shown = tab.shows(MeState)

    assert (shown["waiting"], shown["waiting_ids"]) == ([], "")
    assert tab.shows(AnswerState)["answered"] == "You confirmed 2 shifts."
    for assignment_id in (week.early, week.late):
        held = await session.get_one(ScheduleAssignment, assignment_id, populate_existing=True)
        assert held.status == "confirmed"


async def test_decline_asks_first_and_tells_the_manager(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/me")
        await tab.send(AnswerState.ask_decline, {"assignment_id": week.late})
        assert tab.shows(AnswerState)["declining_id"] == week.late
        assert (await session.get_one(ScheduleAssignment, week.late, populate_existing=True)).status == "pending"

        await tab.send(AnswerState.decline, {"assignment_id": week.late, "note": "<b>exam</b>"})
        shown = tab.shows(MeState)

    answered = tab.shows(AnswerState)
    assert answered["declining_id"] == 0
    assert answered["answered"].startswith("You declined Thursday")
    assert shown["weeks"][0]["minutes"] == 8 * 60
    assert {shift["id"]: shift["status"] for shift in shown["weeks"][0]["shifts"]}[week.late] == "declined"
    told = await session.scalar(select(Notification).where(col(Notification.recipient_id) == week.manager.id))
    assert told is not None
    assert "<b>exam</b>" in str(told.payload)


async def test_keeping_the_shift_closes_the_dialog_and_changes_nothing(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/me")
        await tab.send(AnswerState.ask_decline, {"assignment_id": week.late})
        await tab.send(AnswerState.keep)
        assert tab.shows(AnswerState)["declining_id"] == 0
    assert await _statuses(session) == {"pending"}


async def test_after_the_deadline_there_is_nothing_to_press_and_an_answer_is_refused(
    week: Week, session: AsyncSession
) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/me")
        async with unit_of_work() as writing:
            past = datetime.now(UTC) - timedelta(minutes=1)
            await writing.execute(update(ScheduleAssignment).values(confirm_by=past))
        await tab.send(AnswerState.confirm, {"assignment_id": week.early, "note": ""})
        shown = tab.shows(MeState)

    assert "The time to answer ended" in tab.alert
    assert shown["waiting"] == []
    assert tab.shows(AnswerState)["answered"] == ""
    assert {shift["can_confirm"] or shift["can_decline"] for shift in shown["weeks"][0]["shifts"]} == {False}
    assert await _statuses(session) == {"pending"}


@pytest.mark.parametrize(
    "handler", ["AnswerState.confirm", "AnswerState.decline", "AnswerState.ask_decline", "MyShiftState.open"]
)
async def test_other_peoples_and_missing_shifts_look_the_same(week: Week, session: AsyncSession, handler: str) -> None:
    alerts = set()
    async with browser_of(week.bob.id) as tab:
        await tab.open("/me")
        for assignment_id in (week.carols, 999_999):
            await tab.send(handler, {"assignment_id": assignment_id})
            alerts.add(tab.alert)
    assert alerts == {"This does not exist, or you may not see it."}
    assert await _statuses(session) == {"pending"}


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"assignment_id": 0},
        {"assignment_id": -1},
        {"assignment_id": 2**63},
        {"assignment_id": "one"},
        {"assignment_id": None},
        {"assignment_id": {"id": 1}},
        {"assignment_id": 1, "note": "x" * 501},
        {"assignment_id": 1, "note": ["x"]},
        {"assignment_id": 1, "employee_id": 1},
        [],
        None,
        "text",
    ],
)
async def test_what_is_not_an_answer_is_refused_in_words(week: Week, session: AsyncSession, payload: object) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/me")
        for handler in (AnswerState.confirm, AnswerState.decline):
            await tab.send(handler, payload)
            assert tab.alert.startswith("That could not be understood.")
    assert await _statuses(session) == {"pending"}


async def test_a_note_with_control_characters_is_refused_and_the_shift_still_waits(week: Week) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/me")
        await tab.send(AnswerState.confirm, {"assignment_id": week.early, "note": "bell\x07"})
        assert tab.alert == "This contains characters that cannot be stored."
        assert len(tab.shows(MeState)["waiting"]) == 2


async def test_whoever_writes_the_open_page_follows(week: Week) -> None:
    async with browser_of(week.bob.id) as tab, live_pushes():
        await tab.open("/me")
        async with unit_of_work() as writing:
            await writing.execute(
                text("UPDATE schedule_assignments SET status = 'cancelled' WHERE id = :id"), {"id": week.early}
            )
        await eventually(lambda: [shift["id"] for shift in tab.shows(MeState)["waiting"]] == [week.late])
        followed = tab.shows(MeState)

        async with browser_of(week.bob.id) as fresh:
            await fresh.open("/me")
            assert fresh.shows(MeState) == followed


async def test_a_colleague_who_declines_goes_from_the_others_page(week: Week) -> None:
    async with browser_of(week.carol.id) as carol, browser_of(week.bob.id) as bob, live_pushes():
        await carol.open("/me")
        assert carol.shows(MeState)["next_shift"]["colleagues"] == ["Bob Worker"]
        await bob.open("/me")
        await bob.send(AnswerState.decline, {"assignment_id": week.early, "note": ""})
        await eventually(lambda: carol.shows(MeState)["next_shift"]["colleagues"] == [])


async def test_a_push_that_changes_nothing_sends_nothing(week: Week) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/me")
        before = tab.bytes_received
        await push({f"employee:{week.bob.id}"})
        assert tab.bytes_received == before


async def test_what_a_phone_keeps_is_as_old_as_the_last_read_that_succeeded(
    week: Week, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/me")
        opened = tab.shows(KeptState)["read_at"]
        await tab.send(KeptState.refresh)
        a_minute_later = tab.shows(KeptState)["read_at"]
        await tab.send(AnswerState.confirm, {"assignment_id": week.early, "note": ""})
        answered = tab.shows(KeptState)["read_at"]

        with monkeypatch.context() as away:
            await dispose()
            away.setenv("DATABASE_URL", "postgresql://nobody@localhost:1/none")
            get_settings.cache_clear()
            await tab.send(KeptState.refresh)
        await dispose()
        get_settings.cache_clear()

    assert "" < opened < a_minute_later < answered
    assert (tab.shows(KeptState)["read_at"], tab.alert) == (answered, "")


async def test_another_persons_change_does_not_reach_this_page(week: Week) -> None:
    async with browser_of(week.carol.id) as carol, browser_of(week.bob.id) as bob:
        await carol.open("/me")
        await bob.open("/me")
        await bob.send(AnswerState.confirm, {"assignment_id": week.late, "note": ""})
        before = carol.bytes_received
        await push({f"employee:{week.bob.id}"})
        assert carol.bytes_received == before


async def test_drafts_are_nobodys_shifts(session: AsyncSession) -> None:
    site = await build_site(session)
    bob = await build_employee(session, site)
    schedule = await build_schedule(session, site, week_start=NEXT_MONDAY)
    await build_assignment(session, await build_shift(session, schedule), bob)
    await session.commit()
    async with browser_of(bob.id) as tab:
        await tab.open("/me")
        state = tab.state(MeState)
        assert (state.next_shift, state.waiting, state.weeks) == (None, [], [])


async def _statuses(session: AsyncSession) -> set[str]:
    found = await session.scalars(select(func.coalesce(ScheduleAssignment.status, "")).distinct())
    return set(found)


async def test_the_hours_of_the_week_and_a_day_of_the_calendar_lead_to_its_shift(week: Week) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/me")
        shown = tab.shows(MeState)

    coming = shown["calendar"][1]
    assert [[each["id"] for each in day["shifts"]] for day in coming["days"]] == [
        [],
        [week.early],
        [],
        [week.late],
        [],
        [],
        [],
    ]
    assert coming["days"][1]["shifts"][0]["begins"] == "07:00"
    assert shown["week_hours"] == "0 h"


async def test_times_are_told_by_the_browsers_clocks_when_asked_and_by_those_at_work_first(week: Week) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/me")
        await tab.send(MeState.tell_zone, {"zone": "Europe/Berlin"})
        assert tab.shows(MeState)["own_zone"] == ""
        await tab.send(MeState.tell_zone, {"zone": "Asia/Kathmandu"})
        await tab.send(MeState.show_clocks, {"clocks": "own"})
        there = tab.shows(MeState)["weeks"][0]["shifts"]
        await tab.send(MeState.show_clocks, {"clocks": "site"})
        here = tab.shows(MeState)["weeks"][0]["shifts"]

    assert [shift["label"] for shift in here] == ["07:00–15:00", "14:00–22:30"]
    # In winter Kathmandu is four hours and three quarters ahead of Berlin, in summer an hour less.
    ahead = [shift["label"] for shift in there]
    assert ahead in (["11:45–19:45", "18:45–03:15 +1"], ["10:45–18:45", "17:45–02:15 +1"])


async def test_what_is_opened_from_the_page_is_told_by_the_same_clocks(week: Week, session: AsyncSession) -> None:
    await session.execute(
        text("UPDATE schedule_assignments SET status = 'confirmed' WHERE id = :id"), {"id": week.late}
    )
    await session.commit()
    late, early = {"assignment_id": week.late}, {"assignment_id": week.early}
    async with browser_of(week.bob.id) as tab:
        await tab.open("/me")
        await tab.send(MeState.tell_zone, {"zone": "Asia/Kathmandu"})
        await tab.send(MeState.show_clocks, {"clocks": "own"})
        [first, second] = tab.shows(MeState)["weeks"][0]["shifts"]
        await tab.send(AnswerState.ask_decline, late)
        await tab.send(MyShiftState.open, late)
        await tab.send(CallOutState.ask, late)
        await tab.send(ProposeState.open, late)
        await tab.send(AnswerState.confirm, early)
        asked, opened, missed = (dict(tab.shows(each)) for each in (AnswerState, MyShiftState, CallOutState))
        proposed = tab.shows(ProposeState)["view"]
        await tab.open("/inbox")
        await tab.send(AnswerState.ask_decline, late)
        elsewhere = tab.shows(AnswerState)["declining_text"]

    words = f"{second['day_label']}, {second['label']}"
    assert second["label"] in ("18:45–03:15 +1", "17:45–02:15 +1")
    assert asked["declining_text"] == f"{words}. {second['deadline_text']}."
    assert asked["answered"] == f"You confirmed {first['day_label']}, {first['label']}."
    assert opened["when"] == words
    assert missed["text"].endswith(f"{second['label']} (Late)")
    assert (proposed["shift"]["day"], proposed["shift"]["times"]) == (second["day_label"], second["label"])
    assert ", 14:00–22:30." in elsewhere


async def test_everything_about_a_shift_is_told_by_the_persons_own_clock(week: Week, session: AsyncSession) -> None:
    twelve_hours = text("INSERT INTO notification_preferences (employee_id, clock_24h) VALUES (:id, false)")
    await session.execute(twelve_hours, {"id": week.bob.id})
    await session.commit()
    late = {"assignment_id": week.late}
    async with browser_of(week.bob.id) as tab:
        await tab.open("/me")
        await tab.send(CallOutState.ask, late)
        await tab.send(ProposeState.open, late)
        missed, proposed = tab.shows(CallOutState)["text"], tab.shows(ProposeState)["view"]
        await session.execute(text("UPDATE schedule_assignments SET confirm_by = '2026-01-05 13:00Z'"))
        await session.commit()
        await tab.send(AnswerState.confirm, late)

    assert missed.endswith("2:00\xa0PM–10:30\xa0PM (Late)")
    assert proposed["shift"]["times"] == "2:00\xa0PM–10:30\xa0PM"
    assert proposed["until"].endswith("M")
    assert "ended on Mon 5 Jan, 2:00\xa0PM, Berlin time." in tab.alert


async def test_a_shift_that_is_taken_away_right_after_the_answer_is_said_to_be(
    week: Week, session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def and_take_away(actor: Actor, assignment_id: int, *, note: str | None, key: UUID | None) -> None:
        await confirm_assignment(actor, assignment_id, note=note, key=key)
        await session.execute(text("UPDATE schedule_assignments SET status = 'cancelled'"))
        await session.commit()

    monkeypatch.setattr("schedule_app.ui.answering.state.confirm_assignment", and_take_away)
    async with browser_of(week.bob.id) as tab:
        await tab.open("/me")
        await tab.send(AnswerState.confirm, {"assignment_id": week.early})
        assert tab.alert == ""
        assert tab.shows(AnswerState)["answered"] == "You confirmed the shift, which was taken off you since."


async def test_a_zone_nobody_knows_is_none(week: Week) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/me")
        await tab.send(MeState.tell_zone, {"zone": "Mars/Olympus"})
        await tab.send(MeState.show_clocks, {"clocks": "own"})
        shown = tab.shows(MeState)
    assert (shown["own_zone"], shown["weeks"][0]["shifts"][0]["label"]) == ("", "07:00–15:00")


async def test_why_me_and_what_is_said_against_it(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/me")
        await tab.send(MyShiftState.open, {"assignment_id": week.early})
        opened = dict(tab.shows(MyShiftState))
        await tab.send(MyShiftState.object, {"assignment_id": week.early, "reason": "no"})
        refused = tab.shows(MyShiftState)["problem"]
        await tab.send(MyShiftState.object, {"assignment_id": week.early, "reason": "My course is then"})
        said = dict(tab.shows(MyShiftState))
        held = await session.get_one(ScheduleAssignment, week.early, populate_existing=True)
        assert (held.objection, held.status) == ("My course is then", "pending")
        await tab.send(MyShiftState.withdraw, {"assignment_id": week.early})
        taken_back = tab.shows(MyShiftState)

    assert opened["when"].endswith(", 07:00–15:00")
    assert opened["why"]["reasons"][0] == "Your managers planned you for it."
    assert "With it you work 16 h 30 min that week." in opened["why"]["reasons"]
    assert refused == "Please give a reason of at least 3 characters."
    assert (said["problem"], said["why"]["objection"]) == ("", "My course is then")
    assert taken_back["why"]["objection"] == ""


async def test_an_opened_shift_that_is_taken_away_closes(week: Week) -> None:
    async with browser_of(week.bob.id) as tab, live_pushes():
        await tab.open("/me")
        await tab.send(MyShiftState.open, {"assignment_id": week.early})
        async with unit_of_work() as writing:
            await writing.execute(
                text("UPDATE schedule_assignments SET status = 'cancelled' WHERE id = :id"), {"id": week.early}
            )
        await eventually(lambda: tab.shows(MyShiftState)["assignment_id"] == 0)
