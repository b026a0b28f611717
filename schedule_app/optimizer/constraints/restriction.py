"""Some kinds of shift are not given to some people, or not soon after another kind."""

from collections.abc import Iterator

from schedule_app.domain.facts import RuleFacts, ShiftFacts
from schedule_app.domain.rules.kinds import kind_among
from schedule_app.domain.rules.restriction import RestrictionLimits, Succession
from schedule_app.optimizer.constraints.common import limit, people_under
from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.table import Table


def limits(rule: RuleFacts[RestrictionLimits], table: Table) -> Iterator[Limit]:
    """One limit for each forbidden cell, and for each shift together with those it may not follow."""
    for place, shift in enumerate(table.shifts):
        if kind_among(shift, rule.limits.forbidden_shift_types):
            for person in people_under(rule, table, [shift.local_date]):
                yield from limit(rule, table, [table.group(person, [place])], 0)
    for succession in rule.limits.forbidden_successions:
        yield from _succession(rule, succession, table)


def _succession(rule: RuleFacts[RestrictionLimits], succession: Succession, table: Table) -> Iterator[Limit]:
    for place, shift in enumerate(table.shifts):
        before = [other for other, each in enumerate(table.shifts) if _clash(succession, each, shift)]
        for person in people_under(
            rule, table, [shift.local_date, *(table.shifts[each].local_date for each in before)]
        ):
            own = table.group(person, [place])
            around = table.people[person].around
            if any(_clash(succession, each, shift) or _clash(succession, shift, each) for each in around):
                yield from limit(rule, table, [own], 0)
            if before:
                yield from limit(rule, table, [own, table.group(person, before)], 1)


def _clash(succession: Succession, earlier: ShiftFacts, later: ShiftFacts) -> bool:
    return (
        kind_among(earlier, (succession.before,)) is not None
        and kind_among(later, (succession.after,)) is not None
        and earlier.span.starts_at <= later.span.starts_at
        and not earlier.span.overlaps(later.span)
        and earlier.span.gap_minutes(later.span) < succession.within_minutes
    )
