"""The people of a larger site, drawn by a given random generator: contracts, qualifications, times they can work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from random import Random
from typing import Any, Final

from schedule_app.domain.permissions import Role
from schedule_app.models import Employee
from schedule_app.models.employee import (
    WEEKDAYS,
    DayRecord,
    QualificationRecord,
    Weekday,
    qualifications_json,
)
from schedule_app.seed.rows import OFF, availability, on, slot

MANAGER_EMAIL: Final = "manager@scale.example"
TEAM_LEAD: Final = "team lead"
FIRST_AID: Final = "first aid"
PEOPLE_PER_DEPARTMENT: Final = 15

# Departments and what their specialised work needs.
DEPARTMENTS: Final[Mapping[str, str]] = {
    "Goods in": "forklift",
    "Picking": "order picker truck",
    "Packing": "packing machines",
    "Dispatch": "hazardous goods",
    "Returns": "goods inspection",
    "Quality": "measuring equipment",
    "Maintenance": "electrical safety",
    "Customer service": "complaints handling",
    "Cold store": "cold store work",
    "Transport": "lorry licence",
    "Security": "guard licence",
    "Kitchen": "food hygiene",
}

_FIRST_NAMES: Final[str] = (
    "Aaliyah Ahmet Aleksandra Amir Anja Anton Aylin Ben Birgit Bogdan Chloé Clara Daniel Derya Dilan Elif Emil Emma "
    "Enrico Fatima Felix Finn Greta Hanna Hassan Ida Ivana Jakub Jana Jonas Julia Karim Katharina Lea Leon Linh Luca "
    "Łukasz Mara Marie Matteo Mehmet Mia Milan Nadia Noah Nora Oksana Oskar Paula Pedro Petra Rania Sofia Søren "
    "Tarek Thomas Uwe Vera Wiebke Yusuf Zoë"
)
_LAST_NAMES: Final[str] = (
    "Acar Adler Albrecht Aydın Bauer Becker Berger Çelik Costa Demir Dietrich Engel Fischer Förster Gärtner Groß "
    "Haddad Hartmann Hoffmann Horvat İnan Ivanov Jansen Kaya Keller Kowalski Krüger Kurz Lehmann Lorenz Marković Meyer "
    "Müller Neumann Nguyễn Novák Öztürk Park Peters Popescu Richter Rossi Sanders Schäfer Schmidt Schneider "
    "Schröder Silva Sommer Stein Tran Vogel Wagner Weber Weiß Winkler Yıldız Ziegler"
)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When somebody works: the kinds of shift that suit, and the times given on working days and at weekends."""

    kinds: frozenset[str]
    workday: DayRecord
    weekend: DayRecord
    weight: int


def _rhythm(kinds: str, workday: DayRecord, weekend: DayRecord, weight: int) -> Rhythm:
    return Rhythm(frozenset(kinds.split()), workday, weekend, weight)


_EARLY, _LATE, _NIGHT = slot("05:30", "17:30"), slot("10:30", "22:30"), slot("21:00", "07:00", "preferred")
FLEXIBLE: Final = _rhythm("early day peak late night", on(), on(), 34)
_RHYTHMS: Final = (
    FLEXIBLE,
    _rhythm("early day peak", on(_EARLY), on(_EARLY), 22),
    _rhythm("late peak", on(_LATE), on(_LATE), 18),
    _rhythm("night", on(_NIGHT), on(_NIGHT), 12),
    _rhythm("early day late peak", on(slot("05:30", "22:30"), slot("05:30", "08:00", "disliked")), OFF, 6),
    # Students: after lectures, and any time at the weekend.
    _rhythm("early day late peak", on(slot("13:30", "22:30")), on(), 8),
)

# Minutes a week, and how common the contract is.
_CONTRACTS: Final = {2400: 48, 2100: 12, 1800: 16, 1440: 12, 960: 8, 600: 4}


@dataclass(frozen=True, slots=True)
class Member:
    """A person to be planned for, and the kinds of shift their rhythm allows."""

    row: Employee
    kinds: frozenset[str]


