"""The people of a site, for those who manage them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import GIVES, Actor, Permission, can
from schedule_app.domain.time import day_label, minutes_label, moment_label
from schedule_app.models.employee import parse_qualifications, week_in_effect
from schedule_app.queries.labels import MONTHS, initials

EXPIRING_WITHIN: Final = timedelta(days=60)
Standing: TypeAlias = Literal["active", "inactive", "all"]

_OPEN_INVITATION = """
    EXISTS (SELECT 1 FROM invitations WHERE invitations.employee_id = employees.id
            AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now())
"""

_MATCHING = """
    FROM employees
    LEFT JOIN departments ON departments.id = employees.department_id
    WHERE employees.site_id = :site_id AND employees.deleted_at IS NULL
      AND (:standing = 'all' OR employees.is_active = (:standing = 'active'))
      AND (:role = '' OR employees.role = :role)
      AND (CAST(:department_id AS bigint) IS NULL OR employees.department_id = :department_id)
      AND (:words = '' OR strpos(lower(employees.name || ' ' || employees.email), lower(:words)) > 0
           OR EXISTS (SELECT 1 FROM jsonb_array_elements(employees.qualifications) AS held
                      WHERE strpos(lower(held ->> 'name'), lower(:words)) > 0))
"""

_PAGE = text(f"""
    SELECT employees.id, employees.name, employees.email, employees.role, employees.is_active,
           COALESCE(departments.name, '') AS department, employees.qualifications, employees.contracted_minutes,
           employees.max_minutes, employees.password_hash IS NOT NULL AS has_password,
           {_OPEN_INVITATION} AS is_invited, count(*) OVER () AS total
    {_MATCHING}
    ORDER BY lower(employees.name), employees.id
    LIMIT :at_most
""")

_ONE = text("""
    SELECT employees.*, employees.password_hash IS NOT NULL AS has_password, sites.name AS site_name, sites.currency,
           sites.time_zone, sites.clock_24h, CAST(now() AT TIME ZONE sites.time_zone AS date) AS today,
           (SELECT expires_at FROM invitations WHERE invitations.employee_id = employees.id
              AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()) AS invited_until
    FROM employees
    JOIN sites ON sites.id = employees.site_id
    WHERE employees.id = :employee_id AND employees.deleted_at IS NULL
""")


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Which people: words of their name, e-mail address or qualifications; a department of 0 is any."""

    words: str = ""
    department_id: int = 0
    role: str = ""
    standing: Standing = "active"


@dataclass(frozen=True, slots=True)
class PersonItem:
    """A person in the list. `expiring` says what they hold that ends soon, or has ended."""

    id: int
    name: str
    initials: str
    email: str
    role: str
    department: str
    hours: str
    qualifications: str
    expiring: str
    has_expired: bool
    access: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as the form shows them; the hourly rate is empty for those who may not see cost.

    Attributes:
        qualifications: As `Employee.qualifications`.
        availability: As `Employee.availability`, the week that holds now.
        availability_note: What else the person says of later, in words.
        access: "none", "invited" or "yes".
        can_edit: Whether the viewer may change this person.
    """

    id: int
    site_id: int
    version: int
    site_name: str
    currency: str
    zone: str
    clock_24h: bool
    name: str
    email: str
    role: str
    department_id: int | None
    phone: str
    qualifications: list[dict[str, Any]]
    availability: dict[str, Any]
    availability_note: str
    contracted_minutes: int | None
    max_minutes: int | None
    hourly_rate_cents: int | None
    is_active: bool
    access: str
    invited_until: str
    can_edit: bool


async def list_people(
    session: AsyncSession, site_id: int, wanted: PeopleFilter, *, today: date, at_most: int
) -> tuple[list[PersonItem], int]:
    """The people of a site by name, in one statement; whether the viewer may know is the caller's business.

    Returns:
        At most so many of them, and how many there are.
    """
    values = {
        "site_id": site_id,
        "standing": wanted.standing,
        "role": wanted.role,
        "department_id": wanted.department_id or None,
        "words": wanted.words.strip(),
        "at_most": at_most,
    }
    rows = (await session.execute(_PAGE, values)).all()
    return [_item(row, today) for row in rows], rows[0].total if rows else 0


async def get_person(session: AsyncSession, actor: Actor, employee_id: int) -> PersonView:
    """One person.

    Raises:
        NotFound: Missing, or not of a site whose people the actor manages.
    """
    row = (await session.execute(_ONE, {"employee_id": employee_id})).one_or_none()
    if row is None or not can(actor, Permission.MANAGE_PEOPLE, site_id=row.site_id):
        raise NotFound
    has_cost = can(actor, Permission.VIEW_COST, site_id=row.site_id)
    week, later = week_in_effect(row.availability, row.later_availability, row.today)
    dates = [day for day in row.availability_exceptions if day >= row.today.isoformat()]
    return PersonView(
        id=row.id,
        site_id=row.site_id,
        version=row.version,
        site_name=row.site_name,
        currency=row.currency,
        zone=row.time_zone,
        clock_24h=row.clock_24h,
        name=row.name,
        email=row.email,
        role=row.role,
        department_id=row.department_id,
        phone=row.phone or "",
        qualifications=row.qualifications,
        availability=week,
        availability_note=_besides([date.fromisoformat(each["starts_on"]) for each in later], len(dates)),
        contracted_minutes=row.contracted_minutes,
        max_minutes=row.max_minutes,
        hourly_rate_cents=row.hourly_rate_cents if has_cost else None,
        is_active=row.is_active,
        access="invited" if row.invited_until else "yes" if row.has_password else "none",
        invited_until=(
            moment_label(row.invited_until, row.time_zone, clock_24h=row.clock_24h) if row.invited_until else ""
        ),
        can_edit=row.role in GIVES[actor.role],
    )


def _besides(starts: list[date], dates: int) -> str:
    said = [f"another week holds from {day_label(each)}" for each in starts]
    if dates:
        said.append(f"something else holds on {dates} single {'date' if dates == 1 else 'dates'}")
    return f"As they say themselves, {' and '.join(said)}." if said else ""


def _item(row: Any, today: date) -> PersonItem:  # noqa: ANN401 - a row of _PAGE
    held = parse_qualifications(row.qualifications)
    ending = [each for each in held if each.expires_on and each.expires_on <= today + EXPIRING_WITHIN]
    ending.sort(key=lambda each: each.expires_on or today)
    return PersonItem(
        id=row.id,
        name=row.name,
        initials=initials(row.name),
        email=row.email,
        role=row.role.capitalize(),
        department=row.department,
        hours=_hours(row.contracted_minutes, row.max_minutes),
        qualifications=", ".join(each.name for each in held),
        expiring=", ".join(_ending(each.name, each.expires_on or today, today) for each in ending),
        has_expired=any((each.expires_on or today) < today for each in ending),
        access="No access yet" if not row.has_password and not row.is_invited else "Invited" if row.is_invited else "",
        is_active=row.is_active,
    )


def _hours(contracted: int | None, most: int | None) -> str:
    if contracted is None:
        return "" if most is None else f"at most {minutes_label(most)}"
    return minutes_label(contracted) + (
        "" if most is None or most == contracted else f", at most {minutes_label(most)}"
    )


def _ending(name: str, expires_on: date, today: date) -> str:
    day = f"{expires_on.day} {MONTHS[expires_on.month - 1][:3]} {expires_on.year}"
    return f"{name} ended {day}" if expires_on < today else f"{name} until {day}"
