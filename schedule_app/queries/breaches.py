"""What is broken now, and what a rule would find: breaches in words, with the way to the board."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.facts import EmployeeFacts, RuleFacts
from schedule_app.domain.rules.wording import BUILT_IN
from schedule_app.domain.standing import Finding, PlannedWeek, findings, judge_as_wholes, judge_rule, judge_weeks
from schedule_app.domain.time import shift_label, week_start_of
from schedule_app.queries.labels import week_label
from schedule_app.queries.planned import Planned, people_of, weeks_of
from schedule_app.queries.rules import StoredRule

Window: TypeAlias = Literal["past", "next", "both"]
Change: TypeAlias = Literal["new", "gone", "same"]

WEEKS_NOW: Final = 8
MOST_SHOWN: Final = 200

_WEEK: Final = timedelta(days=7)
_SPANS: Final[dict[Window, tuple[int, int]]] = {"past": (-4, -1), "next": (0, 4), "both": (-4, 4)}

_KEPT = text("""
    SELECT found.assignment_id, found.rule_id, found.rule_type, found.override_reason,
           COALESCE(employees.name, '') AS overridden_by
    FROM rule_violations AS found
    LEFT JOIN employees ON employees.id = found.overridden_by_id
    WHERE found.assignment_id = ANY(:assignment_ids)
""")


@dataclass(frozen=True, slots=True)
class FoundItem:
    """One sentence about one person, a shift, or a week as a whole.

    Attributes:
        person: Who it is about; empty, and 0 for their number, where it is nobody alone.
        shift: The first shift it is about; empty where it is about the week.
        more: How many other shifts it is about too.
        week_start: Of the first shift, as an ISO date.
        day: The first shift's date, or the first day of the week, as an ISO date.
        of_week: Whether it is told of a week as a whole, and refuses no single shift.
        change: What a rule would do to it: "new" comes, "gone" goes, "same" stays.
        accepted: Who allowed it and why; empty where nobody has.
    """

    key: str
    rule_id: int
    rule: str
    person: str
    employee_id: int
    department_id: int
    message: str
    shift: str
    more: int
    week: str
    week_start: str
    day: str
    blocks: bool
    of_week: bool = False
    change: Change = "same"
    accepted: str = ""


@dataclass(frozen=True, slots=True)
class TrialWeek:
    """A week, with what is found in it without the change and with it."""

    label: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What a change of a rule would do to what is planned.

    Attributes:
        items: What comes, what goes, what stays, in this order; the first `MOST_SHOWN` of them.
        hidden: How many there are besides.
    """

    new: int
    gone: int
    same: int
    weeks: list[TrialWeek]
    items: list[FoundItem]
    hidden: int


def trial_weeks(today: date, week_starts_on: int, window: Window) -> tuple[date, date]:
    """The first days of the first and the last week that a trial looks at; at most nine weeks."""
    this_week = week_start_of(today, week_starts_on)
    first, last = _SPANS[window]
    return this_week + first * _WEEK, this_week + last * _WEEK


def weeks_now(today: date, week_starts_on: int) -> tuple[date, date]:
    """The first days of the current week and of the last coming one that is looked at."""
    this_week = week_start_of(today, week_starts_on)
    return this_week, this_week + (WEEKS_NOW - 1) * _WEEK


async def try_rule(planned: Planned, before: RuleFacts[Any] | None, after: RuleFacts[Any] | None) -> Trial:
    """Judge what is planned by a rule as it is and as it would be, in a thread.

    Args:
        planned: What is planned.
        before: The rule as it holds; None where it does not.
        after: The rule as it would hold; None where it would not.

    Raises:
        InvalidInput: A person's data is stored in a form that cannot be understood.
    """
    return await asyncio.to_thread(_trial, planned, before, after)


async def find_breaches(planned: Planned, rules: Sequence[StoredRule]) -> list[FoundItem]:
    """Judge what is planned by all rules that hold, in a thread; by time.

    Raises:
        InvalidInput: A person's data is stored in a form that cannot be understood.
    """
    return [item for item, _ in await _found(planned, rules)]


