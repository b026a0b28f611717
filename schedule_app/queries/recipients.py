"""Who is told about what happens at a site."""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.permissions import GRANTS, Permission, Role

_OF_ROLES = text("""
    SELECT id FROM employees
    WHERE role = ANY(:roles) AND (site_id = :site_id OR role = 'admin') AND is_active AND deleted_at IS NULL
    ORDER BY id
""")

_SUPERVISORS = text("""
    SELECT id FROM employees
    WHERE role = 'supervisor' AND site_id = :site_id AND is_active AND deleted_at IS NULL
      AND (department_id IS NULL OR department_id = :department_id)
    ORDER BY id
""")


async def list_approvers(session: AsyncSession, site_id: int) -> list[int]:
    """Everyone who may approve this site's weeks; admins are of every site."""
    return await _of_roles(session, site_id, GRANTS[Permission.APPROVE])


async def list_managers(session: AsyncSession, site_id: int) -> list[int]:
    """The site's managers."""
    return await _of_roles(session, site_id, [Role.MANAGER])


async def list_supervisors(session: AsyncSession, site_id: int, department_id: int | None) -> list[int]:
    """The supervisors of a department, and those of the site who belong to none."""
    values = {"site_id": site_id, "department_id": department_id}
    return list((await session.scalars(_SUPERVISORS, values)).all())


async def _of_roles(session: AsyncSession, site_id: int, roles: Iterable[Role]) -> list[int]:
    values = {"site_id": site_id, "roles": sorted(role.value for role in roles)}
    return list((await session.scalars(_OF_ROLES, values)).all())
