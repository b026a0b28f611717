"""Some kinds of shift are not given to some people, or not soon after another kind; who works with whom."""

from collections.abc import Iterator

from schedule_app.domain.facts import RuleFacts, ShiftFacts
from schedule_app.domain.rules.common import applies
from schedule_app.domain.rules.kinds import kind_among
from schedule_app.domain.rules.restriction import Pair, RestrictionLimits, Succession
from schedule_app.optimizer.constraints.common import limit, people_under
from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.table import Table

Rule = RuleFacts[RestrictionLimits]


def limits(rule: Rule, table: Table) -> Iterator[Limit]:
    """One limit for each forbidden cell, each shift with those it may not follow, each shift of a pair's one."""
    for place, shift in enumerate(table.shifts):
        if kind_among(shift, rule.limits.forbidden_shift_types):
            for person in people_under(rule, table, [shift.local_date]):
                yield from limit(rule, table, table.each(person, [place]), 0)
    for succession in rule.limits.forbidden_successions:
        yield from _succession(rule, succession, table)
    for pair in rule.limits.apart:
        yield from _pair(rule, pair, table, is_apart=True)
    for pair in rule.limits.together:
        yield from _pair(rule, pair, table, is_apart=False)


def _succession(rule: Rule, succession: Succession, table: Table) -> Iterator[Limit]:
    for place, shift in enumerate(table.shifts):
        before = [other for other, each in enumerate(table.shifts) if _clash(succession, each, shift)]
        days = [shift.local_date, *(table.shifts[each].local_date for each in before)]
        for person in people_under(rule, table, days):
            own = table.group(person, [place])
            around = table.people[person].around
            if any(_clash(succession, each, shift) or _clash(succession, shift, each) for each in around):
                yield from limit(rule, table, [own], 0)
            if own and before:
                yield from limit(rule, table, [own, table.group(person, before)], 1)


def _clash(succession: Succession, earlier: ShiftFacts, later: ShiftFacts) -> bool:
    return (
        kind_among(earlier, (succession.before,)) is not None
        and kind_among(later, (succession.after,)) is not None
        and earlier.span.starts_at <= later.span.starts_at
        and not earlier.span.overlaps(later.span)
        and earlier.span.gap_minutes(later.span) < succession.within_minutes
    )


def _pair(rule: Rule, pair: Pair, table: Table, *, is_apart: bool) -> Iterator[Limit]:
    """Of each shift of the one: nothing of the other's at the same time, or else something."""
    for one, other in ((pair.first, pair.second), (pair.second, pair.first)):
        if one not in table.place_of_person:
            continue
        person, partner = table.place_of_person[one], table.place_of_person.get(other)
        around = () if partner is None else table.people[partner].around
        for place, shift in enumerate(table.shifts):
            own = table.group(person, [place])
            if not own or not applies(rule, table.people[person].facts, shift.local_date):
                continue
            same_time = [at for at, each in enumerate(table.shifts) if each.span.overlaps(shift.span)]
            theirs = () if partner is None else table.group(partner, same_time)
            is_there = any(each.span.overlaps(shift.span) for each in around)
            if is_apart:
                yield from limit(rule, table, [own] if is_there else [own, theirs], 0 if is_there else 1)
            elif not is_there:
                yield from limit(rule, table, [own, theirs], 0, coefficients=[1, -1])
