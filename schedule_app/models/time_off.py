"""Requests for time off."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, literal_column, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from schedule_app.domain.time_off import STANDING, TimeOffKind, TimeOffStatus
from schedule_app.models.base import Authored, id_field, is_one_of, length, one_of, reference

_STANDS = is_one_of("status", (status for status in TimeOffStatus if status in STANDING))
# Equality of a number, written as the overlap of one-element ranges: GiST can do that without an extension.
_SAME_EMPLOYEE = (literal_column("int8range(employee_id, employee_id, '[]')"), "&&")
_SAME_TIME = (literal_column("tstzrange(starts_at, ends_at)"), "&&")


class TimeOffRequest(Authored, table=True):
    """Somebody asks to be off. Its times never change; another time is another request.

    Attributes:
        first_on: The first local date; so is `last_on` the last.
        starts_at: The instant; whole days begin and end at midnight in the site's time.
        time_zone: Of the site, when it was asked for.
        note: Seen by the person and by those who decide, as are `kind` and `decision_note`.
    """

    __tablename__ = "time_off_requests"
    __table_args__ = (
        one_of("kind", TimeOffKind, "ck_time_off_requests_kind"),
        one_of("status", TimeOffStatus, "ck_time_off_requests_status"),
        CheckConstraint(
            "starts_at < ends_at AND ends_at - starts_at <= interval '367 days'", name="ck_time_off_requests_span"
        ),
        CheckConstraint("first_on <= last_on", name="ck_time_off_requests_days"),
        CheckConstraint(
            "status NOT IN ('approved', 'rejected') OR decided_by_id IS NOT NULL AND decided_at IS NOT NULL",
            name="ck_time_off_requests_decided",
        ),
        length("note", 1, 500, "ck_time_off_requests_note"),
        length("decision_note", 1, 500, "ck_time_off_requests_decision_note"),
        CheckConstraint("char_length(time_zone) BETWEEN 1 AND 64", name="ck_time_off_requests_time_zone"),
        ExcludeConstraint(
            _SAME_EMPLOYEE, _SAME_TIME, where=text(_STANDS), using="gist", name="ex_time_off_requests_overlap"
        ),
        Index("ix_time_off_requests_employee_id", "employee_id", "ends_at"),
        Index("ix_time_off_requests_approved", "employee_id", "ends_at", postgresql_where=text("status = 'approved'")),
        Index("ix_time_off_requests_waiting", "id", postgresql_where=text("status = 'waiting'")),
    )

    id: int = id_field()
    employee_id: int = reference("employees.id")
    kind: str
    whole_days: bool
    first_on: date
    last_on: date
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    note: str | None = None
    status: str = Field(default="waiting", sa_column_kwargs={"server_default": "waiting"})
    decided_by_id: int | None = Field(default=None, foreign_key="employees.id", sa_type=BigInteger)
    decided_at: datetime | None = None
    decision_note: str | None = None
