"""The form of a shift on the board: new, changed, duplicated, deleted."""

from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from schedule_app.models import Department, Employee, Schedule, Shift, Site
from schedule_app.services.schedules import submit_schedule
from schedule_app.services.shifts import ShiftDetails, edit_shift
from schedule_app.ui.board.repeat_state import RepeatState
from schedule_app.ui.board.shift_state import ShiftState
from schedule_app.ui.board.split_state import SplitState
from schedule_app.ui.board.state import BoardState
from tests.db.services.scene import actor_of
from tests.support.builders import (
    build_assignment,
    build_department,
    build_employee,
    build_schedule,
    build_shift,
    build_site,
)
from tests.support.reflex_events import Tab, browser_of, eventually, live_pushes, stranger

# The clocks go forward in the night to Sunday.
SPRING = date(2027, 3, 22)
FILLED = {
    "title": "Early",
    "local_date": "2027-03-23",
    "local_start": "07:00",
    "local_end": "15:00",
    "shift_type": "training",
    "department_id": "0",
    "required_staff": "2",
    "qualifications": "First aid, Till,",
    "notes": "Bring keys.",
}
THEIRS = ShiftDetails(local_date=SPRING, local_start=time(21), local_end=time(5), title="Theirs", priority=9)
BOTH = [
    {"label": "Title", "entered": "Early", "stored": "Theirs"},
    {"label": "Day", "entered": "Tuesday 23 March", "stored": "Monday 22 March"},
    {"label": "Start", "entered": "07:00", "stored": "21:00"},
    {"label": "End", "entered": "15:00", "stored": "05:00 +1"},
    {"label": "Department", "entered": "Kitchen", "stored": "nothing"},
    {"label": "Kind", "entered": "Training", "stored": "General"},
    {"label": "People needed", "entered": "2", "stored": "1"},
    {"label": "Notes", "entered": "Bring keys.", "stored": "nothing"},
]
HANDLERS = ("begin", "open", "show", "measure", "save", "duplicate", "ask_delete", "keep", "delete", "take_stored")


@dataclass(frozen=True)
class Week:
    """A draft of the week with one shift on Monday, Bob and Carol on it."""

    site: Site
    kitchen: Department
    manager: Employee
    second_manager: Employee
    supervisor: Employee
    bob: Employee
    schedule: Schedule
    shift: Shift

    @property
    def address(self) -> str:
        return f"/schedule/{self.site.id}/{SPRING}"


@pytest.fixture
async def week(session: AsyncSession) -> Week:
    site = await build_site(session)
    kitchen = await build_department(session, site, name="Kitchen")
    manager = await build_employee(session, site, role="manager", name="John Manager")
    second = await build_employee(session, site, role="manager", name="Joan Manager")
    supervisor = await build_employee(session, site, role="supervisor")
    bob, carol = [await build_employee(session, site, name=name) for name in ("Bob Worker", "Carol Cook")]
    schedule = await build_schedule(session, site, week_start=SPRING)
    shift = await build_shift(session, schedule, start=time(22), end=time(6), title="Night", priority=9)
    for person in (bob, carol):
        await build_assignment(session, shift, person)
    await session.commit()
    return Week(site, kitchen, manager, second, supervisor, bob, schedule, shift)


async def shifts_of(session: AsyncSession, week: Week) -> list[Shift]:
    found = select(Shift).where(col(Shift.schedule_id) == week.schedule.id).order_by(col(Shift.id))
    return list((await session.scalars(found.execution_options(populate_existing=True))).all())


async def expect_on_board(tab: Tab, *titles: str) -> None:
    """The board must come to show shifts of these titles, and no others."""

    def shown() -> list[str]:
        return sorted(shift["title"] for day in tab.state(BoardState).shifts for shift in day)

    await eventually(lambda: shown() == sorted(titles))


