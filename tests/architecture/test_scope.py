"""Whose things they are: what each person may do to each thing, and that what is not theirs looks as if it were not."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import count
from typing import Any

import pytest

from schedule_app.db.engine import unit_of_work
from schedule_app.db.queue import defer
from schedule_app.domain.notices import Category
from schedule_app.live.principals import principals
from schedule_app.models import Claim, Employee, Schedule, Shift
from schedule_app.services.announcements import AnnouncementDetails, announce
from schedule_app.services.filling import Filling
from schedule_app.services.forms import checked
from schedule_app.services.invitations import invite
from schedule_app.services.push_subscriptions import switch_on_device
from schedule_app.services.shift_details import ShiftDetails
from schedule_app.services.solve_runs import start_run
from schedule_app.services.swap_requests import accept_request, propose_swap
from schedule_app.services.templates import create_shift_template, save_week
from schedule_app.ui.guard import AlertState
from tests.architecture.probing import MISSING, ask, example, fingerprint, properties
from tests.db.services.scene import (
    WEEK,
    Scene,
    actor_of,
    assignment_on,
    execute,
    make_scene,
    make_week,
    rows,
    seated,
    writing,
)
from tests.support.builders import build_department, build_employee, build_notification, build_rule, build_time_off
from tests.support.database import Database
from tests.support.handlers import own_handlers
from tests.support.push_service import Browser
from tests.support.reflex_events import Tab, browser_of

_weeks = count()


@dataclass(slots=True)
class Stage:
    """A week of its own, and what is to be done to it.

    Attributes:
        path: The page it is done on.
        steps: Handlers and payloads, in order; the last is the one in question.
    """

    path: str
    steps: list[tuple[str, dict[str, Any] | None]] = field(default_factory=list)


@dataclass(slots=True)
class Site:
    """The people of a site, two of them bound to a department."""

    scene: Scene
    people: dict[str, Employee]

    async def week(self, status: str = "draft", *, held: bool = False) -> tuple[Schedule, Shift]:
        """A new week with one shift of the department, with Bob on it or nobody."""
        start = WEEK + timedelta(weeks=next(_weeks))
        columns = {"department_id": self.scene.department.id}
        people = {0: [self.scene.bob]} if held else {}
        schedule, [shift] = await make_week(self.scene, columns, held=people, status=status, week_start=start)
        return schedule, shift

    def board(self, week_start: date) -> str:
        """The page of a week."""
        return f"/schedule/{self.scene.site.id}/{week_start}"


Setting = Callable[[Site], Awaitable[Stage]]


def workflow(handler: str, status: str, payload: dict[str, Any] | None = None, *, first: str = "") -> Setting:
    """A step of the week's life, perhaps after one that opens the dialog for it."""

    async def setting(site: Site) -> Stage:
        schedule, _ = await site.week(status)
        opened: list[tuple[str, dict[str, Any] | None]] = [(first, None)] if first else []
        return Stage(site.board(schedule.week_start), [*opened, (handler, payload)])

    return setting


async def place(site: Site) -> Stage:
    schedule, shift = await site.week()
    payload = {"shift_id": shift.id, "employee_id": site.scene.bob.id}
    return Stage(site.board(schedule.week_start), [("MoveState.place", payload)])


async def place_on_published(site: Site) -> Stage:
    schedule, shift = await site.week("published")
    payload = {"shift_id": shift.id, "employee_id": site.scene.bob.id}
    return Stage(site.board(schedule.week_start), [("MoveState.place", payload)])


async def place_by_form(site: Site) -> Stage:
    schedule, shift = await site.week()
    payload = {"shift_id": shift.id, "employee_id": site.scene.bob.id, "reason": ""}
    return Stage(site.board(schedule.week_start), [("AssignState.submit", payload)])


async def cover(site: Site) -> Stage:
    schedule, shift = await site.week()
    payload = {"employee_id": site.scene.bob.id}
    steps = [("CoverState.open", {"shift_id": shift.id}), ("CoverState.assign", payload)]
    return Stage(site.board(schedule.week_start), [*steps])


async def place_against_a_warning(site: Site) -> Stage:
    start = WEEK + timedelta(weeks=next(_weeks))
    common = {"department_id": site.scene.department.id}
    early, late = {"start": time(6), "end": time(14), **common}, {"start": time(16), "end": time(22), **common}
    schedule, [_, shift] = await make_week(site.scene, early, late, held={0: [site.scene.bob]}, week_start=start)
    await execute("UPDATE rules SET is_active = true")
    payload = {"shift_id": shift.id, "employee_id": site.scene.bob.id}
    steps = [("MoveState.place", payload), ("MoveState.go_ahead", {"reason": "He agreed to it"})]
    return Stage(site.board(schedule.week_start), steps)


async def new_shift(site: Site) -> Stage:
    schedule, _ = await site.week()
    payload = {
        "local_date": schedule.week_start.isoformat(),
        "local_start": "09:00",
        "local_end": "17:00",
        "shift_type": "general",
        "required_staff": 1,
    }
    return Stage(site.board(schedule.week_start), [("ShiftState.begin", None), ("ShiftState.save", payload)])


async def changed_shift(site: Site) -> Stage:
    stage = await new_shift(site)
    week_start = date.fromisoformat(stage.path.rpartition("/")[2])
    [[shift_id]] = await rows("SELECT max(id) FROM shifts WHERE local_date = :day", day=week_start)
    _, (handler, payload) = stage.steps
    return Stage(
        stage.path, [("ShiftState.open", {"shift_id": shift_id}), (handler, {**(payload or {}), "title": "New"})]
    )


