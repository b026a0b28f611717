"""Whether an actor may touch a thing, asked the same way by every verb."""

from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, can, require


def require_on(actor: Actor, permission: Permission, site_id: int, department_id: int | None = None) -> None:
    """Check a permission on something that was looked up.

    Args:
        actor: Who asks.
        permission: What for.
        site_id: The thing's site.
        department_id: The thing's department.

    Raises:
        NotFound: It is of a site the actor has nothing to do with, so it looks as if it were missing.
        NotAllowed: The actor may see it, but not do this with it.
    """
    if not can(actor, Permission.VIEW_PUBLISHED, site_id=site_id):
        raise NotFound
    require(actor, permission, site_id=site_id, department_id=department_id)