async def test_a_new_shift_is_saved_and_the_board_shows_it(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.manager.id) as tab, live_pushes():
        await tab.open(week.address)
        assert tab.shows(BoardState)["head"]["can_edit_shifts"]
        await tab.send(ShiftState.begin)
        shown = tab.shows(ShiftState)
        assert (shown["is_open"], shown["fields"]["local_date"], shown["timing"]) == (True, "2027-03-22", "8 h")
        assert shown["departments"] == [["0", "No department"], [str(week.kitchen.id), "Kitchen"]]
        assert shown["days"][1] == ["2027-03-23", "Tuesday 23 March"]

        await tab.send(ShiftState.save, {**FILLED, "department_id": str(week.kitchen.id)})
        assert not tab.state(ShiftState).is_open
        await expect_on_board(tab, "Early", "Night")
        assert tab.alert == ""

    [_, made] = await shifts_of(session, week)
    assert (made.title, made.local_date, made.local_start, made.local_end) == (
        "Early",
        date(2027, 3, 23),
        time(7),
        time(15),
    )
    assert (made.shift_type, made.department_id, made.required_staff) == ("training", week.kitchen.id, 2)
    assert (made.requirements, made.notes) == ({"qualifications": ["First aid", "Till"]}, "Bring keys.")


async def test_measuring_says_the_true_length_and_that_it_ends_the_next_day(week: Week) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(ShiftState.begin)
        timings = []
        for changed in (
            {"local_start": "22:00"},
            {"local_end": "06:00"},
            {"local_date": "2027-03-27"},
            {"local_end": ""},
            {"local_end": "22:00"},
            {"local_end": "22:45"},
        ):
            await tab.send(ShiftState.measure, changed)
            timings.append(tab.shows(ShiftState)["timing"])

    assert timings == [
        "19 h, ends the next day",
        "8 h, ends the next day",
        "7 h, ends the next day",
        "",
        "23 h, ends the next day",
        "45 min",
    ]


async def test_a_shift_opens_as_it_is_and_is_changed(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.manager.id) as tab, live_pushes():
        await tab.open(week.address)
        await tab.send(ShiftState.open, {"shift_id": week.shift.id})
        fields, shown = tab.shows(ShiftState)["fields"], tab.shows(ShiftState)
        assert (fields["title"], fields["local_start"], fields["local_end"]) == ("Night", "22:00", "06:00")
        assert (shown["is_new"], shown["timing"]) == (False, "8 h, ends the next day")

        await tab.send(ShiftState.save, {**FILLED, "qualifications": ""})
        assert not tab.state(ShiftState).is_open
        await expect_on_board(tab, "Early")

    [changed] = await shifts_of(session, week)
    assert (changed.title, changed.priority, changed.version) == ("Early", 9, 2)


async def test_a_duplicate_is_a_new_shift_with_what_is_entered(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.manager.id) as tab, live_pushes():
        await tab.open(week.address)
        await tab.send(ShiftState.open, {"shift_id": week.shift.id})
        await tab.send(ShiftState.duplicate)
        assert (tab.shows(ShiftState)["is_new"], tab.shows(ShiftState)["is_open"]) == (True, True)
        await tab.send(ShiftState.save, FILLED)
        await expect_on_board(tab, "Early", "Night")

    [old, copy] = await shifts_of(session, week)
    assert (old.version, copy.priority) == (1, 9)
    assert old.lineage_id != copy.lineage_id


async def test_a_shift_is_cut_in_two_and_what_refuses_is_said(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.manager.id) as tab, live_pushes():
        await tab.open(week.address)
        await tab.send(SplitState.begin)
        assert not tab.state(SplitState).is_open
        await tab.send(ShiftState.open, {"shift_id": week.shift.id})
        await tab.send(SplitState.begin)
        assert (tab.state(ShiftState).is_open, tab.state(SplitState).is_open) == (False, True)
        await tab.send(SplitState.split, {"at": "12:00"})
        assert tab.shows(SplitState)["problem"] == "This time does not lie within the shift."
        await tab.send(SplitState.split, {"at": "late"})
        assert tab.alert.startswith("That could not be understood.")
        await tab.send(SplitState.split, {"at": "02:00"})
        assert not tab.state(SplitState).is_open
        await expect_on_board(tab, "Night", "Night")
    assert [(each.local_start, each.local_end) for each in await shifts_of(session, week)] == [
        (time(22), time(2)),
        (time(2), time(6)),
    ]


