"""What a refusal by the database means to the person who caused it."""

from copy import copy

from sqlalchemy import exc
from sqlalchemy.orm.exc import StaleDataError

from schedule_app.domain.errors import (
    AlreadyAssigned,
    Conflict,
    DoubleBooking,
    IllegalTransition,
    InvalidInput,
    ScheduleError,
    StaleVersion,
    Unavailable,
)

# SQLSTATE codes raised by our own triggers.
ILLEGAL_TRANSITION = "SA001"
FROZEN_SCHEDULE = "SA002"

MOVED_ON = "This week was published, archived or changed in the meantime. Please look at it again."

# Constraint -> error. Constraints which only a mistake in the program can break are missing on purpose.
CONSTRAINTS: dict[str, ScheduleError] = {
    "ex_schedule_assignments_overlap_in_schedule": DoubleBooking(),
    "ex_schedule_assignments_overlap_in_force": DoubleBooking("This person already works then, in a published week."),
    "uq_schedule_assignments_shift_employee": AlreadyAssigned(),
    "fk_schedule_assignments_shift": StaleVersion("This shift was moved or removed in the meantime."),
    "fk_schedule_assignments_schedule": StaleVersion(MOVED_ON),
    "fk_shifts_schedule": StaleVersion(MOVED_ON),
    "uq_schedules_one_published": Conflict("Another version of this week is published already."),
    "uq_schedules_one_in_work": Conflict("This week already has a version in work."),
    "uq_schedules_version": Conflict("Somebody else made a new version of this week at the same moment."),
    "ck_schedules_week": InvalidInput("A schedule covers at most seven days.", field="week_end"),
    "ck_schedules_approved": InvalidInput("A schedule needs an approver before it can be published."),
    "uq_employees_email": InvalidInput("Somebody with this e-mail address exists already.", field="email"),
    "ck_employees_email": InvalidInput("This is not an e-mail address in lower case.", field="email"),
    "ck_employees_name": InvalidInput("A name has at least two characters.", field="name"),
    "ck_employees_role": InvalidInput("This role does not exist.", field="role"),
    "ck_employees_hourly_rate": InvalidInput("The hourly rate cannot be negative.", field="hourly_rate_cents"),
    "ck_employees_minutes": InvalidInput("Weekly minutes lie between zero and one week.", field="contracted_minutes"),
    "fk_employees_department": InvalidInput("This department belongs to another site.", field="department_id"),
    "uq_departments_name": InvalidInput("A department of this name exists already.", field="name"),
    "ck_departments_name": InvalidInput("A department needs a name.", field="name"),
    "ck_sites_name": InvalidInput("A site needs a name.", field="name"),
    "ck_shifts_span": InvalidInput("A shift ends after it starts, and within two days.", field="local_end"),
    "ck_shifts_required_staff": InvalidInput("A shift needs one to 1000 people.", field="required_staff"),
    "ck_shifts_priority": InvalidInput("Priority is a number from 1 to 10.", field="priority"),
    "ck_shifts_type": InvalidInput("This type of shift does not exist.", field="shift_type"),
    "fk_shifts_department": InvalidInput("This department belongs to another site.", field="department_id"),
    "ck_shifts_in_week": InvalidInput("The shift starts outside its week.", field="local_date"),
    "ex_time_off_requests_overlap": Conflict("You have asked for time off then already. Withdraw that request first."),
    "ck_time_off_requests_span": InvalidInput("Time off ends after it starts, and covers at most a year.", "last_on"),
    "ck_time_off_requests_kind": InvalidInput("This kind of time off does not exist.", "kind"),
    "uq_solve_runs_one_under_way": Conflict("This week is being filled already. Stop that search first."),
    "ex_swap_requests_one_live": Conflict("Somebody has just offered this shift, or asked to have it in exchange."),
    "uq_templates_name": InvalidInput("A template of this name exists already.", field="name"),
    "ck_templates_name": InvalidInput("A template needs a name of at most 100 characters.", field="name"),
    "ck_rules_type": InvalidInput("This type of rule does not exist.", field="rule_type"),
    "ck_rules_name": InvalidInput("A rule needs a name.", field="name"),
    "ck_rules_priority": InvalidInput("Priority is a number from 1 to 10.", field="priority"),
    "ck_rules_scope": InvalidInput("A rule is for a department or for one person, not for both."),
    "ck_rules_period": InvalidInput("A rule ends after it begins.", field="effective_until"),
    "fk_rules_department": InvalidInput("This department belongs to another site.", field="department_id"),
}

# Our triggers refuse in words fit for the user.
TRIGGERS: dict[str, type[ScheduleError]] = {ILLEGAL_TRANSITION: IllegalTransition, FROZEN_SCHEDULE: StaleVersion}

STATES: dict[str, ScheduleError] = {
    # Lock not available within lock_timeout, and statement cancelled by its timeout.
    "55P03": Conflict(),
    "57014": Conflict("This took too long and was stopped. Please try again."),
    "53100": Unavailable("The disk of the database is full."),
}

# Connection exceptions, and a server out of means, stopped or not yet up. No state at all: it was never reached.
_OUTAGE_STATES = ("08", "53", "57P")


def sql_state(error: exc.SQLAlchemyError) -> str | None:
    """The five characters by which PostgreSQL names the kind of error."""
    return getattr(getattr(error, "orig", None), "sqlstate", None)


def constraint_name(error: exc.SQLAlchemyError) -> str | None:
    """The constraint that refused, when one did."""
    return _diagnosis(error, "constraint_name")


def _diagnosis(error: exc.SQLAlchemyError, field: str) -> str | None:
    return getattr(getattr(getattr(error, "orig", None), "diag", None), field, None)


def as_domain_error(error: exc.SQLAlchemyError) -> ScheduleError | None:
    """The typed error to raise instead, or None when the database error is a fault and not an answer."""
    if isinstance(error, StaleDataError):
        return StaleVersion()
    if isinstance(error, exc.TimeoutError):
        return Conflict("The server is busy. Please try again in a moment.")
    state = sql_state(error) or ""
    if state in TRIGGERS:
        return TRIGGERS[state](_diagnosis(error, "message_primary"))
    known = CONSTRAINTS.get(constraint_name(error) or "") or STATES.get(state)
    if known is None and _is_outage(error):
        return Unavailable()
    if known is None and isinstance(error, exc.DataError):
        return InvalidInput("A value is too large, too long or not readable.")
    return copy(known)


def _is_outage(error: exc.SQLAlchemyError) -> bool:
    """Whether the error means that the database cannot be reached, or has just hung up."""
    if not isinstance(error, exc.OperationalError | exc.InterfaceError):
        return False
    return error.connection_invalidated or (sql_state(error) or "08").startswith(_OUTAGE_STATES)