async def deleted_shift(site: Site) -> Stage:
    opened = await changed_shift(site)
    return Stage(opened.path, [opened.steps[0], ("ShiftState.ask_delete", None), ("ShiftState.delete", None)])


async def copied_days(site: Site) -> Stage:
    schedule, _ = await site.week()
    to = WEEK + timedelta(weeks=next(_weeks))
    steps = [("CopyState.begin", None), ("CopyState.change", {"to": to.isoformat()}), ("CopyState.copy_now", None)]
    return Stage(site.board(schedule.week_start), steps)


async def split_in_two(site: Site) -> Stage:
    schedule, shift = await site.week()
    steps = [
        ("ShiftState.open", {"shift_id": shift.id}),
        ("SplitState.begin", None),
        ("SplitState.split", {"at": "13:00"}),
    ]
    return Stage(site.board(schedule.week_start), steps)


async def repeated(site: Site) -> Stage:
    schedule, shift = await site.week()
    until = WEEK + timedelta(weeks=next(_weeks))
    steps = [
        ("ShiftState.open", {"shift_id": shift.id}),
        ("RepeatState.begin", None),
        ("RepeatState.change", {"until": until.isoformat()}),
        ("RepeatState.repeat", None),
    ]
    return Stage(site.board(schedule.week_start), steps)


async def kept_template(site: Site) -> Stage:
    schedule, _ = await site.week()
    payload = {"name": f"Week {schedule.week_start}", "shift_id": 0, "people": "without"}
    return Stage(site.board(schedule.week_start), [("TemplateState.begin", None), ("TemplateState.save", payload)])


def template_step(step: str) -> Setting:
    """Something done with a template that is there."""

    async def setting(site: Site) -> Stage:
        schedule, _ = await site.week()
        await execute("DELETE FROM templates WHERE site_id = :id", id=site.scene.site.id)
        await save_week(site.scene.actor("manager"), site.scene.site.id, schedule.week_start, "Usual")
        return Stage(site.board(schedule.week_start), [("TemplateState.begin", None), (step, None)])

    return setting


def on_template(*handlers: str, payload: dict[str, Any] | None = None, scope: str = "shift") -> Setting:
    """Something on the page of the templates, to one that is there or a new one."""

    async def setting(site: Site) -> Stage:
        manager, site_id = site.scene.actor("manager"), site.scene.site.id
        await execute("DELETE FROM templates WHERE site_id = :id", id=site_id)
        if scope == "week":
            schedule, _ = await site.week()
            template_id = await save_week(manager, site_id, schedule.week_start, "Usual")
        else:
            template_id = await create_shift_template(manager, site_id, "Usual", ShiftDetails(WEEK, time(9), time(17)))
        opened = {"TemplatesState.open": {"template_id": template_id}}
        *before, last = handlers
        return Stage(f"/templates/{site_id}", [*((each, opened.get(each)) for each in before), (last, payload)])

    return setting


async def unassign(site: Site) -> Stage:
    schedule, shift = await site.week(held=True)
    held = await assignment_on(shift, site.scene.bob)
    payload = {"assignment_id": held.id, "version": held.version}
    return Stage(site.board(schedule.week_start), [("MoveState.unassign", payload)])


async def move(site: Site) -> Stage:
    schedule, shift = await site.week(held=True)
    held = await assignment_on(shift, site.scene.bob)
    payload = {"shift_id": shift.id, "employee_id": site.scene.carol.id}
    payload |= {"assignment_id": held.id, "version": held.version}
    return Stage(site.board(schedule.week_start), [("MoveState.move", payload)])


async def swap(site: Site) -> Stage:
    start = WEEK + timedelta(weeks=next(_weeks))
    common = {"department_id": site.scene.department.id}
    early, late = {"start": time(6), "end": time(14), **common}, {"start": time(16), "end": time(22), **common}
    people = {0: [site.scene.bob], 1: [site.scene.carol]}
    schedule, [one, other] = await make_week(site.scene, early, late, held=people, week_start=start)
    first, second = await assignment_on(one, site.scene.bob), await assignment_on(other, site.scene.carol)
    payload = {"assignment_id": first.id, "other_assignment_id": second.id}
    return Stage(site.board(schedule.week_start), [("SwapState.ask", payload), ("SwapState.swap", {"reason": ""})])


def selected(action: str, handler: str, payload: dict[str, Any] | None, **choice: Any) -> Setting:
    """Something done with what is selected on the board: an assignment, or a shift."""

    async def setting(site: Site) -> Stage:
        of_shifts = action in ("assign", "delete", "copy")
        schedule, shift = await site.week(held=not of_shifts)
        held = shift if of_shifts else await assignment_on(shift, site.scene.bob)
        whom = {"employee_id": site.scene.carol.id} if action in ("assign", "move") else {}
        begun = {"action": action, "ids": [held.id], **whom, **choice}
        steps = [("BulkState.begin", begun), (handler, payload)]
        return Stage(site.board(schedule.week_start), [*steps])

    return setting


async def resize(site: Site) -> Stage:
    schedule, shift = await site.week()
    payload = {"shift_id": shift.id, "version": shift.version, "start": "09:00", "end": "17:15"}
    return Stage(site.board(schedule.week_start), [("MoveState.resize", payload)])


async def take_off_for_another(site: Site) -> Stage:
    stage = await take_off(site)
    return Stage(stage.path, [stage.steps[0], ("AssignmentState.find_another", None)])