async def test_a_shift_is_repeated_and_too_long_a_time_refused(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(ShiftState.open, {"shift_id": week.shift.id})
        await tab.send(RepeatState.begin)
        assert tab.shows(RepeatState)["until"] == "2027-04-19"
        assert tab.shows(RepeatState)["preview"] == (
            "4 shifts in 4 weeks, the last on Monday 19 April. A draft would be begun for 4 weeks."
        )
        await tab.send(RepeatState.change, {"until": "2037-04-19"})
        assert tab.shows(RepeatState)["problem"] == "A shift is repeated for at most 26 weeks."
        await tab.send(RepeatState.repeat)
        assert tab.state(RepeatState).is_open
        await tab.send(RepeatState.tick, {"weekday": 0, "is_on": False})
        await tab.send(RepeatState.change, {"ends": "times", "times": "4", "every": "2"})
        assert tab.shows(RepeatState)["problem"] == "Please choose a weekday."
        for weekday in (2, 3, 4, 5):
            await tab.send(RepeatState.tick, {"weekday": weekday, "is_on": True})
        await tab.send(RepeatState.change, {"times": ""})
        assert tab.shows(RepeatState)["problem"] == "Please give the number of times."
        await tab.send(RepeatState.change, {"times": "4"})
        assert tab.shows(RepeatState)["preview"].startswith("4 shifts in 1 week, the last on Saturday 27 March")
        await tab.send(RepeatState.repeat)
        assert not tab.state(RepeatState).is_open
    assert len(await shifts_of(session, week)) == 5


async def test_deleting_asks_who_would_be_taken_off(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.manager.id) as tab, live_pushes():
        await tab.open(week.address)
        await tab.send(ShiftState.open, {"shift_id": week.shift.id})
        await tab.send(ShiftState.ask_delete)
        shown = tab.shows(ShiftState)
        assert (shown["is_deleting"], shown["delete_text"]) == (
            True,
            "Bob Worker and Carol Cook would be taken off it.",
        )
        await tab.send(ShiftState.keep)
        assert not tab.state(ShiftState).is_deleting
        assert len(await shifts_of(session, week)) == 1

        await tab.send(ShiftState.ask_delete)
        await tab.send(ShiftState.delete)
        assert not tab.state(ShiftState).is_open
        await expect_on_board(tab)

    assert await shifts_of(session, week) == []


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"local_date": "2027-04-01"}, "local_date", "outside its week"),
        ({"title": "x" * 201}, "title", "200 characters"),
        ({"shift_type": "holiday"}, "shift_type", "does not exist"),
        ({"department_id": str(2**62)}, "department_id", "another site"),
        ({"required_staff": "0"}, "required_staff", "one to 1000"),
        ({"qualifications": "x" * 101}, "qualifications", "100 characters"),
        ({"notes": "\x07"}, "notes", "cannot be stored"),
    ],
)
async def test_what_cannot_be_accepted_is_said_next_to_its_field(
    week: Week, session: AsyncSession, values: dict[str, str], field: str, words: str
) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(ShiftState.begin)
        await tab.send(ShiftState.save, FILLED | values)
        shown = tab.shows(ShiftState)
        assert words in shown["errors"].pop(field)
        assert not any(shown["errors"].values())
        assert (shown["is_open"], tab.state(ShiftState).problem, tab.alert) == (True, "", "")

        await tab.send(ShiftState.save, FILLED)
        assert not tab.state(ShiftState).is_open
    assert len(await shifts_of(session, week)) == 2


