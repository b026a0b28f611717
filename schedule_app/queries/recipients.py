"""Who is told about what happens at a site."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.permissions import GRANTS, Permission

# Admins belong to every site.
_APPROVERS = text("""
    SELECT id FROM employees
    WHERE role = ANY(:roles) AND (site_id = :site_id OR role = 'admin') AND is_active AND deleted_at IS NULL
    ORDER BY id
""")


def leads(person: str) -> str:
    """SQL: whether somebody, who is an active employee by this name, leads their site.

    Its managers do, and its admins where it has none.
    """
    return f"""({person}.role = 'manager' OR {person}.role = 'admin' AND NOT EXISTS (
        SELECT FROM employees AS manager
        WHERE manager.site_id = {person}.site_id AND manager.role = 'manager'
          AND manager.is_active AND manager.deleted_at IS NULL))"""


# A supervisor of no department minds all of them.
_PLANNERS = text(f"""
    SELECT id FROM employees
    WHERE site_id = :site_id AND is_active AND deleted_at IS NULL
      AND ({leads("employees")}
           OR (role = 'supervisor' AND (department_id IS NULL OR department_id = CAST(:department_id AS bigint))))
    ORDER BY id
""")  # noqa: S608 - constants


_LEADERS = text(f"""
    SELECT id FROM employees WHERE site_id = :site_id AND is_active AND deleted_at IS NULL AND {leads("employees")}
""")  # noqa: S608 - constants


async def list_planners(session: AsyncSession, site_id: int, department_id: int | None) -> list[int]:
    """Who leads a site, and the supervisors whom a shift of the department concerns."""
    return list((await session.scalars(_PLANNERS, {"site_id": site_id, "department_id": department_id})).all())


async def list_leaders(session: AsyncSession, site_id: int) -> set[int]:
    """Who leads a site."""
    return set((await session.scalars(_LEADERS, {"site_id": site_id})).all())


async def list_approvers(session: AsyncSession, site_id: int) -> list[int]:
    """Everyone who may approve this site's weeks."""
    values = {"site_id": site_id, "roles": sorted(GRANTS[Permission.APPROVE])}
    return list((await session.scalars(_APPROVERS, values)).all())


# Those of the site; an admin of another one where it has nobody else.
_DECIDERS = text("""
    WITH here AS (
        SELECT id FROM employees
        WHERE site_id = :site_id AND is_active AND deleted_at IS NULL AND id <> :employee_id AND role = ANY(:roles)
          AND (role <> 'supervisor' OR department_id IS NULL OR department_id = :department_id)
    )
    SELECT id FROM here
    UNION ALL
    SELECT id FROM employees
    WHERE role = 'admin' AND is_active AND deleted_at IS NULL AND id <> :employee_id AND NOT EXISTS (SELECT FROM here)
    ORDER BY id
""")


async def list_time_off_deciders(
    session: AsyncSession, site_id: int, department_id: int | None, employee_id: int
) -> list[int]:
    """Whoever is asked to decide over a person's time off, and told when they can work; never the person."""
    values = {
        "site_id": site_id,
        "department_id": department_id,
        "employee_id": employee_id,
        "roles": sorted(GRANTS[Permission.DECIDE_TIME_OFF]),
    }
    return list((await session.scalars(_DECIDERS, values)).all())