async def take_off(site: Site) -> Stage:
    schedule, shift = await site.week(held=True)
    held = await assignment_on(shift, site.scene.bob)
    steps = [("AssignmentState.open", {"assignment_id": held.id}), ("AssignmentState.take_off", None)]
    return Stage(site.board(schedule.week_start), steps)


async def started_search(site: Site) -> Stage:
    schedule, _ = await site.week()
    return Stage(site.board(schedule.week_start), [("FillState.begin", None), ("FillState.start", None)])


async def begun_search(scene: Scene, schedule_id: int, *, is_over: bool) -> int:
    """The number of a search; one that is over has a proposal."""
    run_id = await start_run(scene.actor("manager"), schedule_id, Filling(seconds=10))
    for step in ("running", "proposed") if is_over else ():
        await execute(
            "UPDATE solve_runs SET status = :step, plan = '[]', result = CAST(:result AS jsonb) WHERE id = :id",
            step=step,
            result='{"score": 1000, "bound": 0, "places": 1, "missing": 1, "status": "feasible"}',
            id=run_id,
        )
    return run_id


def search_step(handler: str, status: str) -> Setting:
    """Something done with a search over the whole week."""

    async def setting(site: Site) -> Stage:
        schedule, _ = await site.week()
        run_id = await begun_search(site.scene, schedule.id, is_over=status == "proposed")
        payload = None if handler == "FillState.stop" else {"run_id": run_id}
        return Stage(site.board(schedule.week_start), [(handler, payload)])

    return setting


async def create(site: Site) -> Stage:
    return Stage(site.board(WEEK + timedelta(weeks=next(_weeks))), [("BoardState.create", None)])


async def create_from_last(site: Site) -> Stage:
    return Stage(site.board(WEEK + timedelta(weeks=next(_weeks))), [("BoardState.create_from_last", None)])


def answer_with(handler: str, **words: str) -> Setting:
    """Bob's answer to his shift."""

    async def setting(site: Site) -> Stage:
        _, shift = await site.week("published", held=True)
        held = await assignment_on(shift, site.scene.bob)
        return Stage("/me", [(handler, {"assignment_id": held.id, **words})])

    return setting


def confirm_all() -> Setting:
    """Bob's answer to all that is asked of him."""

    async def setting(site: Site) -> Stage:
        _, shift = await site.week("published", held=True)
        held = await assignment_on(shift, site.scene.bob)
        return Stage("/me", [("AnswerState.confirm_all", {"assignment_ids": str(held.id)})])

    return setting


def propose(way: str) -> Setting:
    """Bob asks what can be done with his shift, and does it."""

    async def setting(site: Site) -> Stage:
        mine, theirs = await _two_shifts(site)
        choices = {
            "offer": [("ProposeState.choose_audience", {"to_all": True})],
            "swap": [
                ("ProposeState.choose_way", {"way": "swap"}),
                ("ProposeState.want", {"other_assignment_id": theirs}),
            ],
        }
        opened = ("ProposeState.open", {"assignment_id": mine})
        return Stage("/me", [opened, *choices[way], ("ProposeState.send", {"note": ""})])

    return setting


def on_request(handler: str, *, is_accepted: bool = False) -> Setting:
    """Something to Bob's having asked Carol to swap."""

    async def setting(site: Site) -> Stage:
        mine, theirs = await _two_shifts(site)
        request_id = await propose_swap(actor_of(site.scene.bob), mine, theirs)
        if is_accepted:
            await accept_request(actor_of(site.scene.carol), request_id)
        state = handler.split(".")[0]
        payload = {"request_id": request_id}
        if state == "SwapRequestsState":
            return Stage("/requests", [(handler, payload | {"note": ""})])
        return Stage("/swaps", [(handler, payload)])

    return setting


async def _two_shifts(site: Site) -> tuple[int, int]:
    """A published week in which Bob and Carol have a shift each."""
    common = {"department_id": site.scene.department.id}
    columns = {"start": time(6), "end": time(14), **common}, {"day": 2, "start": time(14), "end": time(22), **common}
    people = {0: [site.scene.bob], 1: [site.scene.carol]}
    start = WEEK + timedelta(weeks=next(_weeks))
    _, [one, other] = await make_week(site.scene, *columns, held=people, status="published", week_start=start)
    return (await assignment_on(one, site.scene.bob)).id, (await assignment_on(other, site.scene.carol)).id


def message(handler: str, **columns: object) -> Setting:
    """One of Bob's messages."""

    async def setting(site: Site) -> Stage:
        async with writing() as session:
            told = await build_notification(session, site.scene.bob)
        if columns:
            await execute("UPDATE notifications SET read_at = now() WHERE id = :id", id=told.id)
        return Stage("/inbox", [(handler, {"id": told.id})])

    return setting


async def switch_off_device(site: Site) -> Stage:
    device_id = await switch_on_device(await seated(site.scene.bob), Browser("bobs").device)
    return Stage("/account", [("DevicesState.switch_off", {"id": device_id})])


async def end_session(site: Site) -> Stage:
    async with browser_of(site.scene.bob.id):
        found = await rows("SELECT max(id) FROM auth_sessions WHERE employee_id = :id", id=site.scene.bob.id)
    return Stage("/account", [("AccountState.end", {"id": found[0][0]})])


