"""There is enough rest between two shifts, and in each week."""

from collections.abc import Iterator
from datetime import date, time, timedelta

from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.rules.rest_period import RestPeriodLimits
from schedule_app.domain.time import Interval, resolve_wall
from schedule_app.optimizer.constraints.common import DAY, DAYS_PER_WEEK, cliques, limit, people_under, weeks
from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.table import Table

Rule = RuleFacts[RestPeriodLimits]


def limits(rule: Rule, table: Table) -> Iterator[Limit]:
    """Shifts that lie too near to one another, and weeks without a rest that is long enough."""
    if rule.limits.min_minutes is not None:
        yield from _between(rule, table, rule.limits.min_minutes)
    if rule.limits.weekly_minutes is not None:
        for week_start, places in weeks(table).items():
            yield from _week(rule, table, week_start, places, timedelta(minutes=rule.limits.weekly_minutes))


def _between(rule: Rule, table: Table, least: int) -> Iterator[Limit]:
    """One limit for each person and each set of shifts too near to one another, what is around included."""
    for clique in cliques(table.shifts, timedelta(minutes=least)):
        days = [table.shifts[place].local_date for place in clique]
        for person in people_under(rule, table, days):
            yield from limit(rule, table, table.each(person, clique), 1)
    for person in people_under(rule, table, table.days):
        for shift in table.people[person].around:
            for place, each in enumerate(table.shifts):
                if each.span.gap_minutes(shift.span) < least and not each.span.overlaps(shift.span):
                    yield from limit(rule, table, table.each(person, [place]), 0)


def _week(rule: Rule, table: Table, week_start: date, places: list[int], rest: timedelta) -> Iterator[Limit]:
    """Not every time at which the rest could begin may have work in it; it begins with the week or with an end."""
    zone = table.shifts[places[0]].zone
    begins, until = (resolve_wall(day, time.min, zone).at for day in (week_start, week_start + DAY * DAYS_PER_WEEK))
    near = [place for place, shift in enumerate(table.shifts) if shift.span.overlaps(Interval(begins, until))]
    days = sorted({table.shifts[place].local_date for place in places})
    for person in people_under(rule, table, days):
        around = [shift.span for shift in table.people[person].around]
        ends = {begins, *(table.shifts[place].span.ends_at for place in near), *(span.ends_at for span in around)}
        times = [Interval(at, at + rest) for at in sorted(ends) if begins <= at and at + rest <= until]
        groups = [
            table.group(person, [place for place in near if table.shifts[place].span.overlaps(each)])
            for each in times
            if not any(span.overlaps(each) for span in around)
        ]
        if not groups:
            yield from limit(rule, table, [table.group(person, places)], 0)
        elif all(groups):
            yield from limit(rule, table, groups, len(groups) - 1)