BAD_PAYLOADS: list[tuple[str, Any]] = [
    ("open", None),
    ("open", {}),
    ("open", {"shift_id": "one"}),
    ("open", {"shift_id": True}),
    ("open", {"shift_id": 2**70}),
    ("show", {"is_open": "perhaps"}),
    ("measure", {"local_date": "yesterday"}),
    ("measure", {"local_start": "25:00"}),
    ("measure", {"local_start": ["07:00"]}),
    ("measure", {"zone": "Europe/Berlin"}),
    ("save", None),
    ("save", "text"),
    ("save", {}),
    ("save", {**FILLED, "shift_id": 1}),
    ("save", {**FILLED, "priority": 1}),
    ("save", {**FILLED, "local_date": ""}),
    ("save", {**FILLED, "local_end": "late"}),
    ("save", {**FILLED, "local_end": "15:00Z"}),
    ("save", {**FILLED, "local_start": "24:00"}),
    ("save", {**FILLED, "local_start": ""}),
    ("save", {**FILLED, "required_staff": "-1"}),
    ("save", {**FILLED, "required_staff": "many"}),
    ("save", {**FILLED, "required_staff": 2**31}),
    ("save", {**FILLED, "department_id": -1}),
    ("save", {**FILLED, "title": {"a": 1}}),
    ("save", {**FILLED, "notes": "x" * 2001}),
    ("begin", {"shift_id": 1}),
    ("take_stored", {"shift_id": 1}),
    ("delete", {"shift_id": 1}),
]


@pytest.mark.parametrize(("handler", "payload"), BAD_PAYLOADS)
async def test_payloads_nobody_can_send_by_the_form_change_nothing(
    week: Week, session: AsyncSession, handler: str, payload: object
) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(ShiftState.open, {"shift_id": week.shift.id})
        await tab.send(f"ShiftState.{handler}", payload)
        assert tab.alert.startswith("That could not be understood.")
    [shift] = await shifts_of(session, week)
    assert shift.version == 1


@pytest.mark.parametrize("handler", HANDLERS)
@pytest.mark.parametrize("who", ["supervisor", "bob", "nobody"])
async def test_nobody_else_uses_the_form(week: Week, session: AsyncSession, who: str, handler: str) -> None:
    payloads: dict[str, Any] = {
        "open": {"shift_id": week.shift.id},
        "show": {"is_open": True},
        "measure": {"local_start": "07:00"},
        "save": FILLED,
    }
    async with stranger() if who == "nobody" else browser_of(getattr(week, who).id) as tab:
        await tab.open(week.address)
        assert not tab.state(BoardState).head.can_edit_shifts
        arguments = [payloads[handler]] if handler in payloads else []
        await tab.send(f"ShiftState.{handler}", *arguments)
        assert tab.redirects if who == "nobody" else tab.alert == "You are not allowed to do this."
        assert not tab.state(ShiftState).is_open
    [shift] = await shifts_of(session, week)
    assert shift.version == 1


async def test_shifts_of_other_sites_and_other_weeks_do_not_open(week: Week, session: AsyncSession) -> None:
    other_week = await build_schedule(session, week.site, week_start=date(2027, 4, 5))
    elsewhere = await build_schedule(session, await build_site(session), week_start=SPRING)
    others = [await build_shift(session, schedule) for schedule in (other_week, elsewhere)]
    await session.commit()
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        for shift_id in [*(shift.id for shift in others), 2**62]:
            await tab.send(ShiftState.open, {"shift_id": shift_id})
            assert tab.alert == "This does not exist, or you may not see it."
            assert not tab.state(ShiftState).is_open