async def _request(site: Site, status: str = "waiting") -> int:
    """Bob's request for the day of a week of its own; he is of the department."""
    day = WEEK + timedelta(weeks=next(_weeks))
    bob = site.scene.bob.id
    await execute("UPDATE employees SET department_id = :d WHERE id = :id", d=site.scene.department.id, id=bob)
    async with writing() as session:
        return (await build_time_off(session, site.scene.bob, day, status=status)).id


async def asked_for_time_off(site: Site) -> Stage:
    # Within the reach of a request, and on no day of Bob's.
    day = (WEEK + timedelta(weeks=next(_weeks) % 50, days=3)).isoformat()
    form = {"kind": "sick", "first_on": day, "last_on": "", "start": "", "end": "", "note": ""}
    return Stage("/time-off", [("TimeOffState.check", form), ("TimeOffState.send", None)])


async def withdrawn_time_off(site: Site) -> Stage:
    return Stage("/time-off", [("TimeOffState.withdraw", {"time_off_id": await _request(site)})])


async def another_week(site: Site) -> Stage:
    """An end no week had before."""
    minute = next(_weeks)
    slot = {"start": "06:00", "end": f"{8 + minute // 60 % 12:02}:{minute % 60:02}", "preference": "preferred"}
    week = {"friday": {"available": True, "time_slots": [slot]}}
    form = {"week": json.dumps(week), "starts_on": ""}
    return Stage("/availability", [("AvailabilityState.check_week", form), ("AvailabilityState.save", None)])


def decided_time_off(step: str, status: str = "waiting") -> Setting:
    """A step with Bob's request."""

    async def setting(site: Site) -> Stage:
        payload = {"time_off_id": await _request(site, status), "step": step}
        return Stage(
            "/requests", [("TimeOffRequestsState.ask", payload), ("TimeOffRequestsState.decide", {"note": ""})]
        )

    return setting


async def restore(site: Site) -> Stage:
    schedule, _ = await site.week("published", held=True)
    path = f"/versions/{site.scene.site.id}/{schedule.week_start}"
    return Stage(path, [("RestoreState.ask", {"schedule_id": schedule.id}), ("RestoreState.restore", None)])


async def discard_beside_versions(site: Site) -> Stage:
    schedule, _ = await site.week()
    return Stage(f"/versions/{site.scene.site.id}/{schedule.week_start}", [("RestoreState.discard", None)])


async def new_person(site: Site) -> Stage:
    payload = {"name": "New Person", "email": f"new{next(_weeks)}@example.com", "role": "employee"}
    return Stage(f"/manage/people/new?site={site.scene.site.id}", [("PersonState.save", payload)])


async def _someone(site: Site, **columns: Any) -> Employee:
    async with writing() as session:
        return await build_employee(session, site.scene.site, **columns)


def on_person(*handlers: str, payload: dict[str, Any] | None = None, **columns: Any) -> Setting:
    """Something on the page of somebody of the site."""

    async def setting(site: Site) -> Stage:
        person = await _someone(site, **columns)
        values = None if payload is None else payload | {"email": person.email, "role": person.role}
        *before, last = handlers
        return Stage(f"/manage/people/{person.id}", [*((each, None) for each in before), (last, values)])

    return setting


async def withdrawn_link(site: Site) -> Stage:
    person = await _someone(site)
    await invite(actor_of(site.people["manager"]), person.id)
    return Stage(f"/manage/people/{person.id}", [("AccessState.revoke", None)])


def on_department(handler: str) -> Setting:
    """Something to a department, opened in the dialog."""

    async def setting(site: Site) -> Stage:
        async with writing() as session:
            department = await build_department(session, site.scene.site)
            if handler.endswith("move"):
                await build_employee(session, site.scene.site, department_id=department.id)
        payloads = {"move": {"department_id": site.scene.department.id}, "save": {"name": f"Renamed {next(_weeks)}"}}
        last = (handler, payloads.get(handler.split(".")[1]))
        steps = [("DepartmentsState.open", {"department_id": department.id}), last]
        return Stage(f"/manage/departments?site={site.scene.site.id}", steps)

    return setting


async def new_department(site: Site) -> Stage:
    steps = [("DepartmentsState.begin", None), ("DepartmentsState.save", {"name": f"New {next(_weeks)}"})]
    return Stage(f"/manage/departments?site={site.scene.site.id}", steps)


def on_site(*handlers: str) -> Setting:
    """The settings of the site, or of a new one."""

    async def setting(site: Site) -> Stage:
        payload = {"name": f"Named {next(_weeks)}", "time_zone": "Europe/Berlin", "currency": "EUR"}
        *before, last = handlers
        steps = [*((each, None) for each in before), (last, payload | {"confirm_hours": "48"})]
        return Stage(f"/manage/site?site={site.scene.site.id}", steps)

    return setting


def announcing(audience: str) -> Setting:
    """An announcement to everybody, to the department, or to the people of a shift of it."""

    async def setting(site: Site) -> Stage:
        whom = audience
        if audience == "department":
            await join_department(site.scene)
            whom = f"department:{site.scene.department.id}"
        if audience == "shift":
            _, shift = await site.week("published", held=True)
            whom = f"shift:{shift.id}"
        payload = {"audience": whom, "subject": "Fire drill", "body": "On Monday.", "priority": "normal"}
        return Stage(f"/announcements?site={site.scene.site.id}", [("AnnouncementsState.send", payload)])

    return setting


async def join_department(scene: Scene) -> None:
    """Bob is of the department, so that somebody is."""
    department, bob = scene.department.id, scene.bob.id
    await execute("UPDATE employees SET department_id = :department WHERE id = :id", department=department, id=bob)


