"""Gives the shifts of a larger site to its people, in memory; the rules judge every single one."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final

from schedule_app.domain.check import check_assignment
from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts

_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
# Without it the week's first days would use up everybody, and its last ones be empty.
_LEFT_OPEN: Final = 0.08
_REST: Final = timedelta(hours=11)


@dataclass(slots=True)
class Candidate:
    """A person and what they have been given so far, in order of time."""

    facts: EmployeeFacts
    kinds: frozenset[str]
    given: list[ShiftFacts] = field(default_factory=list)
    minutes_by_week: defaultdict[date, int] = field(default_factory=lambda: defaultdict(int))
    free_from: datetime = _LONG_AGO

    def load(self, week_start: date) -> float:
        """The part of a week's contract that is used up."""
        return self.minutes_by_week[week_start] / (self.facts.contracted_minutes or 1)

    def may_suit(self, shift: ShiftFacts, kind: str) -> bool:
        """A quick look that spares the rules most of those who cannot be given the shift."""
        return (
            kind in self.kinds
            and self.free_from <= shift.span.starts_at
            and self.minutes_by_week[shift.week_start] + shift.span.minutes <= (self.facts.contracted_minutes or 0)
        )

    def take(self, shift: ShiftFacts) -> None:
        """Have the shift."""
        self.given.append(shift)
        self.minutes_by_week[shift.week_start] += shift.span.minutes
        self.free_from = shift.span.ends_at + _REST


def fill(
    random: Random,
    shifts: Sequence[tuple[ShiftFacts, str]],
    candidates: Sequence[Candidate],
    rules: Sequence[RuleFacts[Any]],
) -> Iterator[tuple[ShiftFacts, EmployeeFacts]]:
    """Give each shift to those of its department who have had least of their contract, as far as the rules allow.

    Nobody is given a shift against any rule, not even against a warning. What cannot be filled stays open, and so do
    a few places here and there.

    Args:
        random: The only source of chance.
        shifts: The shifts with their kinds, in any order.
        candidates: The people, in an order that decides between equals.
        rules: All rules of the site.
    """
    by_department: defaultdict[int | None, list[Candidate]] = defaultdict(list)
    for each in candidates:
        by_department[each.facts.department_id].append(each)
    for shift, kind in sorted(shifts, key=_in_order):
        places = sum(random.random() >= _LEFT_OPEN for _ in range(shift.required_staff))
        week_start = shift.week_start
        suited = [each for each in by_department[shift.department_id] if each.may_suit(shift, kind)]
        for candidate in sorted(suited, key=lambda each: each.load(week_start)):
            if not places:
                break
            if not check_assignment(rules, candidate.facts, candidate.given, shift):
                candidate.take(shift)
                places -= 1
                yield shift, candidate.facts


def _in_order(work: tuple[ShiftFacts, str]) -> tuple[datetime, bool, int]:
    """By start; those few people can work come first."""
    shift, _ = work
    return shift.span.starts_at, not shift.required_qualifications, shift.id