async def test_without_an_open_form_there_is_nothing_to_save_or_delete(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        for handler, *payload in ((ShiftState.save, FILLED), (ShiftState.delete,)):
            await tab.send(handler, *payload)
            assert tab.state(ShiftState).problem == "This does not exist, or you may not see it."
        await tab.send(ShiftState.ask_delete)
        assert not tab.state(ShiftState).is_deleting
        await tab.send(ShiftState.take_stored)
        assert not tab.state(ShiftState).is_open
    assert len(await shifts_of(session, week)) == 1


async def test_a_week_submitted_meanwhile_refuses_in_the_form(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(ShiftState.begin)
        await submit_schedule(actor_of(week.manager), week.schedule.id, expected_version=1)
        await tab.send(ShiftState.save, FILLED)
        assert "waits for approval" in tab.state(ShiftState).problem
        assert tab.state(ShiftState).is_open

        await tab.send(ShiftState.show, {"is_open": False})
        await tab.open(week.address)
        await tab.send(ShiftState.begin)
        await tab.send(ShiftState.open, {"shift_id": week.shift.id})
        assert not tab.state(ShiftState).is_open
    assert len(await shifts_of(session, week)) == 1


async def test_deleting_a_shift_that_was_changed_since_is_refused_and_says_by_whom(
    week: Week, session: AsyncSession
) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(ShiftState.open, {"shift_id": week.shift.id})
        await edit_shift(actor_of(week.second_manager), week.shift.id, THEIRS, expected_version=1)
        await tab.send(ShiftState.delete)
        assert "Joan Manager changed it in the meantime" in tab.state(ShiftState).problem
        assert tab.state(ShiftState).is_open
    [shift] = await shifts_of(session, week)
    assert shift.title == "Theirs"


async def save_too_late(tab: Tab, week: Week) -> dict[str, str]:
    """Open the form, let somebody else save the shift, then save; returns what was entered."""
    mine = {**FILLED, "department_id": str(week.kitchen.id), "qualifications": ""}
    await tab.open(week.address)
    await tab.send(ShiftState.open, {"shift_id": week.shift.id})
    await edit_shift(actor_of(week.second_manager), week.shift.id, THEIRS, expected_version=1)
    await tab.send(ShiftState.save, mine)
    shown = tab.shows(ShiftState)
    assert (shown["is_open"], shown["differences"]) == (True, BOTH)
    assert "Joan Manager changed it in the meantime" in shown["problem"]
    return mine


async def test_a_later_save_shows_both_versions_and_saving_again_keeps_mine(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.manager.id) as tab:
        mine = await save_too_late(tab, week)
        key = tab.state(ShiftState).form_key
        await tab.send(ShiftState.keep)
        shown = tab.state(ShiftState)
        assert (shown.is_open, shown.differences, shown.problem, shown.form_key) == (True, [], "", key)

        await edit_shift(
            actor_of(week.second_manager), week.shift.id, replace(THEIRS, title="Newer"), expected_version=2
        )
        await tab.send(ShiftState.save, mine)
        assert tab.shows(ShiftState)["differences"][0] == {"label": "Title", "entered": "Early", "stored": "Newer"}
        await tab.send(ShiftState.save, mine)
        assert not tab.state(ShiftState).is_open
    [shift] = await shifts_of(session, week)
    assert (shift.title, shift.notes, shift.priority, shift.version) == ("Early", "Bring keys.", 9, 4)


async def test_taking_theirs_fills_the_form_anew_and_changes_nothing(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.manager.id) as tab:
        await save_too_late(tab, week)
        key = tab.state(ShiftState).form_key
        await tab.send(ShiftState.take_stored)
        shown = tab.state(ShiftState)
        assert (shown.is_open, shown.differences, shown.problem) == (True, [], "")
        assert (shown.fields.title, shown.fields.local_start, shown.timing) == (
            "Theirs",
            "21:00",
            "8 h, ends the next day",
        )
        assert shown.form_key > key
    [shift] = await shifts_of(session, week)
    assert (shift.title, shift.version) == ("Theirs", 2)


async def test_another_managers_board_shows_every_step_by_itself(week: Week) -> None:
    async with browser_of(week.manager.id) as mine, browser_of(week.second_manager.id) as theirs, live_pushes():
        for tab in (mine, theirs):
            await tab.open(week.address)
        await mine.send(ShiftState.open, {"shift_id": week.shift.id})
        await mine.send(ShiftState.save, {**FILLED, "qualifications": ""})
        for tab in (mine, theirs):
            await expect_on_board(tab, "Early")
        await mine.send(ShiftState.open, {"shift_id": week.shift.id})
        await mine.send(ShiftState.delete)
        for tab in (mine, theirs):
            await expect_on_board(tab)
