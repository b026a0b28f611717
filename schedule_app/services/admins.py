"""Making somebody an admin, for whoever runs the program; from then on admins make admins."""

from typing import Final

from sqlalchemy import text

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.domain.errors import NotFound
from schedule_app.services.audit import record

# The one statement locks the one row it is about.
_MAKE: Final = text("""
    UPDATE employees SET role = 'admin' FROM employees AS was
    WHERE employees.id = was.id AND employees.email = lower(btrim(:email))
      AND employees.is_active AND employees.deleted_at IS NULL
    RETURNING employees.id, employees.site_id, employees.name, was.role
""")


@retrying
async def make_admin(email: str) -> str:
    """Make whoever has an address an admin, of every site; returns their name. An admin stays one.

    Raises:
        NotFound: Nobody who works here has it.
    """
    async with unit_of_work() as session:
        person = (await session.execute(_MAKE, {"email": email})).one_or_none()
        if person is None:
            raise NotFound(f"Nobody who works here has the address {email}.")
        if person.role != "admin":
            before, after = {"role": person.role}, {"role": "admin"}
            await record(
                session, None, "edit", "employee", person.id, site_id=person.site_id, before=before, after=after
            )
    return person.name