async def announced(scene: Scene) -> int:
    """An announcement to the department."""
    details = {"audience": "department", "site_id": scene.site.id, "department_id": scene.department.id}
    await join_department(scene)
    await announce(
        scene.actor("manager"), checked(AnnouncementDetails, {**details, "subject": "Fire drill", "body": "On Monday."})
    )
    [[announcement_id]] = await rows("SELECT max(id) FROM announcements")
    return announcement_id


async def withdrawing(site: Site) -> Stage:
    announcement_id = await announced(site.scene)
    steps = [("AnnouncementsState.withdraw", {"announcement_id": announcement_id})]
    return Stage(f"/announcements?site={site.scene.site.id}", [*steps])


async def wished(site: Site) -> Stage:
    del site
    return Stage("/account/notifications", [("WishesState.save", {"digest_at": f"18:{next(_weeks) % 60:02}"})])


async def told_over(site: Site) -> Stage:
    [[defaults]] = await rows("SELECT notification_defaults FROM sites WHERE id = :id", id=site.scene.site.id)
    sms = "on" if defaults.get("system", {}).get("sms", "off") == "off" else "off"
    names = (f"{category}_{channel}" for category in Category for channel in ("email", "push", "sms"))
    payload = dict.fromkeys(names, "on") | {"system_sms": sms}
    return Stage(f"/manage/site/messages?site={site.scene.site.id}", [("SiteMessagesState.save", payload)])


async def claimed(site: Site) -> Stage:
    _, shift = await site.week("published")
    return Stage("/open", [("OpenState.claim", {"shift_id": shift.id})])


async def offered(site: Site) -> Stage:
    schedule, shift = await site.week("published")
    steps = [("CoverState.open", {"shift_id": shift.id}), ("CoverState.offer", None)]
    return Stage(site.board(schedule.week_start), [*steps])


def request_step(page: str, handler: str, **values: object) -> Setting:
    """Something done with Bob's request for an open shift."""

    async def setting(site: Site) -> Stage:
        _, shift = await site.week("published")
        claim_id = await begun_claim(shift, site.scene.bob)
        return Stage(page, [(handler, {"claim_id": claim_id, **values})])

    return setting


async def begun_claim(shift: Shift, person: Employee) -> int:
    """The number of a request that waits."""
    async with writing() as session:
        claim = Claim(site_id=shift.site_id, shift_id=shift.id, employee_id=person.id)
        session.add(claim)
        await session.flush()
        return claim.id


async def failed_job() -> int:
    """The number of a job that failed."""
    async with unit_of_work() as session:
        defer(session, "dispatch")
    [[job_id]] = await rows("SELECT max(id) FROM procrastinate_jobs")
    for status in ("doing", "failed"):
        await execute(
            "UPDATE procrastinate_jobs SET status = CAST(:status AS procrastinate_job_status) WHERE id = :id",
            status=status,
            id=job_id,
        )
    return job_id


async def dead_letter(person: Employee) -> int:
    """The number of a message to somebody that was given up."""
    async with writing() as session:
        told = await build_notification(session, person)
    await execute(
        "INSERT INTO notification_deliveries (notification_id, channel, status, failed_at, failure_reason)"
        " VALUES (:id, 'email', 'failed', now(), 'no such mailbox')",
        id=told.id,
    )
    [[delivery_id]] = await rows("SELECT max(id) FROM notification_deliveries")
    return delivery_id


def try_again(handler: str) -> Setting:
    """A job that failed, and trying it again."""

    async def setting(site: Site) -> Stage:
        payload = {"job_id": await failed_job()}
        return Stage("/manage/operation", [(handler, None if handler.endswith("all") else payload)])

    return setting


def send_again(handler: str) -> Setting:
    """A message to Bob that was given up, and sending it again."""

    async def setting(site: Site) -> Stage:
        payload = {"delivery_id": await dead_letter(site.scene.bob)}
        return Stage("/manage/operation", [(handler, None if handler.endswith("all") else payload)])

    return setting


