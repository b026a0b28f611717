"""There is enough rest between two shifts."""

from collections.abc import Iterator
from datetime import timedelta

from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.rules.rest_period import RestPeriodLimits
from schedule_app.optimizer.constraints.common import cliques, limit, people_under
from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.table import Table


def limits(rule: RuleFacts[RestPeriodLimits], table: Table) -> Iterator[Limit]:
    """One limit for each person and each set of shifts that lie too near to one another, what is around included."""
    least = rule.limits.min_minutes
    if least is None:
        return
    rest = timedelta(minutes=least)
    for clique in cliques(table.shifts, rest):
        days = [table.shifts[place].local_date for place in clique]
        for person in people_under(rule, table, days):
            yield from limit(rule, table, table.each(person, clique), 1)
    for person in people_under(rule, table, table.days):
        for shift in table.people[person].around:
            for place, each in enumerate(table.shifts):
                gap = each.span.gap_minutes(shift.span)
                if gap < least and not each.span.overlaps(shift.span):
                    yield from limit(rule, table, [table.group(person, [place])], 0)
