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


async def list_approvers(session: AsyncSession, site_id: int) -> list[int]:
    """Everyone who may approve this site's weeks."""
    values = {"site_id": site_id, "roles": sorted(GRANTS[Permission.APPROVE])}
    return list((await session.scalars(_APPROVERS, values)).all())
