"""What the constraints share."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from schedule_app.domain.facts import RuleFacts, ShiftFacts
from schedule_app.domain.rules import RULES
from schedule_app.domain.rules.common import applies, holds_on
from schedule_app.optimizer.limits import Group, Limit
from schedule_app.optimizer.table import Table

DAY: Final = timedelta(days=1)
MINUTES_PER_HOUR: Final = 60
DAYS_PER_WEEK: Final = 7


def limit(
    rule: RuleFacts[Any],
    table: Table,
    groups: Sequence[Group],
    high: int,
    *,
    coefficients: Sequence[int] | None = None,
    unit: int = 1,
) -> Iterator[Limit]:
    """The limit of a rule, strict or weighed by its priority; none when no plan can break it.

    Groups without a cell count nothing. Where no cell plays a part nothing is held against a plan.
    """
    kept = [
        (group, coefficient)
        for group, coefficient in zip(groups, coefficients or [1] * len(groups), strict=True)
        if group
    ]
    made = Limit(
        rule.rule_type,
        rule.id,
        tuple(group for group, _ in kept),
        tuple(coefficient for _, coefficient in kept),
        high,
        None if rule.strict else table.problem.weights.of(rule),
        unit,
    )
    if kept and made.can_break():
        yield made


def judged_alone(rule: RuleFacts[Any], table: Table) -> Iterator[Limit]:
    """For a rule that looks at the shift and the person alone: what the rule itself finds in each cell."""
    judge = RULES[rule.rule_type]
    for person, each in enumerate(table.people):
        for place in sorted(table.open_shifts(person)):
            cell, shift = table.cell(person, place), table.shifts[place]
            if not applies(rule, each.facts, shift.local_date):
                continue
            found = judge(rule, each.facts, (), shift)
            if any(violation.severity == "block" for violation in found):
                yield Limit(rule.rule_type, rule.id, ((cell,),), (1,), 0)
            elif found:
                weight = table.problem.weights.of(rule) * len(found)
                yield Limit(rule.rule_type, rule.id, ((cell,),), (1,), 0, weight)


def cliques(shifts: Sequence[ShiftFacts], rest: timedelta) -> list[list[int]]:
    """Sets of shifts of which nobody can have two, because less than the rest lies between any two of them.

    Two shifts clash exactly when they, each prolonged by the rest, share a moment; so the shifts that hold each of
    the starts are the largest such sets.
    """
    order = sorted(range(len(shifts)), key=lambda place: shifts[place].span.starts_at)
    found: list[list[int]] = []
    running: list[int] = []
    grown = False
    for place in order:
        starts_at = shifts[place].span.starts_at
        left = [each for each in running if shifts[each].span.ends_at + rest > starts_at]
        if len(left) < len(running) and grown:
            found.append(running)
            grown = False
        running = [*left, place]
        grown = True
    return [clique for clique in [*found, running] if len(clique) > 1]


def weeks(table: Table) -> dict[date, list[int]]:
    """Places of the shifts that count in each week of their site, by its first day."""
    found: dict[date, list[int]] = {}
    for place, shift in enumerate(table.shifts):
        found.setdefault(shift.week_start, []).append(place)
    return found


def people_under(rule: RuleFacts[Any], table: Table, days: Sequence[date]) -> Iterator[int]:
    """The people for whom a rule holds on any of some days."""
    for person, each in enumerate(table.people):
        if any(applies(rule, each.facts, day) for day in days):
            yield person


def people_throughout(rule: RuleFacts[Any], table: Table, week_start: date) -> Iterator[int]:
    """The active people for whom a rule holds throughout a week."""
    for person, each in enumerate(table.people):
        ends = week_start, week_start + DAY * (DAYS_PER_WEEK - 1)
        if each.facts.is_active and all(applies(rule, each.facts, day) for day in ends):
            yield person


def shifts_under(rule: RuleFacts[Any], table: Table) -> Iterator[tuple[int, ShiftFacts]]:
    """The shifts a rule is about, with their places; one for a department is about the shifts of it."""
    for place, shift in enumerate(table.shifts):
        if rule.department_id in (None, shift.department_id) and holds_on(rule, shift.local_date):
            yield place, shift