def department_names(people: int) -> Sequence[str]:
    """How many departments so many people make, and which."""
    count = min(max(people // PEOPLE_PER_DEPARTMENT, 1), len(DEPARTMENTS))
    return tuple(DEPARTMENTS)[:count]


def manager_row(site_id: int, password_hash: str) -> Employee:
    """Who runs the site; not planned for."""
    return Employee(
        site_id=site_id,
        email=MANAGER_EMAIL,
        password_hash=password_hash,
        role=Role.MANAGER,
        name="Martina Lindner",
        hourly_rate_cents=4200,
        contracted_minutes=2400,
    )


def draw_members(
    random: Random, count: int, site_id: int, departments: Mapping[str, int], password_hash: str, week_start: date
) -> list[Member]:
    """Everybody but the manager: one supervisor for each department first, then the employees, spread evenly.

    Their addresses are supervisor1@scale.example and so on, and employee1@scale.example and so on.

    Args:
        random: The only source of chance.
        count: How many people.
        site_id: Their site.
        departments: Ids by name.
        password_hash: The one they share.
        week_start: Qualifications expire at dates seen from this week.
    """
    names = random.sample(
        [f"{first} {last}" for first, last in product(_FIRST_NAMES.split(), _LAST_NAMES.split())], count
    )
    department_of = tuple(departments)
    members: list[Member] = []
    for number, name in enumerate(names):
        department = department_of[number % len(department_of)]
        is_supervisor = number < len(department_of)
        rhythm = FLEXIBLE if is_supervisor else random.choices(_RHYTHMS, [each.weight for each in _RHYTHMS])[0]
        contracted = 2400 if is_supervisor else random.choices(list(_CONTRACTS), list(_CONTRACTS.values()))[0]
        lead_pay = 600 if is_supervisor else 0
        row = Employee(
            site_id=site_id,
            department_id=departments[department],
            email=f"supervisor{number + 1}@scale.example"
            if is_supervisor
            else f"employee{number + 1 - len(department_of)}@scale.example",
            password_hash=password_hash,
            role=Role.SUPERVISOR if is_supervisor else Role.EMPLOYEE,
            name=name,
            phone=f"+49 30 555{number:05}",
            qualifications=_qualifications(random, DEPARTMENTS[department], is_supervisor, week_start),
            availability=_availability(random, rhythm),
            hourly_rate_cents=random.randrange(1450, 2450, 25) + lead_pay,
            contracted_minutes=contracted,
            max_minutes=min(contracted + 480, 2880),
        )
        members.append(Member(row, rhythm.kinds))
    return members


def _qualifications(random: Random, speciality: str, is_supervisor: bool, week_start: date) -> list[dict[str, Any]]:
    held: list[QualificationRecord] = []
    chances = {TEAM_LEAD: 1.0 if is_supervisor else 0.1, speciality: 0.5, FIRST_AID: 0.3}
    for name, chance in chances.items():
        if random.random() < chance:
            held.append(QualificationRecord(name=name, expires_on=_expiry(random, week_start)))
    return qualifications_json(held)


def _expiry(random: Random, week_start: date) -> date | None:
    """Never, long ago enough to be worthless, within the next weeks, or later."""
    low, high = random.choices([(0, 0), (-60, -1), (0, 40), (41, 900)], [25, 6, 14, 55])[0]
    return week_start + timedelta(days=random.randint(low, high)) if high else None


def _availability(random: Random, rhythm: Rhythm) -> dict[str, Any]:
    """The rhythm's week, for many with a fixed day off; a day like any other is left out."""
    days: dict[Weekday, DayRecord] = {}
    for weekday in WEEKDAYS:
        day = rhythm.weekend if weekday in ("saturday", "sunday") else rhythm.workday
        if day != on():
            days[weekday] = day
    if random.random() < 0.4:
        days[random.choice(WEEKDAYS)] = OFF
    return availability(days)
