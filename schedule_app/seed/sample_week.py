"""The sample week as data: a clinic with five people, and four shifts a day of which they cannot fill all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from schedule_app.domain.permissions import Role
from schedule_app.domain.rules.preference import PreferenceLimits
from schedule_app.domain.rules.qualification import QualificationLimits
from schedule_app.domain.rules.restriction import RestrictionLimits, Succession
from schedule_app.domain.time import week_days
from schedule_app.models import Employee, Rule, Schedule, Shift, Site
from schedule_app.models.employee import WEEKDAYS, DayRecord, QualificationRecord, Weekday, qualifications_json
from schedule_app.seed.rows import OFF, Login, availability, common_rules, on, rule_row, shift_row, slot

ZONE: Final = "Europe/Berlin"
DEPARTMENTS: Final = ("Care", "Diagnostics", "Night service")
CONFIRM_WITHIN_MINUTES: Final = 2880

_FIRST_AID, _DIAGNOSTICS, _TEAM_LEAD = "first aid", "diagnostics", "team lead"


LOGINS: Final = (
    Login("john.manager@company.com", "manager123", "manager"),
    Login("alice.supervisor@company.com", "supervisor123", "supervisor"),
    Login("bob.worker@company.com", "worker123", "employee"),
    Login("carol.specialist@company.com", "specialist123", "employee"),
    Login("david.night@company.com", "night123", "employee"),
)
JOHN, ALICE, BOB, CAROL, DAVID = (login.email for login in LOGINS)


@dataclass(frozen=True, slots=True)
class _Person:
    """One of the five, in the order of their logins.

    Attributes:
        days_left: Qualification to the days after the week's start when it expires; None is never.
        days: When they can work.
    """

    name: str
    department: str | None
    phone: str
    days_left: Mapping[str, int | None]
    days: Mapping[Weekday, DayRecord]
    hourly_rate_cents: int
    contracted_minutes: int


_WORKING_DAYS: Final = WEEKDAYS[:5]
_MONDAY_TO_SATURDAY: Final = WEEKDAYS[:6]
_PERSONS: Final = (
    _Person(
        "John Manager",
        None,
        "+49 30 5550101",
        {_TEAM_LEAD: None, _FIRST_AID: None},
        {**dict.fromkeys(_WORKING_DAYS, on(slot("07:00", "18:00"))), "saturday": OFF, "sunday": OFF},
        hourly_rate_cents=3600,
        contracted_minutes=2400,
    ),
    _Person(
        "Alice Supervisor",
        "Care",
        "+49 30 5550102",
        {_TEAM_LEAD: None, _FIRST_AID: 95, "medication": 230},
        {**dict.fromkeys(_MONDAY_TO_SATURDAY, on(slot("06:00", "23:00"))), "sunday": OFF},
        hourly_rate_cents=2900,
        contracted_minutes=2400,
    ),
    _Person(
        "Bob Worker",
        "Care",
        "+49 30 5550103",
        {_FIRST_AID: 52, "medication": -12},
        {
            **dict.fromkeys(_MONDAY_TO_SATURDAY, on(slot("06:00", "22:30"))),
            "wednesday": on(slot("06:00", "16:00", "preferred")),
            "sunday": OFF,
        },
        hourly_rate_cents=1950,
        contracted_minutes=2400,
    ),
    _Person(
        "Carol Specialist",
        "Diagnostics",
        "+49 30 5550104",
        {_DIAGNOSTICS: None, "radiation protection": 20, _FIRST_AID: 140},
        {
            **dict.fromkeys(_WORKING_DAYS, on(slot("08:00", "18:00", "preferred"))),
            "wednesday": OFF,
            "saturday": on(slot("09:00", "17:00"), slot("09:00", "17:00", "disliked")),
            "sunday": OFF,
        },
        hourly_rate_cents=3100,
        contracted_minutes=1920,
    ),
    _Person(
        "David Night",
        "Night service",
        "+49 30 5550105",
        {_FIRST_AID: None, "night watch": 180},
        {**dict.fromkeys(WEEKDAYS, on(slot("20:00", "08:00", "preferred"))), "friday": OFF, "saturday": OFF},
        hourly_rate_cents=2350,
        contracted_minutes=2400,
    ),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the four shifts of a day; fewer people are needed at the weekend."""

    title: str
    department: str
    shift_type: str
    start: time
    end: time
    staff: int
    weekend_staff: int
    priority: int
    qualifications: tuple[str, ...] = ()


_DAY = Kind("Day care", "Care", "general", time(7), time(15), staff=2, weekend_staff=1, priority=5)
_SPECIAL = Kind("Diagnostics", "Diagnostics", "specialized", time(9), time(17), 1, 1, 6, (_DIAGNOSTICS,))
_EVENING = Kind("Evening care", "Care", "general", time(14), time(22), staff=1, weekend_staff=1, priority=5)
_NIGHT = Kind("Night watch", "Night service", "emergency", time(22), time(6), 1, 1, 8, (_FIRST_AID,))
KINDS: Final = (_DAY, _SPECIAL, _EVENING, _NIGHT)