PLANNERS = {"admin", "manager", "supervisor", "own_department"}
OF_THE_WHOLE_SITE = {"admin", "manager", "supervisor"}
MANAGERS = {"admin", "manager"}
OF_THE_SITE = {"manager", "supervisor", "own_department", "other_department", "bob", "carol"}
KEPT = {"name": "New", "local_start": "22:00", "local_end": "06:00", "shift_type": "general", "required_staff": 2}
EVERYBODY = ["admin", "manager", "supervisor", "own_department", "other_department", "bob", "carol", "stranger"]
#: Who may: by hand, so that a change of the table is a change here.
ACTIONS: dict[str, tuple[Setting, set[str]]] = {
    "assign by picking and placing": (place, PLANNERS),
    "assign on a published week": (place_on_published, PLANNERS),
    "assign by form": (place_by_form, PLANNERS),
    "assign who can cover": (cover, PLANNERS),
    "assign against a warning": (place_against_a_warning, MANAGERS),
    "unassign": (unassign, PLANNERS),
    "move": (move, PLANNERS),
    "swap": (swap, PLANNERS),
    "unassign what is selected": (selected("unassign", "BulkState.go_ahead", {"reason": ""}), PLANNERS),
    "assign what is selected": (selected("assign", "BulkState.go_ahead", {"reason": ""}), PLANNERS),
    "move what is selected": (selected("move", "BulkState.go_ahead", {"reason": ""}), PLANNERS),
    "delete what is selected": (selected("delete", "BulkState.delete_shifts", None), MANAGERS),
    "copy what is selected": (
        selected("copy", "BulkState.copy_shifts", None, day=(WEEK + timedelta(weeks=600)).isoformat()),
        MANAGERS,
    ),
    "give a shift other times": (resize, MANAGERS),
    "take off in the dialog": (take_off, PLANNERS),
    "take off in the dialog and look for another": (take_off_for_another, PLANNERS),
    "add a shift": (new_shift, MANAGERS),
    "change a shift": (changed_shift, MANAGERS),
    "delete a shift": (deleted_shift, MANAGERS),
    "split a shift": (split_in_two, MANAGERS),
    "repeat a shift": (repeated, MANAGERS),
    "copy days": (copied_days, MANAGERS),
    "save a template": (kept_template, MANAGERS),
    "use a template": (template_step("TemplateState.use"), MANAGERS),
    "remove a template": (template_step("TemplateState.remove"), MANAGERS),
    "add a template": (on_template("TemplatesState.begin", "TemplatesState.save", payload=KEPT), MANAGERS),
    "change a template": (on_template("TemplatesState.open", "TemplatesState.save", payload=KEPT), MANAGERS),
    "rename a week": (
        on_template("TemplatesState.open", "TemplatesState.save_week", payload={"name": "New"}, scope="week"),
        MANAGERS,
    ),
    "delete a template": (on_template("TemplatesState.open", "TemplatesState.delete"), MANAGERS),
    "fill": (started_search, PLANNERS),
    "stop a search": (search_step("FillState.stop", "queued"), OF_THE_WHOLE_SITE),
    "keep a proposal": (search_step("FillState.keep", "proposed"), OF_THE_WHOLE_SITE),
    "discard a proposal": (search_step("FillState.discard", "proposed"), OF_THE_WHOLE_SITE),
    "keep one of them": (search_step("ProposalsState.keep", "proposed"), OF_THE_WHOLE_SITE),
    "discard one of them": (search_step("ProposalsState.discard", "proposed"), OF_THE_WHOLE_SITE),
    "create": (create, MANAGERS),
    "create from the last week": (create_from_last, MANAGERS),
    "submit": (workflow("BoardState.submit", "draft"), PLANNERS | {"other_department"}),
    "approve": (workflow("ApproveState.sign", "pending", first="ApproveState.ask"), MANAGERS),
    "reject": (workflow("BoardState.reject", "pending", {"reason": "Not yet"}), MANAGERS),
    "send back": (workflow("RejectState.send_back", "pending", {"reason": "Not yet"}), MANAGERS),
    "take back": (workflow("BoardState.reject", "approved", {"reason": "Not yet"}), MANAGERS),
    "publish as foretold": (workflow("PublishState.publish", "approved", first="PublishState.ask"), MANAGERS),
    "revise": (workflow("BoardState.revise", "published"), MANAGERS),
    "discard": (workflow("BoardState.discard", "draft"), MANAGERS),
    "restore a version": (restore, MANAGERS),
    "discard what is in the way of restoring": (discard_beside_versions, MANAGERS),
    "confirm": (answer_with("AnswerState.confirm"), {"bob"}),
    "confirm all": (confirm_all(), {"bob"}),
    "decline": (answer_with("AnswerState.decline"), {"bob"}),
    "object": (answer_with("MyShiftState.object", reason="My course is then"), {"bob"}),
    "say when one can work": (another_week, set(EVERYBODY)),
    "ask for time off": (asked_for_time_off, set(EVERYBODY)),
    "withdraw time off": (withdrawn_time_off, {"bob"}),
    "approve time off": (decided_time_off("approve"), PLANNERS),
    "reject time off": (decided_time_off("reject"), PLANNERS),
    "take time off back": (decided_time_off("take_back", "approved"), PLANNERS),
    "announce to everybody": (announcing("site"), OF_THE_WHOLE_SITE),
    "announce to a department": (announcing("department"), PLANNERS),
    "announce to the people of a shift": (announcing("shift"), PLANNERS),
    "take an announcement back": (withdrawing, PLANNERS),
    "say how one is told": (wished, set(EVERYBODY)),
    "claim an open shift": (claimed, OF_THE_SITE),
    "have an open shift offered": (offered, PLANNERS),
    "say that one cannot come": (answer_with("CallOutState.say"), {"bob"}),
    "withdraw a request": (request_step("/open", "OpenState.withdraw"), {"bob"}),
    "approve a request": (request_step("/requests", "ClaimsState.approve", note=""), PLANNERS),
    "reject a request": (request_step("/requests", "ClaimsState.reject", note=""), PLANNERS),
    "offer a shift": (propose("offer"), {"bob"}),
    "ask to swap a shift": (propose("swap"), {"bob"}),
    "say yes to a colleague": (on_request("SwapsState.accept"), {"carol"}),
    "say no to a colleague": (on_request("SwapsState.decline"), {"carol"}),
    "withdraw what was asked of a colleague": (on_request("SwapsState.withdraw"), {"bob"}),
    "take back what was agreed on": (on_request("SwapsState.withdraw", is_accepted=True), {"bob", "carol"}),
    "let shifts change hands": (on_request("SwapRequestsState.approve", is_accepted=True), PLANNERS),
    "refuse to let shifts change hands": (on_request("SwapRequestsState.reject", is_accepted=True), PLANNERS),
    "mark as read": (message("InboxState.read"), {"bob"}),
    "mark as unread": (message("InboxState.unread_again", read=True), {"bob"}),
    "end a session": (end_session, {"bob"}),
    "switch a device off": (switch_off_device, {"bob"}),
    "add a person": (new_person, MANAGERS),
    "change a person": (on_person("PersonState.save", payload={"name": "New Name"}), MANAGERS),
    "change an admin": (on_person("PersonState.save", payload={"name": "New Name"}, role="admin"), {"admin"}),
    "invite": (on_person("AccessState.invite"), MANAGERS),
    "withdraw a link": (withdrawn_link, MANAGERS),
    "let somebody go": (on_person("AccessState.ask_to_leave", "AccessState.leave"), MANAGERS),
    "let somebody come back": (on_person("AccessState.come_back", is_active=False), MANAGERS),
    "add a department": (new_department, MANAGERS),
    "rename a department": (on_department("DepartmentsState.save"), MANAGERS),
    "empty a department": (on_department("DepartmentsState.move"), MANAGERS),
    "delete a department": (on_department("DepartmentsState.delete"), MANAGERS),
    "change the site": (on_site("SiteState.save"), MANAGERS),
    "say what people are told over": (told_over, MANAGERS),
    "try a job again": (try_again("OperationState.retry"), {"admin"}),
    "try all jobs again": (try_again("OperationState.retry_all"), {"admin"}),
    "send a message again": (send_again("OperationState.resend"), {"admin"}),
    "send all messages again": (send_again("OperationState.resend_all"), {"admin"}),
}


