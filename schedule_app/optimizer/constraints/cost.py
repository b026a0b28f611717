"""A week costs no more than it should; without a figure, as little as can be."""

from collections.abc import Iterator
from dataclasses import replace

from schedule_app.domain.cost import cost_cents
from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.rules.cost import CostLimits
from schedule_app.optimizer.constraints.common import limit, shifts_under
from schedule_app.optimizer.limits import Group, Limit
from schedule_app.optimizer.table import Table

_CENTS = 100
#: So many cents weigh once.
_UNIT = 100 * _CENTS


def limits(rule: RuleFacts[CostLimits], table: Table) -> Iterator[Limit]:
    """One limit for each week, over everybody with an hourly rate."""
    most = rule.limits.max_per_week
    shifts = list(shifts_under(rule, table))
    for week_start in sorted({shift.week_start for _, shift in shifts}):
        groups: list[Group] = []
        costs: list[int] = []
        for place, shift in shifts:
            for person, each in enumerate(table.people):
                if shift.week_start == week_start and each.rate_cents is not None:
                    groups.append(table.group(person, [place]))
                    costs.append(cost_cents(shift.span.minutes, each.rate_cents))
        if most is None:
            soft = replace(rule, strict=False)
            yield from limit(soft, table, groups, 0, coefficients=costs, unit=_UNIT)
        else:
            yield from limit(rule, table, groups, most * _CENTS, coefficients=costs, unit=_UNIT)
