"""The templates of a site."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.domain.time import clock_span_label
from schedule_app.models.template import TemplateShift, parse_template_shifts

_COLUMNS = """
    SELECT templates.id, templates.site_id, templates.version, templates.scope, templates.name, templates.shifts,
           sites.clock_24h,
           ARRAY(
               SELECT DISTINCT (shift ->> 'department_id')::bigint
               FROM jsonb_array_elements(templates.shifts) AS shift
               WHERE (shift ->> 'department_id') IS NOT NULL AND NOT EXISTS (
                   SELECT FROM departments
                   WHERE departments.id = (shift ->> 'department_id')::bigint
                       AND departments.site_id = templates.site_id
               )
           ) AS removed
    FROM templates
    JOIN sites ON sites.id = templates.site_id
"""

_LIST = text(
    _COLUMNS + "WHERE templates.site_id = :site_id ORDER BY templates.scope, lower(templates.name), templates.id"
)

_ONE = text(_COLUMNS + "WHERE templates.id = :template_id")


@dataclass(frozen=True, slots=True)
class TemplateItem:
    """A template to choose.

    Attributes:
        scope: "shift" or "week".
        contents: What it holds, as "22:00–06:00 +1" or "14 shifts, 10 people".
        removed: Departments in it that there are no longer.
    """

    id: int
    version: int
    scope: str
    name: str
    contents: str
    removed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateDetail:
    """A template with its shifts."""

    site_id: int
    item: TemplateItem
    shifts: tuple[TemplateShift, ...]


async def list_templates(session: AsyncSession, actor: Actor, site_id: int) -> list[TemplateItem]:
    """The templates of a site whose plans the actor may see, those of shifts first, by name.

    Raises:
        NotFound: Not a site of the actor's.
    """
    if not can(actor, Permission.VIEW_DRAFT, site_id=site_id):
        raise NotFound
    found = await session.execute(_LIST, {"site_id": site_id})
    return [_detail(row).item for row in found]


async def get_template(session: AsyncSession, actor: Actor, template_id: int) -> TemplateDetail:
    """A template of a site whose plans the actor may see.

    Raises:
        NotFound: No such template, or not of a site of the actor's.
    """
    row = (await session.execute(_ONE, {"template_id": template_id})).one_or_none()
    if row is None or not can(actor, Permission.VIEW_DRAFT, site_id=row.site_id):
        raise NotFound
    return _detail(row)


def _detail(row: Row[Any]) -> TemplateDetail:
    shifts = parse_template_shifts(row.shifts)
    item = TemplateItem(row.id, row.version, row.scope, row.name, _contents(row, shifts), tuple(row.removed))
    return TemplateDetail(row.site_id, item, shifts)


def _contents(row: Row[Any], shifts: Sequence[TemplateShift]) -> str:
    if row.scope == "shift":
        [shift] = shifts
        is_overnight = shift.local_end <= shift.local_start
        return clock_span_label(shift.local_start, shift.local_end, int(is_overnight), clock_24h=row.clock_24h)
    people = sum(len(shift.employee_ids) for shift in shifts)
    label = f"{len(shifts)} shift{'' if len(shifts) == 1 else 's'}"
    return f"{label}, {people} {'person' if people == 1 else 'people'}" if people else label
