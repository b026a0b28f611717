"""People get the shifts they like, where that can be had; wishes always weigh and never bind."""

from collections.abc import Iterator
from dataclasses import replace

from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.rules.common import applies
from schedule_app.domain.rules.kinds import is_meant
from schedule_app.domain.rules.preference import PreferenceLimits
from schedule_app.optimizer.constraints.common import DAY, DAYS_PER_WEEK, judged_alone, limit, weeks
from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.table import Table


def limits(rule: RuleFacts[PreferenceLimits], table: Table) -> Iterator[Limit]:
    """One limit for each cell that goes against a wish, and one for each day that is wished for."""
    yield from judged_alone(rule, table)
    if not rule.limits.wants_each:
        return
    wish = replace(rule, strict=False)
    kinds, weekdays = rule.limits.wanted_shift_types, rule.limits.wanted_weekdays
    for day in (week_start + DAY * offset for week_start in weeks(table) for offset in range(DAYS_PER_WEEK)):
        if weekdays and day.weekday() not in weekdays:
            continue
        places = [place for place in table.shifts_of_day.get(day, ()) if is_meant(table.shifts[place], kinds)]
        for person, each in enumerate(table.people):
            had = any(shift.local_date == day and is_meant(shift, kinds) for shift in each.around)
            if each.facts.is_active and not had and applies(rule, each.facts, day):
                yield from limit(wish, table, [table.group(person, places)], -1, coefficients=[-1])