@pytest.fixture(scope="module")
async def site(shared_database: Database) -> Site:
    scene = await make_scene()
    async with writing() as session:
        other = await build_department(session, scene.site)
        await build_rule(session, scene.site, strict=False, is_active=False)
        own = await build_employee(session, scene.site, role="supervisor", department_id=scene.department.id)
        others = await build_employee(session, scene.site, role="supervisor", department_id=other.id)
    people = {name: getattr(scene, name) for name in ("admin", "manager", "supervisor", "bob", "carol", "stranger")}
    return Site(scene, people | {"own_department": own, "other_department": others})


@pytest.fixture(scope="module")
async def tabs(site: Site) -> AsyncIterator[dict[str, Tab]]:
    """Everybody's tab."""
    async with _opened(site, EVERYBODY) as tabs:
        yield tabs


@asynccontextmanager
async def _opened(site: Site, names: list[str]) -> AsyncIterator[dict[str, Tab]]:
    if not names:
        yield {}
        return
    async with browser_of(site.people[names[0]].id) as tab, _opened(site, names[1:]) as others:
        yield {names[0]: tab} | others


@pytest.mark.parametrize("action", ACTIONS)
async def test_who_may_do_what_to_what(site: Site, tabs: dict[str, Tab], action: str):
    setting, allowed = ACTIONS[action]
    # A sign of life that happens to be due is a change too, but none of the action's.
    await execute("UPDATE auth_sessions SET last_seen_at = now()")
    principals.forget(None)
    stage, could = await setting(site), set()
    for name in EVERYBODY:
        before = await fingerprint()
        said = await perform(tabs[name], stage)
        if await fingerprint() != before:
            could.add(name)
            stage = await setting(site)
        else:
            assert said, (name, "was refused without a word")
    await execute("UPDATE rules SET is_active = false")

    assert could == allowed


async def test_only_admins_open_sites(site: Site, tabs: dict[str, Tab]):
    opened = set()
    for name in EVERYBODY:
        before = await rows("SELECT count(*) FROM sites")
        await perform(tabs[name], await on_site("SiteState.begin", "SiteState.save")(site))
        if await rows("SELECT count(*) FROM sites") != before:
            opened.add(name)

    assert opened == {"admin"}


async def perform(tab: Tab, stage: Stage) -> list[str]:
    """Do something on a page, as far as one gets; what was said against it, above the page or in its forms."""
    await tab.open(stage.path)
    said = []
    for handler, payload in stage.steps:
        answer = await (ask(tab, handler) if payload is None else ask(tab, handler, payload=payload))
        form = tab._vars.get(own_handlers()[handler].full_name.rpartition(".")[0], {})
        said += [answer.alert, form.get("error", ""), form.get("problem", "")]
    return [words for words in said if words]


@dataclass(slots=True)
class Foreign:
    """Things of another site, by the name of the field that names them."""

    ids: dict[str, int]
    own: dict[str, int]


