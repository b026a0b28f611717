"""axe finds nothing on any page, light and dark, at a desk and on a phone; and no page has to be scrolled sideways."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from axe_playwright_python.base import AxeResults
from playwright.async_api import Page, ViewportSize, expect

from schedule_app.db.engine import unit_of_work
from schedule_app.db.queue import defer
from schedule_app.domain.notices import AssignmentRemoved
from schedule_app.domain.time_off import TimeOffKind
from schedule_app.models import Claim, ShiftOffer, Site, SolveRun
from schedule_app.optimizer import codec
from schedule_app.optimizer.reasons import reasons
from schedule_app.optimizer.solution import Given, Missing, Solution
from schedule_app.queries.labels import short_day
from schedule_app.queries.planning import read_planning
from schedule_app.services.announcements import AnnouncementDetails, announce
from schedule_app.services.assignments import (
    assign_employee,
    confirm_assignment,
    decline_assignment,
    unassign_employee,
)
from schedule_app.services.availability import save_availability
from schedule_app.services.availability_details import AvailabilityDetails, as_text
from schedule_app.services.claims import claim_shift
from schedule_app.services.departments import create_department, delete_department
from schedule_app.services.filling import Filling, problem_of
from schedule_app.services.forms import checked
from schedule_app.services.notifications import notify
from schedule_app.services.schedules import reject_schedule, submit_schedule
from schedule_app.services.shift_details import ShiftDetails
from schedule_app.services.swap_requests import accept_request, offer_shift
from schedule_app.services.templates import create_shift_template, save_week
from schedule_app.services.time_offs import TimeOffAsked, approve_time_off, request_time_off
from tests.e2e.pages import open_shift
from tests.e2e.screens import DESKTOP, PHONE, Screens
from tests.e2e.touch import expect_everything_within_reach
from tests.e2e.world import (
    LATE,
    NEXT_WEEK,
    Person,
    World,
    add_admin,
    assign,
    build_draft,
    build_world,
    execute,
    publish,
    version_of,
)
from tests.support.builders import build_department, build_rule

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Another theme changes colours and nothing else, so that only the rules about colours look at it.
RULES: dict[Literal["light", "dark"], dict[str, object]] = {
    "light": {"type": "tag", "values": STANDARDS},
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
#: Who comes to a page with a thumb more often than with a mouse.
STAFF = ("nobody", "ann", "ben", "cem")
NARROWEST: ViewportSize = {"width": 320, "height": 640}


@dataclass(frozen=True, slots=True)
class Place:
    """What is looked at: by whom, where, and what is opened there."""

    name: str
    who: str
    path: str
    open: Callable[[Page], Awaitable[object]] | None = None


SHIFTS = (
    {"title": "Morning", "required_staff": 3},
    {"title": "Late", "day": 1, "start": LATE[0], "end": LATE[1], "shift_type": "specialized"},
    {"title": "Early", "day": 2, "required_staff": 2, "shift_type": "management"},
    {"title": "Night", "day": 3, "start": time(22), "end": time(6), "shift_type": "emergency"},
    {"title": "Evening", "day": 2, "start": time(20), "end": time(23)},
    {"title": "Course", "day": 5, "shift_type": "training"},
)


async def _open_assign_form(page: Page) -> None:
    await page.get_by_role("button", name="Assign", exact=True).click()
    await expect(page.get_by_role("dialog", name="Assign a shift")).to_be_visible()


async def _pick(page: Page) -> None:
    await open_shift(page, "07:00–15:00 Early").click()
    await expect(page.get_by_role("gridcell", name=re.compile("^Place here: "))).not_to_have_count(0)


async def _wait_for_heat(page: Page) -> None:
    await expect(page.get_by_role("table").get_by_role("button").first).to_be_attached()


async def _pick_of_two_weeks(page: Page) -> None:
    await open_shift(page, "07:00–15:00 Early").first.click()
    await expect(page.get_by_role("gridcell", name=re.compile("^Place here: "))).not_to_have_count(0)


async def _pick_somebodys(page: Page) -> None:
    await page.get_by_role("button", name=re.compile("^07:00–15:00 Early, planned, .*1 warning")).click()
    await expect(page.get_by_role("gridcell", name=re.compile("^Place here: Can"))).not_to_have_count(0)
    await page.get_by_role("gridcell", name=re.compile("^Place here: Can")).first.hover()
    await expect(page.locator(".drop-preview")).to_be_visible()


async def _ask_for_a_reason(page: Page) -> None:
    await page.get_by_role("button", name="Assign", exact=True).click()
    form = page.get_by_role("dialog", name="Assign a shift")
    choice = form.get_by_label("Shift", exact=True)
    await choice.select_option(label=f"{short_day(NEXT_WEEK + timedelta(days=2))} · Evening 20:00–23:00 · 0 of 1")
    await expect(form.get_by_role("radio", name=re.compile("Ann Archer.*rest"))).to_be_visible()
    await form.get_by_role("radio", name=re.compile("Ann Archer")).check()
    await form.get_by_role("button", name="Assign").click()
    await expect(form.get_by_label("Reason for assigning all the same")).to_be_visible()


async def _ask_who_can_cover(page: Page) -> None:
    await page.get_by_role("button", name="Assign", exact=True).click()
    form = page.get_by_role("dialog", name="Assign a shift")
    choice = form.get_by_label("Shift", exact=True)
    await choice.select_option(label=f"{short_day(NEXT_WEEK + timedelta(days=2))} · Evening 20:00–23:00 · 0 of 1")
    await expect(form.get_by_role("radio", name=re.compile("Ann Archer.*rest"))).to_be_visible()
    await page.get_by_role("button", name="Who can cover?").click()
    dialog = page.get_by_role("dialog", name="Who can cover?")
    await dialog.get_by_role("button", name="Rules asked about Ann Archer").click()
    await expect(dialog.get_by_text("Warns: ")).to_be_visible()
    await dialog.get_by_role("button", name="Assign Ann Archer").click()
    await expect(dialog.get_by_label("Reason for assigning all the same")).to_be_visible()


async def _see_whom_it_was_offered_to(page: Page) -> None:
    await page.get_by_role("button", name="Assign", exact=True).click()
    choice = page.get_by_role("dialog", name="Assign a shift").get_by_label("Shift", exact=True)
    await choice.select_option(label=f"{short_day(NEXT_WEEK + timedelta(days=12))} · Course 07:00–15:00 · 0 of 1")
    await page.get_by_role("button", name="Who can cover?").click()
    dialog = page.get_by_role("dialog", name="Who can cover?")
    # By itself it is offered to more people as time goes on.
    await expect(dialog.get_by_text(re.compile("(person was|people were) asked"))).to_be_visible()


async def _open_assignment(page: Page) -> None:
    await page.get_by_role("button", name=re.compile("^07:00–15:00 Early, planned, .*1 warning")).click()
    await page.get_by_role("button", name="Details").click()
    await expect(page.get_by_role("dialog", name="Ann Archer")).to_be_visible()


async def _undo_in_vain(page: Page) -> None:
    await expect(page.get_by_role("button", name=re.compile("^Undo: "))).to_be_visible()
    await page.keyboard.press("Control+z")
    await expect(page.get_by_role("dialog", name="This step was not undone")).to_be_visible()


async def _list_swaps(page: Page) -> None:
    await _open_assignment(page)
    await page.get_by_role("button", name="Swap with …").click()
    listed = page.get_by_role("dialog", name="Swap with …").get_by_role("listitem")
    await expect(listed.filter(has_text="Ben Brook").filter(has_text="Not possible")).to_have_count(1)


async def _ask_to_swap(page: Page) -> None:
    await _list_swaps(page)
    await page.get_by_role("button", name=re.compile("^Swap … with Ben Brook")).click()
    await expect(page.get_by_label("Reason for swapping all the same")).to_be_visible()


async def _open_shift_form(page: Page) -> None:
    await page.get_by_role("button", name="New shift").click()
    await expect(page.get_by_role("dialog", name="New shift")).to_be_visible()


async def _ask_to_delete_a_shift(page: Page) -> None:
    await page.get_by_role("button", name="Assign", exact=True).click()
    await page.get_by_role("button", name="Edit this shift").click()
    form = page.get_by_role("dialog", name="Edit shift")
    await form.get_by_label("Qualifications").fill("x" * 101)
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_text("100 characters")).to_be_visible()
    await form.get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("dialog", name="Delete this shift?")).to_be_visible()


async def _open_copy_dialog(page: Page) -> None:
    await page.get_by_role("button", name="Copy …").click()
    dialog = page.get_by_role("dialog", name="Copy shifts")
    await dialog.get_by_label("Copy", exact=True).select_option("other")
    await expect(dialog.get_by_label("Last day")).to_be_visible()


async def _copy_against_a_rule(page: Page) -> None:
    await _open_copy_dialog(page)
    dialog = page.get_by_role("dialog", name="Copy shifts")
    await dialog.get_by_label("Copy to").fill((NEXT_WEEK + timedelta(days=140)).isoformat())
    await expect(dialog.get_by_role("status")).to_contain_text("place")
    await dialog.get_by_role("button", name="Copy", exact=True).click()
    await expect(page.get_by_role("region", name="Report")).to_be_visible()


async def _select(page: Page) -> None:
    await page.get_by_role("button", name=re.compile("^07:00–15:00 Early, planned, .*1 warning")).focus()
    await page.keyboard.press("Control+a")
    await expect(page.get_by_role("group", name="Selection").get_by_role("button", name="Move or copy")).to_be_visible()


async def _ask_what_becomes_of_the_selection(page: Page) -> None:
    await _select(page)
    await page.get_by_role("group", name="Selection").get_by_role("button", name=re.compile("^Assign")).click()
    dialog = page.get_by_role("dialog", name=re.compile("^Assign"))
    await dialog.get_by_label("Person").select_option(label="Ann Archer")
    await expect(dialog.get_by_label("Reason for doing it all the same")).to_be_visible()


async def _open_templates(page: Page) -> None:
    await page.get_by_role("button", name="Templates").click()
    await expect(page.get_by_role("dialog", name="Templates")).to_be_visible()


async def _edit_a_template(page: Page) -> None:
    await page.get_by_role("button", name="Edit Cellar nights").click()
    form = page.get_by_role("dialog", name="Edit template")
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_text("This department does not exist.")).to_be_visible()


async def _ask_to_delete_a_template(page: Page) -> None:
    await page.get_by_role("button", name="Edit Usual week").click()
    await page.get_by_role("button", name="Delete …").click()
    await expect(page.get_by_role("dialog", name="Delete this template?")).to_be_visible()


async def _edit_a_shift(page: Page) -> None:
    await page.get_by_role("button", name="Assign", exact=True).click()
    await page.get_by_role("button", name="Edit this shift").click()
    await expect(page.get_by_role("dialog", name="Edit shift")).to_be_visible()


async def _ask_where_to_split(page: Page) -> None:
    await _edit_a_shift(page)
    await page.get_by_role("button", name="Split").click()
    dialog = page.get_by_role("dialog", name="Split this shift")
    await dialog.get_by_label("The second part begins at").fill("23:45")
    await dialog.get_by_role("button", name="Split").click()
    await expect(dialog.get_by_role("alert")).to_be_visible()


async def _ask_how_to_fill(page: Page) -> None:
    await page.get_by_role("button", name="Fill …").click()
    await expect(page.get_by_role("dialog", name="Fill the week")).to_be_visible()


async def _see_what_is_proposed(page: Page) -> None:
    await expect(page.get_by_role("region", name="Filling the week")).to_contain_text("Proposal: 1 place filled")
    await expect(page.locator("[data-ghost=proposed]")).to_be_visible()


async def _ask_why(page: Page) -> None:
    await page.get_by_role("button", name="Why this plan?").click()
    dialog = page.get_by_role("dialog", name="Why this plan?")
    await dialog.get_by_label("Shift").select_option(index=1)
    await expect(dialog.locator("section > .why-people > li").last).to_be_visible()
    await dialog.get_by_text("Person by person").first.click()


async def _ask_for_a_scenario(page: Page) -> None:
    await page.get_by_role("button", name="Fill …").click()
    dialog = page.get_by_role("dialog", name="Fill the week")
    await dialog.get_by_text("Try other weights or another demand").click()
    await expect(dialog.get_by_label("Rest between shifts")).to_be_visible()


async def _compare_proposals(page: Page) -> None:
    await page.get_by_role("button", name="Compare").click()
    dialog = page.get_by_role("dialog", name="Compare proposals")
    await expect(dialog.get_by_role("row", name=re.compile("Places filled"))).to_be_visible()


async def _ask_when_to_repeat(page: Page) -> None:
    await _edit_a_shift(page)
    await page.get_by_role("button", name="Repeat").click()
    dialog = page.get_by_role("dialog", name="Repeat this shift")
    await dialog.get_by_label("Last day").fill("2099-01-01")
    await expect(dialog.get_by_text("A shift is repeated for at most 26 weeks.")).to_be_visible()


async def _open_cell(page: Page) -> None:
    await page.get_by_role("table").get_by_role("button").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def _open_numbers(page: Page) -> None:
    await page.get_by_role("button", name="Show the numbers of Cost").click()
    await expect(page.get_by_role("region", name="Numbers of Cost")).to_be_visible()


async def _begin_to_call_out(page: Page) -> None:
    await page.get_by_role("button", name="I cannot come").first.click()
    await expect(page.get_by_role("dialog", name="You cannot come to this shift?")).to_be_visible()


async def _begin_to_approve(page: Page) -> None:
    request = page.get_by_role("region", name="Open shifts").get_by_role("listitem").filter(has_text="Ben Brook").first
    await request.get_by_role("button", name="Approve").click()
    await expect(page.get_by_role("dialog", name="Give this shift?")).to_be_visible()


async def _ask_to_decline(page: Page) -> None:
    await page.get_by_role("button", name="Decline").first.click()
    await expect(page.get_by_role("dialog", name="Decline this shift?")).to_be_visible()


async def _open_own_shift(page: Page) -> None:
    await page.get_by_role("button", name="Details").first.click()
    dialog = page.get_by_role("dialog", name="Your shift")
    await dialog.get_by_text("Something against it?").click()
    await expect(dialog.get_by_label("What you have against it")).to_be_visible()


async def _ask_for_time_off(page: Page) -> None:
    await page.get_by_label("First day").fill((NEXT_WEEK + timedelta(days=8)).isoformat())
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_role("dialog").get_by_text("you would be taken off it")).to_be_visible()


async def _ask_for_no_hours(page: Page) -> None:
    await page.get_by_role("button", name="Hours of a day").click()
    await page.get_by_label("Day", exact=True).fill("1999-01-01")
    for label in ("From", "Until"):
        await page.get_by_label(label).fill("09:00")
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_text("at most 31 days back")).to_be_visible()


async def _offer_by_name(page: Page) -> None:
    await page.get_by_role("button", name="Offer or swap").first.click()
    await page.get_by_role("button", name="Some by name").click()
    await page.get_by_role("checkbox").first.check()


async def _write_an_announcement(page: Page) -> None:
    await page.get_by_role("button", name="Write an announcement").click()
    await expect(page.get_by_role("dialog").get_by_text("This reaches")).to_be_visible()


async def _ask_who_has_seen_it(page: Page) -> None:
    await page.get_by_role("button", name="Who has seen it").first.click()
    await expect(page.get_by_role("list", name="Who was told")).to_be_visible()


async def _ask_who_was_told(page: Page) -> None:
    await page.get_by_role("button", name="told,").click()
    await page.get_by_role("dialog").get_by_role("button", name="All").click()
    await expect(page.get_by_role("dialog").get_by_role("listitem").first).to_be_visible()


async def _wish_half_of_quiet_hours(page: Page) -> None:
    await page.get_by_label("Quiet from").fill("22:00")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Please give both times, or none.")).to_be_visible()
    # Else a box of the table lies half below the navigation.
    await page.evaluate("setTimeout(() => scrollTo(0, 0), 100)")
    await page.wait_for_function("scrollY === 0")


async def _ask_to_approve(page: Page) -> None:
    await page.get_by_role("button", name="Approve").first.click()
    await expect(page.get_by_role("dialog", name="Approve this time off?")).to_be_visible()


async def _say_another_week(page: Page) -> None:
    await page.get_by_role("button", name="Copy Monday to other days").click()
    await page.get_by_role("checkbox", name="Can work on Monday").uncheck()
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_role("dialog", name="Save this change?")).to_be_visible()


async def _say_what_overlaps(page: Page) -> None:
    for _ in range(2):
        await page.get_by_role("button", name="Add a time on Monday").click()
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_text("overlap")).to_be_visible()
    await page.get_by_label("How it is").select_option("only")
    await expect(page.get_by_label("Until", exact=True)).to_be_visible()


async def _ask_to_let_change_hands(page: Page) -> None:
    await page.get_by_role("region", name="Offers and swaps").get_by_role("button", name="Approve").first.click()
    await expect(page.get_by_role("dialog", name="Let the shifts change hands?")).to_be_visible()


async def _add_a_time(page: Page) -> None:
    await page.get_by_role("button", name="Add a time on Monday").click()
    await page.get_by_role("button", name="Copy Monday to other days").click()
    await page.get_by_role("button", name="Add a qualification").click()
    await page.get_by_label("Most hours a week").fill("lots")
    await page.get_by_label("Qualification 1", exact=True).fill("First aid")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Please enter hours as a number")).to_be_visible()


async def _ask_to_leave(page: Page) -> None:
    await page.get_by_role("button", name="Deactivate …").click()
    await expect(page.get_by_role("dialog", name="Deactivate Ann Archer?")).to_be_visible()


async def _add_a_department(page: Page) -> None:
    await page.get_by_role("button", name="Add a department").click()
    await expect(page.get_by_role("dialog", name="New department")).to_be_visible()


async def _try_a_rule(page: Page) -> None:
    await page.get_by_role("button", name="Switch off Eleven hours of rest").click()
    await expect(page.get_by_role("list", name="Breaches")).to_be_visible()


async def _say_a_rule(page: Page) -> None:
    await page.get_by_role("textbox", name="Say the rule").fill("Nobody works more than 5 days in a row")
    await page.get_by_role("button", name="Understand").click()
    await page.get_by_role("link", name="Check it in the form").wait_for()


async def _say_nonsense(page: Page) -> None:
    await page.get_by_role("textbox", name="Say the rule").fill("Nobody works on Fundays")
    await page.get_by_role("button", name="Understand").click()
    await page.locator("mark").wait_for()


async def _send_an_empty_rule(page: Page) -> None:
    await page.get_by_label("Name", exact=True).fill("")
    await page.get_by_role("button", name="Check and save").click()
    await expect(page.get_by_text("Please give a name.")).to_be_visible()


async def _open_palette(page: Page) -> None:
    await page.get_by_role("button", name="Find or do").click()
    await page.keyboard.type("an")
    await page.get_by_role("option", name="Ann Archer").wait_for()


async def _open_help(page: Page) -> None:
    await page.get_by_role("heading", level=1).click()
    await page.keyboard.press("?")
    await page.get_by_role("dialog", name="Keyboard shortcuts").wait_for()


PLACES = (
    Place("sign-in", "nobody", "/login"),
    Place("board draft", "manager", "/schedule/{site}/{draft}"),
    Place("board with a shift picked up", "manager", "/schedule/{site}/{draft}", _pick),
    Place("board with somebody's shift picked up", "manager", "/schedule/{site}/{draft}", _pick_somebodys),
    Place("board with everything selected", "manager", "/schedule/{site}/{draft}", _select),
    Place("selection dialog", "manager", "/schedule/{site}/{draft}", _ask_what_becomes_of_the_selection),
    Place("board by department", "manager", "/schedule/{site}/{draft}?view=departments"),
    Place("board by day", "manager", "/schedule/{site}/{draft}?view=day&day={early}", _pick),
    Place("board by day with an hour", "ann", "/schedule/{site}/{published}?view=day&day={published}&hour=7"),
    Place("board with coverage beside", "manager", "/schedule/{site}/{draft}?beside=1", _wait_for_heat),
    Place("two weeks", "manager", "/schedule/{site}/{draft}?view=two-weeks"),
    Place("two weeks with a shift picked up", "manager", "/schedule/{site}/{draft}?view=two-weeks", _pick_of_two_weeks),
    Place("month", "manager", "/schedule/{site}/{published}?view=month"),
    Place("month for staff", "ann", "/schedule/{site}/{published}?view=month"),
    Place("board with filters", "manager", "/schedule/{site}/{draft}?status=free&department=Moon"),
    Place("board published", "manager", "/schedule/{site}/{published}"),
    Place("board for staff", "ann", "/schedule/{site}/{published}"),
    Place("board empty week", "manager", "/schedule/{site}/{empty}"),
    Place("board empty week for staff", "ann", "/schedule/{site}/{empty}"),
    Place("no such week", "manager", "/schedule/{site}/1066-10-14"),
    Place("assign dialog", "manager", "/schedule/{site}/{draft}", _open_assign_form),
    Place("assign dialog asking for a reason", "manager", "/schedule/{site}/{draft}", _ask_for_a_reason),
    Place("who can cover", "manager", "/schedule/{site}/{draft}", _ask_who_can_cover),
    Place("assignment dialog", "manager", "/schedule/{site}/{draft}", _open_assignment),
    Place("undo refused", "manager", "/schedule/{site}/{draft}", _undo_in_vain),
    Place("swap list", "manager", "/schedule/{site}/{draft}", _list_swaps),
    Place("swap dialog asking for a reason", "manager", "/schedule/{site}/{draft}", _ask_to_swap),
    Place("shift dialog", "manager", "/schedule/{site}/{draft}", _open_shift_form),
    Place("shift dialog asking to delete", "manager", "/schedule/{site}/{draft}", _ask_to_delete_a_shift),
    Place("copy dialog", "manager", "/schedule/{site}/{draft}", _open_copy_dialog),
    Place("templates dialog", "manager", "/schedule/{site}/{draft}", _open_templates),
    Place("board with a report", "manager", "/schedule/{site}/{draft}", _copy_against_a_rule),
    Place("palette", "manager", "/schedule/{site}/{draft}", _open_palette),
    Place("help about keys", "manager", "/schedule/{site}/{draft}", _open_help),
    Place("coverage", "manager", "/coverage/{site}/{draft}"),
    Place("coverage empty week", "manager", "/coverage/{site}/{empty}"),
    Place("coverage dialog", "manager", "/coverage/{site}/{draft}", _open_cell),
    Place("versions", "manager", "/versions/{site}/{published}"),
    Place("versions empty week", "manager", "/versions/{site}/{empty}"),
    Place("versions for staff", "ann", "/versions/{site}/{published}"),
    Place("insight", "manager", "/insight/{site}?from={draft}&to={published}&drafts=1", _open_numbers),
    Place("insight without figures", "manager", "/insight/{site}?from={empty}&to={empty}"),
    Place("rules", "manager", "/manage/rules"),
    Place("rule said", "manager", "/manage/rules", _say_a_rule),
    Place("rule not understood", "manager", "/manage/rules", _say_nonsense),
    Place("weights", "manager", "/manage/rules/weights"),
    Place("rule tried", "manager", "/manage/rules", _try_a_rule),
    Place("rule form with problems", "manager", "/manage/rules/restriction", _send_an_empty_rule),
    Place("rule of another kind", "manager", "/manage/rules/qualification"),
    Place("no such rule", "manager", "/manage/rules/magic"),
    Place("broken now", "manager", "/manage/violations"),
    Place("broken now narrowed to nothing", "manager", "/manage/violations?week=1999-01-04"),
    Place("my shifts", "ann", "/me"),
    Place("my shifts none", "cem", "/me"),
    Place("decline dialog", "ann", "/me", _ask_to_decline),
    Place("cover offered", "manager", "/schedule/{site}/{published}", _see_whom_it_was_offered_to),
    Place("own shift", "ann", "/me", _open_own_shift),
    Place("offline", "ann", "/offline.html"),
    Place("time off", "ann", "/time-off"),
    Place("time off none", "cem", "/time-off"),
    Place("time off being asked for", "ben", "/time-off", _ask_for_time_off),
    Place("time off with problems", "ann", "/time-off", _ask_for_no_hours),
    Place("availability", "ann", "/availability"),
    Place("availability being changed", "ben", "/availability", _say_another_week),
    Place("availability with problems", "ann", "/availability", _say_what_overlaps),
    Place("requests", "manager", "/requests"),
    Place("request being approved", "manager", "/requests", _ask_to_approve),
    Place("cannot come dialog", "ann", "/me", _begin_to_call_out),
    Place("open shifts", "cem", "/open"),
    Place("request against a rule", "manager", "/requests", _begin_to_approve),
    Place("offer or swap dialog", "ann", "/me", _offer_by_name),
    Place("offers and swaps", "ann", "/swaps"),
    Place("offers and swaps none", "cem", "/swaps"),
    Place("change of hands being approved", "manager", "/requests", _ask_to_let_change_hands),
    Place("operation", "admin", "/manage/operation"),
    Place("inbox", "ann", "/inbox"),
    Place("inbox empty", "cem", "/inbox"),
    Place("announcements", "manager", "/announcements"),
    Place("announcement being written", "manager", "/announcements", _write_an_announcement),
    Place("who has seen an announcement", "manager", "/announcements", _ask_who_has_seen_it),
    Place("who was told of a week", "manager", "/schedule/{site}/{published}", _ask_who_was_told),
    Place("how one is told", "ann", "/account/notifications", _wish_half_of_quiet_hours),
    Place("what a site tells over", "manager", "/manage/site/messages"),
    Place("account", "manager", "/account"),
    Place("account for staff", "ann", "/account"),
    Place("people", "manager", "/manage/people"),
    Place("person", "manager", "/manage/people/{ann}", _add_a_time),
    Place("leaving dialog", "manager", "/manage/people/{ann}", _ask_to_leave),
    Place("departments", "manager", "/manage/departments", _add_a_department),
    Place("site", "manager", "/manage/site"),
    Place("templates", "manager", "/templates/{site}"),
    Place("template of a removed department", "manager", "/templates/{site}", _edit_a_template),
    Place("template asking to delete", "manager", "/templates/{site}", _ask_to_delete_a_template),
    Place("split dialog", "manager", "/schedule/{site}/{draft}", _ask_where_to_split),
    Place("repeat dialog", "manager", "/schedule/{site}/{draft}", _ask_when_to_repeat),
    Place("fill dialog", "manager", "/schedule/{site}/{filled}", _ask_how_to_fill),
    Place("proposal", "manager", "/schedule/{site}/{filled}", _see_what_is_proposed),
    Place("reasons", "manager", "/schedule/{site}/{filled}", _ask_why),
    Place("scenario", "manager", "/schedule/{site}/{filled}", _ask_for_a_scenario),
    Place("proposals", "manager", "/schedule/{site}/{filled}", _compare_proposals),
)


@pytest.fixture(scope="module")
async def world(app: object) -> AsyncIterator[World]:
    """Next week a draft with a warning, sent back once; then a week published, one with a proposal, an empty one."""
    world = await build_world(staff=["Ann Archer", "Ben Brook", "Cem Demir"])
    ann, ben, cem = world.staff
    manager = world.manager.actor
    await add_admin(world)
    await _fail(ann)
    async with unit_of_work() as session:
        await build_rule(session, await session.get_one(Site, world.site_id), name="Eleven hours of rest", strict=False)

    world.week = NEXT_WEEK + timedelta(days=7)
    published = await build_draft(world, SHIFTS)
    answered = [await assign(world, shift, ann) for shift in (0, 3, 4)]
    bens = await assign(world, 1, ben)
    await publish(world, published)
    await confirm_assignment(ann.actor, answered[0], note="Fine")
    await decline_assignment(ann.actor, answered[1], note="I am away")
    await _ask_for_days_off(world)
    drill = {"subject": "Fire drill", "body": "On Monday at ten.\n\nPlease use the stairs.", "priority": "high"}
    whom = {"audience": "shift", "site_id": world.site_id, "shift_id": world.shifts[0]}
    await announce(manager, checked(AnnouncementDetails, {**whom, **drill}))

    await claim_shift(ben.actor, world.shifts[2])
    async with unit_of_work() as session:
        early, course = world.shifts[2], world.shifts[5]
        session.add(Claim(site_id=world.site_id, shift_id=early, employee_id=cem.id))
        session.add(ShiftOffer(shift_id=course, employee_id=cem.id, wave=1))
    await offer_shift(ben.actor, bens, to=[ann.id], note="I have an exam")
    await accept_request(ben.actor, await offer_shift(ann.actor, answered[2], to=[ben.id]))

    cellar = await create_department(manager, world.site_id, "Cellar")
    nights = ShiftDetails(world.week, time(22), time(6), department_id=cellar)
    await create_shift_template(manager, world.site_id, "Cellar nights", nights)
    await delete_department(manager, cellar, expected_version=1)
    await save_week(manager, world.site_id, world.week, "Usual week", with_people=True)

    world.week, world.shifts = NEXT_WEEK + timedelta(days=14), []
    filled = await build_draft(world, SHIFTS)
    await _propose(world, filled, world.shifts[0], ben)

    world.week, world.shifts = NEXT_WEEK, []
    draft = await build_draft(world, SHIFTS)
    await assign(world, 1, ann)
    for shift in (0, 1):
        await assign(world, shift, ben)
    await assign_employee(manager, world.shifts[2], ann.id, override_reason="Agreed with Ann")
    await unassign_employee(world.supervisor.actor, await assign(world, 5, ben))
    await submit_schedule(world.supervisor.actor, draft, expected_version=await version_of(draft))
    await reject_schedule(manager, draft, expected_version=await version_of(draft), reason="Somebody for Wednesday")
    yield world


async def _fail(person: Person) -> None:
    """A message that was given up, and a job that failed."""
    async with unit_of_work() as session:
        await notify(session, [person.id], AssignmentRemoved("Mon 23 Nov, 07:00–15:00"))
        # None of those that a worker does.
        defer(session, "somersault", recipient_id=person.id, channel="email")
    await execute(
        "INSERT INTO notification_deliveries (notification_id, channel, status, attempts, failed_at, failure_reason)"
        " SELECT max(id), 'email', 'failed', 6, now(), '550 5.1.1 ' || repeat('no-such-mailbox-', 12)"
        " FROM notifications"
    )


async def _ask_for_days_off(world: World) -> None:
    """Ann waits for an answer, over shifts of hers; of Ben's requests one is approved. Ann's week changes later."""
    ann, ben, _ = world.staff
    whole = TimeOffAsked(TimeOffKind.VACATION, world.week, world.week + timedelta(days=3), note="A wedding")
    await request_time_off(ann.actor, whole)
    for day in (90, 100):
        asked = TimeOffAsked(TimeOffKind.SICK, NEXT_WEEK + timedelta(days=day), NEXT_WEEK + timedelta(days=day))
        request_id = await request_time_off(ben.actor, asked)
        if day == 90:
            await approve_time_off(world.manager.actor, request_id, note="Get well")
    days = {"monday": {"available": False}}
    said = {
        "later": [{"starts_on": (NEXT_WEEK + timedelta(days=200)).isoformat(), "days": days}],
        "exceptions": {(NEXT_WEEK + timedelta(days=150)).isoformat(): days["monday"]},
    }
    nothing = as_text(AvailabilityDetails())
    await save_availability(ann.actor, checked(AvailabilityDetails, said), seen=nothing)


async def _propose(world: World, schedule_id: int, shift_id: int, person: Person) -> None:
    """What a search would have left behind."""
    async with unit_of_work() as session:
        problem = problem_of(await read_planning(session, schedule_id), Filling(keeping="told"))
        places = sum(each.shift.required_staff for each in problem.demands)
        empty = tuple(
            Missing(each.shift.id, each.shift.required_staff) for each in problem.demands if each.shift.id != shift_id
        )
        answer = Solution("feasible", (Given(person.id, shift_id),), empty, 1000, 900, {"missing": 1000})
        told = await asyncio.to_thread(reasons, problem, answer, seconds=5)
        missing = sum(each.people for each in empty)
        session.add(
            SolveRun(
                site_id=world.site_id,
                schedule_id=schedule_id,
                requested_by_id=world.manager.id,
                status="proposed",
                problem=json.loads(codec.dumps(problem)),
                problem_hash="",
                progress=[[0.5, 3000, 900, 0], [1.5, 1000, 900, 1]],
                plan=[[shift_id, person.id]],
                result={"score": 1000, "bound": 900, "places": places, "missing": missing, "status": "feasible"},
                reasons=json.loads(codec.dumps(told)),
            )
        )


@pytest.mark.parametrize("place", PLACES, ids=[place.name for place in PLACES])
async def test_accessibility(screens: Screens, world: World, place: Place) -> None:
    page = await screens.open(_person(world, place.who), _path(world, place.path), PHONE)
    if place.open:
        await place.open(page)
    await _expect_nothing_found(page, place, "phone")
    await _expect_no_sideways_scrolling(page, PHONE.width)
    await page.set_viewport_size(NARROWEST)
    await _expect_no_sideways_scrolling(page, NARROWEST["width"])
    if place.who in STAFF:
        await expect_everything_within_reach(page)

    # What is shown where is a matter of styles alone, so that the page need not be loaded again.
    await _set_on_a_desk(page)
    await _expect_nothing_found(page, place, "desk")


async def test_the_longest_words_are_broken_on_a_phone(screens: Screens) -> None:
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    world = await build_world(staff=[f"{word} Archer"], name=f"{word} Site")
    ann = world.staff[0]
    async with unit_of_work() as session:
        department = await build_department(session, await session.get_one(Site, world.site_id), name=word)
    schedule_id = await build_draft(world, [{"title": word, "department_id": department.id}])
    held = await assign(world, 0, ann)
    await publish(world, schedule_id)
    await accept_request(
        world.supervisor.actor, await offer_shift(ann.actor, held, to=[world.supervisor.id], note=word)
    )
    details = {"audience": "site", "site_id": world.site_id, "subject": word, "body": word}
    await announce(world.manager.actor, checked(AnnouncementDetails, details))
    for person, path in (
        (ann, "/me"),
        (ann, "/swaps"),
        (world.manager, "/requests"),
        (ann, "/inbox"),
        (ann, "/account"),
        (world.manager, "/announcements"),
        (world.manager, world.board),
        (world.manager, world.coverage),
    ):
        page = await screens.open(person, path, PHONE)
        await expect(page.get_by_text(word).first).to_be_attached()
        await _expect_no_sideways_scrolling(page, PHONE.width)


async def test_the_largest_text_stays_on_the_narrowest_phone(screens: Screens, world: World) -> None:
    for who, path in (
        ("manager", "/announcements"),
        ("admin", "/manage/operation"),
    ):
        page = await screens.open(_person(world, who), path, PHONE)
        await page.set_viewport_size(NARROWEST)
        browser = await page.context.new_cdp_session(page)
        await browser.send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
        await expect(page.locator("html")).to_have_css("font-size", "32px")
        await _expect_no_sideways_scrolling(page, NARROWEST["width"])
        await page.close()


async def _expect_nothing_found(page: Page, place: Place, device: str) -> None:
    for theme, rules in RULES.items():
        await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        if place.who == "nobody":
            await page.reload()
        await expect(page.locator("html")).to_have_class(theme)
        if await page.evaluate("typeof axe") == "undefined":
            await page.evaluate(Axe().axe_script)
        found = AxeResults(
            await page.evaluate("(options) => axe.run(options)", {"runOnly": rules, "resultTypes": ["violations"]})
        )
        assert not found.violations_count, f"{device}, {theme}\n{found.generate_report()}"


async def _set_on_a_desk(page: Page) -> None:
    """Show the page from its top on a large screen and without touch."""
    devtools = await page.context.new_cdp_session(page)
    metrics = {"width": DESKTOP.width, "height": DESKTOP.height, "deviceScaleFactor": 1, "mobile": False}
    await devtools.send("Emulation.setDeviceMetricsOverride", metrics)
    await devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    # Else a box that was in full view on the phone may lie half below the page's bar.
    await page.evaluate("scrollTo(0, 0)")
    assert await page.evaluate("[innerWidth, matchMedia('(pointer: coarse)').matches]") == [DESKTOP.width, False]


async def _expect_no_sideways_scrolling(page: Page, width: int) -> None:
    assert await page.evaluate("document.documentElement.scrollWidth") <= width


def _person(world: World, who: str) -> Person | None:
    ann, ben, cem = world.staff
    staff = {"ann": ann, "ben": ben, "cem": cem}
    return {"nobody": None, "manager": world.manager, "admin": world.admin, **staff}[who]


def _path(world: World, path: str) -> str:
    weeks = {"draft": NEXT_WEEK, "published": NEXT_WEEK + timedelta(days=7), "empty": NEXT_WEEK + timedelta(days=70)}
    weeks["filled"] = NEXT_WEEK + timedelta(days=14)
    early = NEXT_WEEK + timedelta(days=2)
    return path.format(site=world.site_id, ann=world.staff[0].id, early=early, **weeks)
