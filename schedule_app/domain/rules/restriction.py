"""Some kinds of shift are not given to some people, or not soon after another kind; who works with whom."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts, WeekFacts, one_shift_of
from schedule_app.domain.rules.common import FORBID_EXTRA, applies, found, found_in_week, listed
from schedule_app.domain.rules.kinds import kind_among
from schedule_app.domain.rules.limit import MINUTES_PER_WEEK, BadLimit, Kind, check_limits, limit
from schedule_app.domain.time import day_label, minutes_label, span_label
from schedule_app.domain.violation import Violation

_GONE: Final = "Somebody who has left"


@dataclass(frozen=True, slots=True)
class Succession:
    """A kind of shift that must not follow another too soon.

    Attributes:
        before: The type of the earlier shift.
        after: The type of the later shift.
        within_minutes: The later one must not start in fewer minutes than this after the earlier one ends.
    """

    __pydantic_config__: ClassVar = FORBID_EXTRA

    before: str = limit(Kind.SHIFT_TYPE, "After", "kind of shift")
    after: str = limit(Kind.SHIFT_TYPE, "No", "kind of shift")
    within_minutes: int = limit(Kind.MINUTES, "Within", "hours", low=1, high=MINUTES_PER_WEEK)

    def __post_init__(self) -> None:
        check_limits(self)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people, by id."""

    __pydantic_config__: ClassVar = FORBID_EXTRA

    first: int = limit(Kind.PERSON, "Who", "person")
    second: int = limit(Kind.PERSON, "And who", "person")

    def __post_init__(self) -> None:
        check_limits(self)
        if self.first == self.second:
            raise BadLimit({"second": "Please choose two people."})


@dataclass(frozen=True, slots=True)
class RestrictionLimits:
    """What is forbidden.

    Attributes:
        forbidden_shift_types: Shifts of these types.
        forbidden_successions: These types too soon after one another.
        apart: Pairs of people who do not work at the same time.
        together: Pairs of people who only work at the same time: during each shift of one the other has one too.
    """

    __pydantic_config__: ClassVar = FORBID_EXTRA

    forbidden_shift_types: tuple[str, ...] = limit(
        Kind.SHIFT_TYPES, "Kinds of shift not worked", "kinds of shift", default=()
    )
    forbidden_successions: tuple[Succession, ...] = limit(
        Kind.LINES,
        "Not too soon after another",
        "kinds of shift",
        hint="Lines without a kind of shift are left out.",
        high=10,
        line=Succession,
        default=(),
    )
    apart: tuple[Pair, ...] = limit(
        Kind.LINES,
        "Never at the same time",
        "pairs of people",
        hint="Lines without two people are left out.",
        high=10,
        line=Pair,
        default=(),
    )
    together: tuple[Pair, ...] = limit(
        Kind.LINES,
        "Always at the same time",
        "pairs of people",
        hint="Lines without two people are left out.",
        high=10,
        line=Pair,
        of_week=True,
        default=(),
    )

    def __post_init__(self) -> None:
        check_limits(self)
        if not (self.forbidden_shift_types or self.forbidden_successions or self.apart or self.together):
            raise BadLimit({"forbidden_shift_types": "Please choose at least one kind of shift, or a line below."})
        if {_both(pair) for pair in self.apart} & {_both(pair) for pair in self.together}:
            raise BadLimit({"together": "Two people are either together or apart, not both."})

    @property
    def looks_at_shifts(self) -> bool:
        """Whether any of it is judged when a single shift is given."""
        return bool(self.forbidden_shift_types or self.forbidden_successions or self.apart)


def _both(pair: Pair) -> frozenset[int]:
    return frozenset((pair.first, pair.second))


