"""Several weeks as one grid: two of them, or those that touch a month. Written small, for there may be many people."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.cost import cost_cents
from schedule_app.domain.spans import SpanKind, span_weeks
from schedule_app.domain.time import Interval, span_label, week_start_of
from schedule_app.queries.board import Plan, read_plan
from schedule_app.queries.labels import initials, week_label
from schedule_app.queries.weeks import BoardDay, WhichVersion, choose_version, get_site_of_week, headings, list_versions

#: The statuses of assignments, as numbers.
STATUSES = sorted({*ACTIVE, "declined", "expired"})


class SpanWeek(TypedDict):
    """A week of the span; `status` is its shown version's, empty when there is none to be seen.

    `has_other` when planners could look at another version than the shown one, or than none.
    """

    start: str
    label: str
    status: str
    number: int
    has_other: bool


class SpanPattern(TypedDict):
    """What many shifts have in common; `start` and `end` are wall times as "07:00"."""

    start: str
    end: str
    minutes: int
    label: str
    title: str
    kind: str
    department: str
    qualifications: list[str]


class SpanShift(TypedDict):
    """A shift; `of` counts in the patterns."""

    id: int
    of: int
    needed: int
    staffed: int


class SpanRow(TypedDict):
    """A person's weeks: a `BoardRow`, but `target` is of all weeks with a plan, and `held` stands for the cells.

    It has [assignment, shift, status] each, and the number of warnings where there are any; the status counts in
    `STATUSES`.
    """

    id: int
    name: str
    initials: str
    role: str
    department: str
    qualifications: list[str]
    minutes: int
    target: int | None
    cents: list[int] | None
    held: list[list[int]]


@dataclass(frozen=True, slots=True)
class SpanView:
    """Some weeks' boards in one.

    Attributes:
        weeks: In order; each has seven of the days.
        shifts: Per day, its shifts in the order they begin.
        rows: Everyone active at the site and everyone on a shift, by name.
        currency: Of the costs; empty when the viewer may not know them.
    """

    site_name: str
    weeks: list[SpanWeek]
    days: list[BoardDay]
    patterns: list[SpanPattern]
    shifts: list[list[SpanShift]]
    rows: list[SpanRow]
    currency: str


async def span_board(
    session: AsyncSession,
    site_id: int,
    kind: SpanKind,
    week_start: date,
    *,
    drafts: bool,
    cost: bool,
    version: WhichVersion,
    today: date,
) -> SpanView:
    """Read some weeks' boards, in five statements however many weeks and people there are.

    Args:
        session: A session.
        site_id: The site; whether the viewer may see it is the caller's business.
        kind: Two weeks, or a month.
        week_start: Any date of the week that the span is shown for.
        drafts: As for `week_board`.
        cost: As for `week_board`.
        version: Which version of each week planners look at.
        today: The date at the site.

    Raises:
        NotFound: No such site.
        InvalidInput: A date out of range.
    """
    site = await get_site_of_week(session, site_id)
    starts = span_weeks(kind, week_start_of(week_start, site.week_starts_on), site.week_starts_on)
    versions = await list_versions(session, site_id, starts)
    shown = {start: choose_version(versions[start], drafts=drafts, version=version) for start in starts}
    schedules = [schedule.id for schedule in shown.values() if schedule]
    plan = await read_plan(session, site_id, schedules, starts[0], drafts=drafts, cost=cost)
    totals = [(row.local_date, row.required_staff, plan.staffed[row.id]) for row in plan.shifts]
    patterns, shifts = _shifts(starts, plan, clock_24h=site.clock_24h)
    return SpanView(
        site_name=site.name,
        weeks=[
            {
                "start": start.isoformat(),
                "label": week_label(start),
                "status": schedule.status if schedule else "",
                "number": schedule.version_number if schedule else 0,
                "has_other": drafts and len(versions[start]) > (1 if schedule else 0),
            }
            for start, schedule in shown.items()
        ],
        days=[
            day
            for start in starts
            for day in headings(start, today, (each for each in totals if 0 <= (each[0] - start).days < 7))
        ],
        patterns=patterns,
        shifts=shifts,
        rows=_rows(shifts, patterns, plan, planned=len(schedules), drafts=drafts),
        currency=site.currency if cost else "",
    )


def _shifts(starts: Sequence[date], plan: Plan, *, clock_24h: bool) -> tuple[list[SpanPattern], list[list[SpanShift]]]:
    patterns: list[SpanPattern] = []
    numbers: dict[tuple[Any, ...], int] = {}
    days: list[list[SpanShift]] = [[] for _ in range(7 * len(starts))]
    for row in plan.shifts:
        span = Interval(row.starts_at, row.ends_at)
        minutes, title = span.minutes, row.title or row.shift_type.capitalize()
        # Of equal wall times and an equal length the label is equal too.
        times = row.local_start, row.local_end, minutes, row.time_zone
        key = (*times, title, row.shift_type, row.department, *row.qualifications)
        if key not in numbers:
            numbers[key] = len(patterns)
            pattern: SpanPattern = {
                "start": f"{row.local_start:%H:%M}",
                "end": f"{row.local_end:%H:%M}",
                "minutes": minutes,
                "label": span_label(span, row.time_zone, clock_24h=clock_24h),
                "title": title,
                "kind": row.shift_type,
                "department": row.department,
                "qualifications": row.qualifications,
            }
            patterns.append(pattern)
        shift: SpanShift = {
            "id": row.id,
            "of": numbers[key],
            "needed": row.required_staff,
            "staffed": plan.staffed[row.id],
        }
        days[(row.local_date - starts[0]).days].append(shift)
    return patterns, days


def _rows(
    days: list[list[SpanShift]], patterns: list[SpanPattern], plan: Plan, *, planned: int, drafts: bool
) -> list[SpanRow]:
    rows: dict[int, SpanRow] = {}
    for employee_id, name, role, department, contracted, qualifications, *_ in plan.people:
        rows[employee_id] = {
            "id": employee_id,
            "name": name,
            "initials": initials(name),
            "role": role,
            "department": department,
            "qualifications": qualifications,
            "minutes": 0,
            "target": contracted * planned if drafts and contracted is not None else None,
            "cents": None,
            "held": [],
        }
    told = {shift["id"]: (day, patterns[shift["of"]]["minutes"]) for day, shifts in enumerate(days) for shift in shifts}
    numbers = {status: number for number, status in enumerate(STATUSES)}
    worked: Counter[tuple[int, int]] = Counter()
    for assignment_id, _version, shift_id, employee_id, status, warnings, _ in plan.held:
        row = rows[employee_id]
        warned = [warnings] if drafts and warnings else []
        row["held"].append([assignment_id, shift_id, numbers[status], *warned])
        if status in ACTIVE:
            day, minutes = told[shift_id]
            row["minutes"] += minutes
            worked[employee_id, day] += minutes
    for employee_id, *_, rate, _off in plan.people:
        if rate is not None:
            rows[employee_id]["cents"] = [cost_cents(worked[employee_id, day], rate) for day in range(len(days))]
    return list(rows.values())
