"""Departments: the parts of a site."""

from sqlalchemy import UniqueConstraint

from schedule_app.models.base import Editable, id_field, length, reference


class Department(Editable, table=True):
    """A part of a site, with a name of its own there."""

    __tablename__ = "departments"
    __table_args__ = (
        length("name", 1, 200, "ck_departments_name"),
        UniqueConstraint("site_id", "name", name="uq_departments_name"),
        UniqueConstraint("id", "site_id", name="uq_departments_id_site"),
    )

    id: int = id_field()
    site_id: int = reference("sites.id")
    name: str