@pytest.fixture(scope="module")
async def foreign(site: Site) -> Foreign:
    # Numbers that stand for nothing else on a page, as 4 does for four times.
    await rows(
        "SELECT setval(pg_get_serial_sequence('sites', 'id'), 700000),"
        " setval(pg_get_serial_sequence('claims', 'id'), 800000)"
    )
    elsewhere = await make_scene()
    async with writing() as session:
        await build_department(session, elsewhere.site)
        ruled = await build_rule(session, elsewhere.site)
        told = await build_notification(session, elsewhere.bob)
        theirs_off = await build_time_off(session, elsewhere.bob, WEEK + timedelta(weeks=40), status="waiting")
    people = {0: [elsewhere.bob], 1: [elsewhere.carol]}
    _, [theirs, other] = await make_week(elsewhere, {}, {"day": 2}, held=people, status="published")
    _, [drafted] = await make_week(elsewhere, held={0: [elsewhere.bob]}, week_start=WEEK + timedelta(weeks=1))
    template_id = await save_week(elsewhere.actor("manager"), elsewhere.site.id, WEEK, "Theirs")
    async with browser_of(elsewhere.bob.id):
        [[session_id]] = await rows("SELECT max(id) FROM auth_sessions")
    _, own_shift = await site.week(held=True)
    carols = await assignment_on(other, elsewhere.carol)
    held, drafted_held = await assignment_on(theirs, elsewhere.bob), await assignment_on(drafted, elsewhere.bob)
    return Foreign(
        ids={
            "shift_id": drafted.id,
            "employee_id": elsewhere.carol.id,
            "assignment_id": drafted_held.id,
            "other_assignment_id": drafted_held.id,
            "published_assignment_id": held.id,
            "department_id": elsewhere.department.id,
            "schedule_id": theirs.schedule_id,
            "one_id": theirs.schedule_id,
            "other_id": theirs.schedule_id,
            "template_id": template_id,
            "notification": told.id,
            "device": await switch_on_device(await seated(elsewhere.bob), Browser("theirs").device),
            "session": session_id,
            "site": elsewhere.site.id,
            "rule_id": ruled.id,
            "site_id": elsewhere.site.id,
            "time_off_id": theirs_off.id,
            "announcement_id": await announced(elsewhere),
            "claim_id": await begun_claim(theirs, elsewhere.carol),
            "request_id": await propose_swap(actor_of(elsewhere.bob), held.id, carols.id),
            "job_id": await failed_job(),
            "delivery_id": await dead_letter(elsewhere.bob),
            "run_id": await begun_search(elsewhere, drafted.schedule_id, is_over=True),
        },
        own={
            "shift_id": own_shift.id,
            "employee_id": site.scene.carol.id,
            "schedule_id": own_shift.schedule_id,
            "one_id": 0,
            "other_id": own_shift.schedule_id,
        },
    )


@pytest.fixture(scope="module")
async def planning(site: Site, foreign: Foreign) -> AsyncIterator[dict[str, Tab]]:
    """Tabs in which the pages of a week have been open."""
    async with _opened(site, ["manager", "bob"]) as tabs:
        for tab in tabs.values():
            for page in ("versions", "coverage", "schedule"):
                await tab.open(f"/{page}/{site.scene.site.id}/{WEEK}")
        yield tabs


#: Fields that name a thing, with the handlers that take them; `id` is of what the state is about.
NAMING = [
    (handler, name)
    for handler in own_handlers()
    for name in properties(handler)
    if name.endswith("_id") or name == "id"
]
THINGS = {
    "shift_id",
    "employee_id",
    "assignment_id",
    "department_id",
    "schedule_id",
    "one_id",
    "other_id",
    "site_id",
    "rule_id",
    "other_assignment_id",
    "template_id",
    "run_id",
    "time_off_id",
    "claim_id",
    "request_id",
    "announcement_id",
    "job_id",
    "delivery_id",
}
ABOUT = {"InboxState": "notification", "AccountState": "session", "DevicesState": "device"}


def test_every_field_that_names_a_thing_is_tried():
    assert len(NAMING) >= 15
    for handler, name in NAMING:
        assert name in THINGS or handler.split(".")[0] in ABOUT


@pytest.mark.parametrize("who", ["manager", "bob"])
@pytest.mark.parametrize(("handler", "name"), NAMING)
async def test_what_belongs_to_others_and_what_there_is_not_are_answered_alike(
    planning: dict[str, Tab], foreign: Foreign, handler: str, name: str, who: str
):
    kind = ABOUT.get(handler.split(".")[0], name)
    own = ("AnswerState", "MyShiftState", "CallOutState")
    kind = "published_assignment_id" if handler.startswith(own) else kind
    states = ("AnswerState", "MyShiftState", "ProposeState")
    kind = "published_assignment_id" if handler.startswith(states) else kind
    rest = {other: foreign.own.get(other, example(schema)) for other, schema in properties(handler).items()}
    said = []
    for value in (foreign.ids[kind], MISSING):
        with planning[who].as_it_is():
            before = await fingerprint()
            answer = await ask(planning[who], handler, payload=rest | {name: value})
            assert await fingerprint() == before
            said.append(without(value, [answer.alert, answer.redirects, answer.changes]))

    assert said[0] == said[1]


@pytest.mark.parametrize("page", ["schedule", "coverage", "versions", "insight"])
@pytest.mark.parametrize("who", ["manager", "supervisor", "bob"])
async def test_the_address_of_another_site_is_the_address_of_none(site: Site, foreign: Foreign, page: str, who: str):
    said = []
    for value in (foreign.ids["site"], MISSING):
        async with browser_of(site.people[who].id) as tab:
            await tab.open(f"/{page}/{value}" + ("" if page == "insight" else f"/{WEEK}"))
            assert tab.alert == "This does not exist, or you may not see it."
            shown = {state: values for state, values in tab._vars.items() if not state.endswith("____state")}
            shown[AlertState.get_full_name()].pop("nonce")
            said.append(without(value, shown))

    assert said[0] == said[1]


def without(number: int, said: Any) -> Any:
    """The same, with a number that was sent and comes back blotted out."""
    if isinstance(said, dict):
        return {key: without(number, value) for key, value in said.items()}
    if isinstance(said, list):
        return [without(number, value) for value in said]
    is_echo = said in (number, str(number)) and not isinstance(said, bool)
    return (
        "…"
        if is_echo
        else re.sub(rf"/{number}(?=/|$)", "/…", said).replace(f"={number}", "=…")
        if isinstance(said, str)
        else said
    )
