"""There are enough people on the shifts, and not too many; softly, each person short or over costs."""

from collections.abc import Iterator

from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.rules.coverage import CoverageLimits, is_about
from schedule_app.optimizer.constraints.common import limit, shifts_under
from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.table import Table


def limits(rule: RuleFacts[CoverageLimits], table: Table) -> Iterator[Limit]:
    """One limit for each shift and figure."""
    allowed = rule.limits
    for place, shift in shifts_under(rule, table):
        if not is_about(allowed, shift):
            continue
        cells = [table.group(person, [place]) for person in range(len(table.people))]
        required = shift.required_staff
        short = None if allowed.max_short is None else required - allowed.max_short
        over = None if allowed.max_over is None else required + allowed.max_over
        for least in (short, allowed.min_people):
            if least is not None and least > 0:
                yield from limit(rule, table, cells, -least, coefficients=[-1] * len(cells))
        for most in (over, allowed.max_people):
            if most is not None:
                yield from limit(rule, table, cells, most)
