"""People hold the qualifications a kind of shift asks for; enough of those on a shift hold them."""

from collections.abc import Iterator
from dataclasses import replace

from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.rules.kinds import is_meant
from schedule_app.domain.rules.qualification import QualificationLimits, judge
from schedule_app.optimizer.constraints.common import judged_alone, limit, shifts_under
from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.table import Table


def limits(rule: RuleFacts[QualificationLimits], table: Table) -> Iterator[Limit]:
    """One limit for each cell, or, where enough people are asked for, one for each shift."""
    least = rule.limits.min_people
    if least is None:
        yield from judged_alone(rule, table)
        return
    of_one = replace(rule, limits=replace(rule.limits, min_people=None))
    for place, shift in shifts_under(rule, table):
        if is_meant(shift, rule.limits.shift_types):
            holding = [
                table.group(person, [place])
                for person, each in enumerate(table.people)
                if not judge(of_one, each.facts, (), shift)
            ]
            yield from limit(rule, table, holding, -least, coefficients=[-1] * len(holding))