def describe(limits: RestrictionLimits, names: Mapping[int, str] | None = None) -> str:
    """Say what the rule means.

    Args:
        limits: What is forbidden.
        names: What the people of its pairs are called.
    """
    called = names or {}
    sentences = [
        f"No {each.after} shift begins within {minutes_label(each.within_minutes)} after {one_shift_of(each.before)}."
        for each in limits.forbidden_successions
    ]
    if limits.forbidden_shift_types:
        sentences.insert(0, f"Nobody works {listed(limits.forbidden_shift_types, 'or')} shifts.")
    sentences += [f"{_two(pair, called)} never work at the same time." for pair in limits.apart]
    sentences += [f"{_two(pair, called)} always work at the same time." for pair in limits.together]
    return " ".join(sentences)


def _two(pair: Pair, names: Mapping[int, str]) -> str:
    return f"{names.get(pair.first, _GONE)} and {names.get(pair.second, _GONE)}"


def judge(
    rule: RuleFacts[RestrictionLimits], employee: EmployeeFacts, worked: Sequence[ShiftFacts], candidate: ShiftFacts
) -> list[Violation]:
    """Find forbidden types, forbidden successions with the shifts before and after the candidate, and whom to avoid."""
    messages: list[str] = []
    if kind := kind_among(candidate, rule.limits.forbidden_shift_types):
        messages.append(f"{employee.name} may not work {kind} shifts.")
    for succession in rule.limits.forbidden_successions:
        for shift in worked:
            earlier, later = sorted((shift, candidate), key=lambda each: each.span.starts_at)
            if not (kind_among(earlier, (succession.before,)) and kind_among(later, (succession.after,))):
                continue
            gap = earlier.span.gap_minutes(later.span)
            if gap < succession.within_minutes and not earlier.span.overlaps(later.span):
                messages.append(
                    f"{employee.name} would start {one_shift_of(succession.after)} {minutes_label(gap)} after "
                    f"{one_shift_of(succession.before)}; at least {minutes_label(succession.within_minutes)} must lie "
                    "between."
                )
    messages += [
        f"{employee.name} would work at the same time as {rule.names.get(other, _GONE)}."
        for other in _others(employee.id, rule.limits.apart)
        if other in candidate.beside
    ]
    return [found(rule, employee, candidate, message) for message in messages]


def judge_week(rule: RuleFacts[RestrictionLimits], week: WeekFacts) -> list[Violation]:
    """Find shifts of somebody without the other one, who has to be there at the same time."""
    violations: list[Violation] = []
    for pair in rule.limits.together:
        for one, other in ((pair.first, pair.second), (pair.second, pair.first)):
            employee = week.people.get(one)
            theirs = week.worked.get(other, ())
            for shift in week.in_week(one):
                if employee is None or not applies(rule, employee, shift.local_date):
                    continue
                if not any(each.span.overlaps(shift.span) for each in theirs):
                    day, times = shift.local_date, span_label(shift.span, shift.zone, clock_24h=shift.clock_24h)
                    message = (
                        f"{employee.name} works on {day_label(day)}, {times}, without {rule.names.get(other, _GONE)}."
                    )
                    violations.append(found_in_week(rule, message, employee, shift))
    return violations


def people_named(limits: object) -> frozenset[int]:
    """Everybody whom limits name in pairs."""
    if not isinstance(limits, RestrictionLimits):
        return frozenset()
    return frozenset(each for pair in (*limits.apart, *limits.together) for each in (pair.first, pair.second))


def pairs_apart(rules: Iterable[RuleFacts[Any]]) -> frozenset[int]:
    """Everybody whom one of the rules keeps away from somebody else."""
    return frozenset(
        each
        for rule in rules
        if isinstance(rule.limits, RestrictionLimits)
        for pair in rule.limits.apart
        for each in (pair.first, pair.second)
    )


def _others(employee_id: int, pairs: Iterable[Pair]) -> Iterator[int]:
    for pair in pairs:
        if employee_id in (pair.first, pair.second):
            yield pair.second if employee_id == pair.first else pair.first