async def list_breaches(session: AsyncSession, planned: Planned, rules: Sequence[StoredRule]) -> list[FoundItem]:
    """As `find_breaches`, with who allowed what, and why."""
    found = await _found(planned, rules)
    ids = [each.holding.assignment_id for _, finding in found for each in finding.breaches if each.holding]
    kept = {
        (row.assignment_id, row.rule_id, row.rule_type): f"{row.overridden_by}: {row.override_reason}"
        for row in await session.execute(_KEPT, {"assignment_ids": ids})
        if row.override_reason
    }
    return [replace(item, accepted=_accepted(finding, kept)) for item, finding in found]


async def _found(planned: Planned, rules: Sequence[StoredRule]) -> list[tuple[FoundItem, Finding]]:
    names = {rule.id: rule.name for rule in rules}
    holding = [rule.facts for rule in rules if rule.is_active and rule.facts is not None]

    def judge() -> list[tuple[FoundItem, Finding]]:
        people, titles = people_of(planned), planned.titles
        weeks = weeks_of(planned)
        found = findings([*judge_weeks(holding, people, weeks), *judge_as_wholes(holding, people, weeks)])
        return [(_item(titles, people, each, names), each) for each in found]

    return await asyncio.to_thread(judge)


def _accepted(finding: Finding, kept: dict[tuple[int, int | None, str], str]) -> str:
    """Allowed only where every shift of it was."""
    said = [
        kept.get((each.holding.assignment_id, each.violation.rule_id, each.violation.rule_type), "")
        if each.holding
        else ""
        for each in finding.breaches
    ]
    return said[0] if all(said) else ""


def _trial(planned: Planned, before: RuleFacts[Any] | None, after: RuleFacts[Any] | None) -> Trial:
    people, weeks, titles = people_of(planned), weeks_of(planned), planned.titles
    old, new = ({_key(each): each for each in _judged(rule, people, weeks)} for rule in (before, after))
    changes: list[tuple[Change, Finding]] = [
        *(("new", each) for key, each in new.items() if key not in old),
        *(("gone", each) for key, each in old.items() if key not in new),
        *(("same", each) for key, each in new.items() if key in old),
    ]
    counts = Counter(change for change, _ in changes)
    return Trial(
        new=counts["new"],
        gone=counts["gone"],
        same=counts["same"],
        weeks=_per_week(weeks, old.values(), new.values()),
        items=[replace(_item(titles, people, each, {}), change=change) for change, each in changes[:MOST_SHOWN]],
        hidden=max(0, len(changes) - MOST_SHOWN),
    )


def _judged(
    rule: RuleFacts[Any] | None, people: dict[int, EmployeeFacts], weeks: Sequence[PlannedWeek]
) -> list[Finding]:
    return findings(judge_rule(rule, people, weeks)) if rule is not None else []


def _key(finding: Finding) -> tuple[int | None, str, str]:
    return finding.employee_id, finding.message, finding.first.violation.severity


def _per_week(weeks: Iterable[PlannedWeek], old: Iterable[Finding], new: Iterable[Finding]) -> list[TrialWeek]:
    before, after = (Counter(each.first.week_start for each in side) for side in (old, new))
    return [TrialWeek(week_label(week.week_start), before[week.week_start], after[week.week_start]) for week in weeks]


def _item(
    titles: dict[int, str], people: dict[int, EmployeeFacts], finding: Finding, names: dict[int, str]
) -> FoundItem:
    first = finding.first
    shift, found = first.shift, first.violation
    person = people[finding.employee_id] if finding.employee_id is not None else None
    held = first.holding.assignment_id if first.holding else first.week_start
    return FoundItem(
        key=f"{found.rule_id or found.rule_type}-{held}-{finding.message}",
        rule_id=found.rule_id or 0,
        rule=names.get(found.rule_id, "") if found.rule_id is not None else BUILT_IN[found.rule_type],
        person=person.name if person else "",
        employee_id=person.id if person else 0,
        department_id=(person.department_id if person else shift.department_id if shift else None) or 0,
        message=finding.message,
        shift=shift_label(shift.span, shift.zone, titles.get(shift.id), clock_24h=shift.clock_24h) if shift else "",
        more=len(finding.breaches) - 1,
        week=week_label(first.week_start),
        week_start=first.week_start.isoformat(),
        day=(shift.local_date if shift else first.week_start).isoformat(),
        blocks=found.severity == "block",
        of_week=first.holding is None,
    )
