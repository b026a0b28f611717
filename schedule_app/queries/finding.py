"""People of a site by a few letters of their names."""

from typing import TypedDict

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.finding import plain, rank

_PEOPLE = text("""
    SELECT employees.id, employees.name, employees.role, departments.name AS department
    FROM employees
    LEFT JOIN departments ON departments.id = employees.department_id
    WHERE employees.site_id = :site_id AND employees.is_active AND employees.deleted_at IS NULL
""")


class FoundPerson(TypedDict):
    """Somebody whose name fits."""

    id: int
    name: str
    where: str


async def find_people(session: AsyncSession, site_id: int, wanted: str, *, limit: int) -> list[FoundPerson]:
    """Find active people by name, the best first; accents and case do not matter. One statement.

    Args:
        session: To read with.
        site_id: Whose people; the caller has asked whether the actor may know them.
        wanted: What was typed; nothing finds nobody.
        limit: How many at most.
    """
    words = plain(wanted)
    if not words:
        return []
    people = (await session.execute(_PEOPLE, {"site_id": site_id})).all()
    ranked = [(how_well, person) for person in people if (how_well := rank(words, plain(person.name))) is not None]
    ranked.sort(key=lambda each: (each[0], each[1].name, each[1].id))
    return [
        {"id": person.id, "name": person.name, "where": person.department or person.role}
        for _, person in ranked[:limit]
    ]
