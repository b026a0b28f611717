"""Templates made, changed, removed, and used in drafts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, Final, Literal

from pydantic import ValidationError
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import read_session, retrying, unit_of_work
from schedule_app.domain.errors import Conflict, Difference, InvalidInput, NotFound, StaleVersion
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.time import LATEST_DAY, week_start_of
from schedule_app.models.template import TemplateShift, parse_template_shifts
from schedule_app.queries.changes import last_change
from schedule_app.services.access import require_on
from schedule_app.services.audit import record
from schedule_app.services.bulk import carry_out
from schedule_app.services.bulk_plan import Outcome, Wanted, draw_up, find_site
from schedule_app.services.copies import DaysCopy, read_days
from schedule_app.services.shift_details import ShiftDetails, cleaned_details, differences
from schedule_app.services.text import clean_line

MAX_NAME: Final = 100
MOST_DAYS: Final = 62

_INSERT = text("""
    INSERT INTO templates (site_id, scope, name, shifts, created_by_id, updated_by_id)
    VALUES (:site_id, :scope, :name, CAST(:shifts AS jsonb), :actor_id, :actor_id)
    RETURNING id
""")

_HOLD = text("""
    SELECT templates.id, templates.site_id, templates.scope, templates.name, templates.shifts, templates.version,
           sites.time_zone, sites.clock_24h
    FROM templates
    JOIN sites ON sites.id = templates.site_id
    WHERE templates.id = :template_id
    FOR UPDATE OF templates
""")

_FIND = text("SELECT id, site_id, scope, name, shifts FROM templates WHERE id = :template_id")

_UPDATE = text("""
    UPDATE templates SET name = :name, shifts = CAST(:shifts AS jsonb), updated_by_id = :actor_id
    WHERE id = :template_id