# Who works what, Monday to Sunday. The rules leave no more room: the remaining places stay open.
_PEOPLE: Final[Mapping[str, Sequence[tuple[str, ...]]]] = {
    _DAY.title: ((JOHN, BOB), (BOB,), (BOB,), (JOHN,), (JOHN, ALICE), (BOB,), ()),
    _SPECIAL.title: ((CAROL,), (CAROL,), (), (CAROL,), (CAROL,), (), ()),
    _EVENING.title: ((ALICE,), (ALICE,), (ALICE,), (BOB,), (), (ALICE,), ()),
    _NIGHT.title: ((DAVID,), (DAVID,), (DAVID,), (DAVID,), (), (), (DAVID,)),
}

DECLINED_BECAUSE: Final = "I have a doctor's appointment that I cannot move, sorry."
_SATURDAY_REASON: Final = "Nobody else can work that day; agreed with Bob by phone."


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody on a shift: its day, counted from the week's first, its title, and why a warning does not matter."""

    day: int
    title: str
    email: str
    override_reason: str | None = None


def places() -> Iterator[Place]:
    """Everybody's shifts, in the order of the week."""
    for day in range(7):
        for kind in KINDS:
            for email in _PEOPLE[kind.title][day]:
                yield Place(day, kind.title, email, _SATURDAY_REASON if (email, day) == (BOB, 5) else None)


def site_row() -> Site:
    """The clinic."""
    return Site(
        name="Lindenhof Clinic",
        time_zone=ZONE,
        week_starts_on=0,
        currency="EUR",
        confirm_within_minutes=CONFIRM_WITHIN_MINUTES,
    )


def people_rows(
    site_id: int, departments: Mapping[str, int], passwords: Mapping[str, str], week_start: date
) -> list[Employee]:
    """The five people.

    Args:
        site_id: The clinic.
        departments: Ids by name.
        passwords: Hashes by e-mail address.
        week_start: Qualifications their shifts do not need expire at dates seen from this week.
    """
    return [
        Employee(
            site_id=site_id,
            department_id=departments[each.department] if each.department else None,
            email=login.email,
            password_hash=passwords[login.email],
            role=login.role,
            name=each.name,
            phone=each.phone,
            qualifications=_qualifications(each.days_left, week_start),
            availability=availability(each.days),
            hourly_rate_cents=each.hourly_rate_cents,
            contracted_minutes=each.contracted_minutes,
            max_minutes=each.contracted_minutes + 300,
        )
        for login, each in zip(LOGINS, _PERSONS, strict=True)
    ]


def _qualifications(days_left: Mapping[str, int | None], week_start: date) -> list[dict[str, Any]]:
    return qualifications_json(
        [
            QualificationRecord(name=name, expires_on=None if left is None else week_start + timedelta(days=left))
            for name, left in days_left.items()
        ]
    )


def rule_rows(site_id: int, departments: Mapping[str, int], employees: Mapping[str, int]) -> list[Rule]:
    """One rule of each type and a few more: for the site, a department, and single people."""
    return [
        *common_rules(site_id),
        rule_row(
            site_id,
            "Specialised work needs the diagnostics certificate",
            "qualification",
            QualificationLimits(all_of=(_DIAGNOSTICS,), shift_types=("specialized",)),
            priority=10,
        ),
        rule_row(
            site_id,
            "No day work within 24 hours of a night",
            "restriction",
            RestrictionLimits(forbidden_successions=(Succession("emergency", "general", 1440),)),
            priority=7,
        ),
        rule_row(
            site_id,
            "Care does not cover the nights",
            "restriction",
            RestrictionLimits(forbidden_shift_types=("emergency",)),
            department_id=departments["Care"],
        ),
        rule_row(
            site_id,
            "Bob likes his Saturdays free",
            "preference",
            PreferenceLimits(unwanted_weekdays=(5,)),
            employee_id=employees[BOB],
            priority=4,
            strict=False,
        ),
        rule_row(
            site_id,
            "David works nights",
            "preference",
            PreferenceLimits(wanted_shift_types=("emergency",)),
            employee_id=employees[DAVID],
            priority=3,
            strict=False,
        ),
    ]


def shift_rows(schedule: Schedule, departments: Mapping[str, int]) -> list[Shift]:
    """The 28 shifts of the week."""
    return [
        shift_row(
            schedule,
            ZONE,
            departments[kind.department],
            day,
            kind.start,
            kind.end,
            qualifications=kind.qualifications,
            shift_type=kind.shift_type,
            title=kind.title,
            required_staff=kind.weekend_staff if day.weekday() >= 5 else kind.staff,
            priority=kind.priority,
        )
        for day in week_days(schedule.week_start)
        for kind in KINDS
    ]


@dataclass(frozen=True, slots=True)
class Held:
    """A published shift somebody was asked about."""

    assignment_id: int
    employee_id: int
    role: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Answers:
    """Who says what; the others have not answered yet."""

    confirmed: tuple[Held, ...]
    declined: tuple[Held, ...]


def choose_answers(ahead: Sequence[Held]) -> Answers:
    """Let most people confirm the shifts still ahead, one employee decline, and every third answer be awaited.

    Args:
        ahead: Shifts that can still be answered, in order of their start.
    """
    by_employees = [held for held in ahead if held.role == Role.EMPLOYEE]
    declined = by_employees[len(by_employees) // 2 :][:1] if len(by_employees) > 1 else []
    confirmed = [held for number, held in enumerate(ahead) if number % 3 and held not in declined]
    return Answers(tuple(confirmed), tuple(declined))
