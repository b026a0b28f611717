"""What the rules share: whom they hold for, putting a finding into a violation, sums over weeks, lists in words."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final, Literal

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts, WeekFacts
from schedule_app.domain.violation import Severity, Violation

# Read by pydantic when a limits dataclass is made from JSON: a misspelt limit is refused instead of ignored.
FORBID_EXTRA: Final = {"extra": "forbid"}

WEEKDAYS: Final = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def applies(rule: RuleFacts[Any], employee: EmployeeFacts, day: date) -> bool:
    """Tell whether a rule holds for an employee on a local date; both ends of its effective period belong to it."""
    return (
        rule.site_id == employee.site_id
        and rule.department_id in (None, employee.department_id)
        and rule.employee_id in (None, employee.id)
        and holds_on(rule, day)
    )


def holds_on(rule: RuleFacts[Any], day: date) -> bool:
    """Tell whether a rule is in effect on a local date."""
    return (rule.effective_from is None or rule.effective_from <= day) and (
        rule.effective_until is None or day <= rule.effective_until
    )


def people_of(rule: RuleFacts[Any], week: WeekFacts) -> list[EmployeeFacts]:
    """The active people for whom a rule holds throughout a week, by name."""
    first, last = week.days[0], week.days[-1]
    people = [
        each
        for each in week.people.values()
        if each.is_active and applies(rule, each, first) and applies(rule, each, last)
    ]
    return sorted(people, key=lambda each: (each.name.casefold(), each.id))


def shifts_of(rule: RuleFacts[Any], week: WeekFacts) -> list[ShiftFacts]:
    """The shifts of a week that a rule is about, by time; one for a department is about the shifts of it."""
    shifts = [
        shift
        for shift in week.shifts
        if rule.department_id in (None, shift.department_id) and holds_on(rule, shift.local_date)
    ]
    return sorted(shifts, key=lambda shift: (shift.span.starts_at, shift.id))


def found(
    rule: RuleFacts[Any],
    employee: EmployeeFacts,
    candidate: ShiftFacts,
    message: str,
    severity: Severity | None = None,
) -> Violation:
    """Make the violation; without a severity of its own it blocks when the rule is strict and warns otherwise."""
    severity = severity or ("block" if rule.strict else "warn")
    return Violation(rule.rule_type, rule.id, severity, message, employee.id, candidate.id)


def found_in_week(
    rule: RuleFacts[Any], message: str, employee: EmployeeFacts | None = None, shift: ShiftFacts | None = None
) -> Violation:
    """As `found`, for what is told of a week: of somebody in it, of a shift, or of all of it."""
    severity: Severity = "block" if rule.strict else "warn"
    return Violation(
        rule.rule_type, rule.id, severity, message, employee.id if employee else None, shift.id if shift else None
    )


def same_week(worked: Sequence[ShiftFacts], candidate: ShiftFacts) -> list[ShiftFacts]:
    """The shifts which, going by their start dates, fall in the candidate's week, the candidate included."""
    week_start = candidate.week_start
    return [*(shift for shift in worked if 0 <= (shift.local_date - week_start).days < 7), candidate]


def within(shifts: Iterable[ShiftFacts], first: date, days: int) -> list[ShiftFacts]:
    """The shifts that start on the given local date or fewer than so many days later."""
    return [shift for shift in shifts if 0 <= (shift.local_date - first).days < days]


def periods(week_start: date, weeks: int) -> list[date]:
    """The first days of all periods of so many weeks that have this week in them."""
    return [week_start - timedelta(weeks=back) for back in range(weeks)]


def total_minutes(shifts: Iterable[ShiftFacts]) -> int:
    """True minutes of the shifts together."""
    return sum(shift.span.minutes for shift in shifts)


def counted(count: int, one: str, many: str = "") -> str:
    """A number of things: "1 shift", "2 shifts"."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def listed(words: Iterable[str], joined_by: Literal["and", "or"]) -> str:
    """Several words as a sentence has them: "Mondays, Tuesdays and Sundays"."""
    *most, last = words
    return f"{', '.join(most)} {joined_by} {last}" if most else last