""")

_DELETE = text("DELETE FROM templates WHERE id = :template_id")

_DEPARTMENTS = text("SELECT id, name FROM departments WHERE site_id = :site_id")


@retrying
async def create_shift_template(actor: Actor, site_id: int, name: str, details: ShiftDetails) -> int:
    """Keep a shift as a template; its date does not matter.

    Raises:
        NotFound: No such site, or not the actor's.
        NotAllowed: The actor may not edit shifts here.
        InvalidInput: A value that cannot be accepted, or a name that is taken; `field` names it.
    """
    require(actor, Permission.EDIT_SHIFTS)
    name, shift = _name(name), _shift_of(cleaned_details(details), 0)
    async with unit_of_work() as session:
        site = await find_site(session, actor, site_id)
        await _require_departments(session, site.id, name, [shift], "department_id")
        return await _insert(session, actor, site.id, "shift", name, [shift])


@retrying
async def save_week(
    actor: Actor,
    site_id: int,
    week: date,
    name: str,
    *,
    with_people: bool = False,
    version: Literal["working", "published"] = "working",
) -> int:
    """Keep the shifts of a week as a template.

    Args:
        actor: Who acts.
        site_id: The site.
        week: Any day of the week.
        name: What the template shall be called.
        with_people: Whether the people on the shifts are kept too.
        version: Of two versions of the week, the one in work or the one in force.

    Raises:
        NotFound: No such site, or not the actor's; or the week has no shifts.
        NotAllowed: The actor may not edit shifts here.
        InvalidInput: The name is missing, too long or taken.
    """
    require(actor, Permission.EDIT_SHIFTS)
    name = _name(name)
    async with unit_of_work() as session:
        site = await find_site(session, actor, site_id)
        start = week_start_of(week, site.week_starts_on)
        days = DaysCopy(start, start + timedelta(days=6), start, with_people=with_people, version=version)
        shifts = [
            _shift_of(each.details, (each.details.local_date - start).days, each.employee_ids)
            for each in await read_days(session, site, days)
        ]
        return await _insert(session, actor, site.id, "week", name, shifts)


@retrying
async def edit_template(
    actor: Actor,
    template_id: int,
    name: str,
    details: ShiftDetails | None = None,
    *,
    departments: Mapping[int, int | None] | None = None,
    expected_version: int,
) -> None:
    """Give a template another name and other contents.

    Args:
        actor: Who acts.
        template_id: The template.
        name: What it shall be called.
        details: Of a shift, what it shall be; its date does not matter.
        departments: Of a week, which department takes the place of which, None being no department.
        expected_version: The version the actor saw.

    Raises:
        NotFound: No such template, or of another site.
        NotAllowed: The actor may not edit shifts here.
        StaleVersion: It was changed since, which tells where what is stored now differs.
        InvalidInput: A value that cannot be accepted, or a name that is taken; `field` names it.
    """
    require(actor, Permission.EDIT_SHIFTS)
    name = _name(name)
    entered = None if details is None else _shift_of(cleaned_details(details), 0)
    async with unit_of_work() as session:
        template = await _hold(session, actor, template_id)
        shifts = _stored(template)
        if template.version != expected_version:
            raise await _stale(session, template, await _differences(session, template, name, entered))
        if entered is not None and template.scope == "shift":
            shifts = (entered,)
        elif departments and template.scope == "week":
            shifts = tuple(_moved(each, departments) for each in shifts)
        if details is not None or departments:
            await _require_departments(session, template.site_id, name, shifts, "department_id")
        values = {"name": name, "shifts": _plain(shifts), "actor_id": actor.employee_id}
        await session.execute(_UPDATE, {**values, "template_id": template_id})
        change = {"before": {"name": template.name}, "after": {"name": name}}
        await record(session, actor, "edit", "template", template_id, site_id=template.site_id, **change)


@retrying
async def delete_template(actor: Actor, template_id: int, *, expected_version: int) -> None:
    """Remove a template; what was made with it stays.

    Raises:
        NotFound: No such template, or of another site.
        NotAllowed: The actor may not edit shifts here.
        StaleVersion: It was changed since.
    """
    require(actor, Permission.EDIT_SHIFTS)
    async with unit_of_work() as session:
        template = await _hold(session, actor, template_id)
        if template.version != expected_version:
            raise await _stale(session, template)
        await session.execute(_DELETE, {"template_id": template_id})
        before = {"name": template.name, "scope": template.scope}
        await record(session, actor, "delete", "template", template_id, site_id=template.site_id, before=before)


async def preview_template(actor: Actor, template_id: int, days: Sequence[date], *, replaces: bool = False) -> Outcome:
    """Say what using a template would make, as things stand. Errors as `apply_template`."""
    require(actor, Permission.EDIT_SHIFTS)
    async with read_session() as session:
        template, site = await _find(session, actor, template_id)
        wanted, replacing = await _wanted(session, site, template, days, replaces)
        return (await draw_up(session, site, wanted, replacing)).outcome


@retrying
async def apply_template(actor: Actor, template_id: int, days: Sequence[date], *, replaces: bool = False) -> Outcome:
    """Make the shifts of a template in drafts, in one step; people are judged as when days are copied.

    Args:
        actor: Who acts.
        template_id: The template.
        days: For a shift, the days it is made on, at most 62; for a week, any one day of the week.
        replaces: For a week, whether the shifts that are there are removed before.

    Raises:
        NotFound: No such template, or of another site.
        NotAllowed: The actor may not edit shifts here.
        InvalidInput: No day, too many of them, or one out of range.
        IllegalTransition: The week is in approval.
        Conflict: The week is published and has no draft; or a department of the template was removed.
    """
    require(actor, Permission.EDIT_SHIFTS)
    async with unit_of_work() as session:
        template, site = await _find(session, actor, template_id)
        wanted, replacing = await _wanted(session, site, template, days, replaces)
        told = {"template_id": template.id, "template": template.name}
        return await carry_out(session, actor, site, wanted, replacing=replacing, action="apply_template", told=told)


async def _insert(
    session: AsyncSession, actor: Actor, site_id: int, scope: str, name: str, shifts: Sequence[TemplateShift]
) -> int:
    values = {
        "site_id": site_id,
        "scope": scope,
        "name": name,
        "shifts": _plain(shifts),
        "actor_id": actor.employee_id,
    }
    template_id = (await session.execute(_INSERT, values)).scalar_one()
    after = {"name": name, "scope": scope, "shifts": len(shifts)}
    await record(session, actor, "create", "template", template_id, site_id=site_id, after=after)
    return template_id


async def _hold(session: AsyncSession, actor: Actor, template_id: int) -> Row[Any]:
    template = (await session.execute(_HOLD, {"template_id": template_id})).one_or_none()
    if template is None:
        raise NotFound
    require_on(actor, Permission.EDIT_SHIFTS, template.site_id)
    return template


async def _stale(session: AsyncSession, template: Row[Any], differing: Sequence[Difference] = ()) -> StaleVersion:
    return StaleVersion(
        await last_change(session, "template", template.id, template.time_zone), template.version, differing
    )


async def _differences(
    session: AsyncSession, template: Row[Any], name: str, entered: TemplateShift | None
) -> list[Difference]:
    found = [] if name == template.name else [Difference("Name", name, template.name)]
    if entered is None or template.scope != "shift":
        return found
    known = await session.execute(_DEPARTMENTS, {"site_id": template.site_id})
    departments = {department.id: department.name for department in known}
    mine, theirs = (_details_of(each, date.min) for each in (entered, *_stored(template)))
    return [*found, *differences(mine, theirs, departments, clock_24h=template.clock_24h)]


async def _find(session: AsyncSession, actor: Actor, template_id: int) -> tuple[Row[Any], Row[Any]]:
    template = (await session.execute(_FIND, {"template_id": template_id})).one_or_none()
    if template is None:
        raise NotFound
    return template, await find_site(session, actor, template.site_id)


async def _wanted(
    session: AsyncSession, site: Row[Any], template: Row[Any], days: Sequence[date], replaces: bool
) -> tuple[list[Wanted], tuple[date, date] | None]:
    if not days:
        raise InvalidInput("Please choose a day.", "days")
    if len(set(days)) > MOST_DAYS:
        raise InvalidInput(f"A template can be used on at most {MOST_DAYS} days in one step.", "days")
    shifts = _stored(template)
    await _require_departments(session, site.id, template.name, shifts)
    if template.scope == "shift":
        return [Wanted(_details_of(shifts[0], day)) for day in sorted(set(days))], None
    start = week_start_of(days[0], site.week_starts_on)
    if start > LATEST_DAY - timedelta(days=7):
        raise InvalidInput(f"Dates must lie before {LATEST_DAY.year}.", "days")
    wanted = [Wanted(_details_of(each, start + timedelta(days=each.day)), each.employee_ids) for each in shifts]
    return wanted, (start, start + timedelta(days=6)) if replaces else None


async def _require_departments(
    session: AsyncSession, site_id: int, name: str, shifts: Sequence[TemplateShift], field: str = ""
) -> None:
    """Refuse a template with a department that the site does not have; it would be used without anybody noticing."""
    known = {None, *(await session.scalars(_DEPARTMENTS, {"site_id": site_id})).all()}
    if all(each.department_id in known for each in shifts):
        return
    if field:
        raise InvalidInput("This department does not exist.", field)
    raise Conflict(
        f"A department in the template “{name}” was removed. Choose another one in the template, or save it anew."
    )


def _stored(template: Row[Any]) -> tuple[TemplateShift, ...]:
    try:
        return parse_template_shifts(template.shifts)
    except ValidationError as error:
        raise InvalidInput(f"The template “{template.name}” cannot be understood.") from error


def _plain(shifts: Sequence[TemplateShift]) -> str:
    return json.dumps([each.model_dump(mode="json") for each in shifts])


def _moved(shift: TemplateShift, departments: Mapping[int, int | None]) -> TemplateShift:
    if shift.department_id is None or shift.department_id not in departments:
        return shift
    return shift.model_copy(update={"department_id": departments[shift.department_id]})


def _name(name: str) -> str:
    cleaned = clean_line(name, "name", MAX_NAME)
    if cleaned is None:
        raise InvalidInput("A template needs a name.", "name")
    return cleaned


def _shift_of(details: ShiftDetails, day: int, employee_ids: Sequence[int] = ()) -> TemplateShift:
    columns = asdict(details)
    del columns["local_date"]
    try:
        return TemplateShift(day=day, employee_ids=tuple(employee_ids), **columns)
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        words = {
            "required_staff": "A shift needs one to 1000 people.",
            "shift_type": "This type of shift does not exist.",
            "priority": "Priority is a number from 1 to 10.",
        }
        raise InvalidInput(words.get(field), field) from error


def _details_of(shift: TemplateShift, day: date) -> ShiftDetails:
    columns = shift.model_dump(exclude={"day", "employee_ids"})
    return ShiftDetails(local_date=day, **columns)
