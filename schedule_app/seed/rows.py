"""What both kinds of sample data are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.rules.availability import AvailabilityLimits
from schedule_app.domain.rules.consecutive_days import ConsecutiveDaysLimits
from schedule_app.domain.rules.cost import CostLimits
from schedule_app.domain.rules.coverage import CoverageLimits
from schedule_app.domain.rules.fairness import FairnessLimits
from schedule_app.domain.rules.overtime import OvertimeLimits
from schedule_app.domain.rules.rest_period import RestPeriodLimits
from schedule_app.domain.rules.workload import WorkloadLimits
from schedule_app.domain.time import resolve_span
from schedule_app.models import Department, Rule, Schedule, Shift, Site
from schedule_app.models.employee import DayRecord, TimeSlotRecord, Weekday, availability_json
from schedule_app.models.rule import limits_json

_HOLDS_DATA = text("SELECT EXISTS (SELECT FROM sites)")

HOLDS_DATA = "The database already holds data. Use --over-existing to add the sample beside it."


@dataclass(frozen=True, slots=True)
class Login:
    """What somebody types to sign in."""

    email: str
    password: str
    role: str


async def holds_data(session: AsyncSession) -> bool:
    """Whether there is anything at all: everything belongs to a site."""
    return bool(await session.scalar(_HOLDS_DATA))


async def add_departments(session: AsyncSession, site: Site, names: Sequence[str]) -> dict[str, int]:
    """Write a site's departments; their ids by name."""
    rows = [Department(site_id=site.id, name=name) for name in names]
    session.add_all(rows)
    await session.flush()
    return {row.name: row.id for row in rows}


def shift_row(
    schedule: Schedule,
    zone: str,
    department_id: int | None,
    day: date,
    start: time,
    end: time,
    *,
    qualifications: Sequence[str] = (),
    **columns: Any,  # noqa: ANN401 (columns of Shift)
) -> Shift:
    """A shift of a schedule at local wall time; an end at or before the start is on the next day."""
    span = resolve_span(day, start, end, zone)
    return Shift(
        schedule_id=schedule.id,
        site_id=schedule.site_id,
        department_id=department_id,
        local_date=day,
        local_start=start,
        local_end=end,
        time_zone=zone,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        requirements={"qualifications": list(qualifications)} if qualifications else {},
        **columns,
    )


def rule_row(site_id: int, name: str, rule_type: str, limits: object, **columns: Any) -> Rule:  # noqa: ANN401
    """A rule of a site; a strict one unless said otherwise."""
    return Rule(site_id=site_id, name=name, rule_type=rule_type, constraints=limits_json(rule_type, limits), **columns)


def common_rules(site_id: int) -> list[Rule]:
    """What holds in most German workplaces (Arbeitszeitgesetz, sections 3, 5 and 9), and everybody's own times."""
    return [
        rule_row(
            site_id, "Eleven hours of rest between shifts", "rest_period", RestPeriodLimits(min_minutes=660), priority=9
        ),
        rule_row(
            site_id,
            "At most 10 hours a day and 48 a week",
            "workload",
            WorkloadLimits(max_minutes_per_day=600, max_minutes_per_week=2880),
            priority=8,
        ),
        rule_row(
            site_id, "At most six days in a row", "consecutive_days", ConsecutiveDaysLimits(max_days=6), priority=7
        ),
        rule_row(site_id, "Only at times people can work", "availability", AvailabilityLimits(), priority=6),
        rule_row(
            site_id,
            "Overtime beyond 40 hours a week",
            "overtime",
            OvertimeLimits(weekly_minutes=2400),
            priority=5,
            strict=False,
        ),
        rule_row(site_id, "Every place is filled", "coverage", CoverageLimits(max_short=0), priority=9, strict=False),
        rule_row(
            site_id,
            "Nights and weekends are shared",
            "fairness",
            FairnessLimits(max_nights_apart=4, max_weekends_apart=3),
            priority=3,
            strict=False,
        ),
        rule_row(site_id, "As cheap as can be", "cost", CostLimits(), priority=1, strict=False),
    ]


def slot(start: str, end: str, preference: str = "available") -> TimeSlotRecord:
    """A time of day such as "07:00" to "18:00"."""
    return TimeSlotRecord.model_validate({"start": start, "end": end, "preference": preference})


def on(*slots: TimeSlotRecord) -> DayRecord:
    """A weekday with the times somebody can work; all day without any."""
    return DayRecord(available=True, time_slots=list(slots))


OFF = DayRecord(available=False)


def availability(days: Mapping[Weekday, DayRecord]) -> dict[str, Any]:
    """The JSON of a person's week."""
    return availability_json(dict(days))
