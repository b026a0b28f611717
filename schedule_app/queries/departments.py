"""The departments of a site, and what belongs to each."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_USAGE = """
    (SELECT count(*) FROM employees WHERE department_id = departments.id) AS people,
    (SELECT count(*) FROM shifts WHERE department_id = departments.id) AS shifts,
    (SELECT count(*) FROM rules WHERE department_id = departments.id) AS rules
"""

_ONE = text(f"SELECT {_USAGE} FROM departments WHERE id = :department_id")  # noqa: S608 - constants

_ALL = text(f"""
    SELECT departments.id, departments.name, departments.version, {_USAGE}
    FROM departments
    WHERE departments.site_id = :site_id
    ORDER BY lower(departments.name), departments.id
""")  # noqa: S608 - constants

_NAMES = text("SELECT name, id FROM departments WHERE site_id = :site_id")


@dataclass(frozen=True, slots=True)
class Usage:
    """How much belongs to a department: people with those who have left, shifts of any week, rules."""

    people: int
    shifts: int
    rules: int

    @property
    def is_used(self) -> bool:
        """Whether anything does."""
        return bool(self.people or self.shifts or self.rules)

    def in_words(self) -> str:
        """As "2 people, 1 shift"."""
        counts = ((self.people, "person", "people"), (self.shifts, "shift", "shifts"), (self.rules, "rule", "rules"))
        return ", ".join(f"{count} {one if count == 1 else many}" for count, one, many in counts if count)


@dataclass(frozen=True, slots=True)
class DepartmentItem:
    """A department in the list of them; `usage` is empty when nothing belongs to it."""

    id: int
    name: str
    version: int
    people: int
    usage: str


async def usage_of(session: AsyncSession, department_id: int) -> Usage:
    """What belongs to a department that there is."""
    return Usage(*(await session.execute(_ONE, {"department_id": department_id})).one())


async def find_department(session: AsyncSession, site_id: int, name: str) -> int | None:
    """The department of a site that has this name, whatever that may be; None when none has."""
    found = await session.execute(_NAMES, {"site_id": site_id})
    return next((number for each, number in found if each == name), None)


async def list_departments(session: AsyncSession, site_id: int) -> list[DepartmentItem]:
    """The departments of a site by name; whether the viewer may know is the caller's business."""
    return [
        DepartmentItem(row.id, row.name, row.version, row.people, Usage(row.people, row.shifts, row.rules).in_words())
        for row in await session.execute(_ALL, {"site_id": site_id})
    ]
