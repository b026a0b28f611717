"""The templates of a site."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.models.template import parse_template_shifts

_LIST = text("""
    SELECT id, version, scope, name, shifts FROM templates WHERE site_id = :site_id ORDER BY scope, lower(name), id
""")


@dataclass(frozen=True, slots=True)
class TemplateItem:
    """A template to choose.

    Attributes:
        scope: "shift" or "week".
        contents: What it holds, as "22:00–06:00 +1" or "14 shifts, 10 people".
    """

    id: int
    version: int
    scope: str
    name: str
    contents: str


async def list_templates(session: AsyncSession, actor: Actor, site_id: int) -> list[TemplateItem]:
    """The templates of a site whose plans the actor may see, those of shifts first, by name.

    Raises:
        NotFound: Not a site of the actor's.
    """
    if not can(actor, Permission.VIEW_DRAFT, site_id=site_id):
        raise NotFound
    found = await session.execute(_LIST, {"site_id": site_id})
    return [TemplateItem(row.id, row.version, row.scope, row.name, _contents(row.scope, row.shifts)) for row in found]


def _contents(scope: str, stored: object) -> str:
    shifts = parse_template_shifts(stored)
    if scope == "shift":
        [shift] = shifts
        is_overnight = shift.local_end <= shift.local_start
        return f"{shift.local_start:%H:%M}–{shift.local_end:%H:%M}{' +1' if is_overnight else ''}"
    people = sum(len(shift.employee_ids) for shift in shifts)
    label = f"{len(shifts)} shift{'' if len(shifts) == 1 else 's'}"
    return f"{label}, {people} {'person' if people == 1 else 'people'}" if people else label
