"""A shift is given to people trained for it, all of them or enough."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import ClassVar

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts, WeekFacts
from schedule_app.domain.rules.common import FORBID_EXTRA, found, found_in_week, listed, shifts_of
from schedule_app.domain.rules.kinds import is_meant, shifts_named
from schedule_app.domain.rules.limit import BadLimit, Kind, check_limits, limit
from schedule_app.domain.time import Interval, day_label, minutes_by_local_day, span_label
from schedule_app.domain.violation import Violation


@dataclass(frozen=True, slots=True)
class QualificationLimits:
    """What must be held, by everybody on a shift or by some of them.

    Attributes:
        all_of: Every one of these qualifications.
        shift_types: Only on shifts of these types; empty means on every shift.
        any_of: One of these qualifications at the least.
        min_people: So many people on each shift must hold them; without it everybody must.
    """

    __pydantic_config__: ClassVar = FORBID_EXTRA

    all_of: tuple[str, ...] = limit(
        Kind.QUALIFICATIONS, "Qualifications", "qualifications", hint="Each of these must be held.", default=()
    )
    shift_types: tuple[str, ...] = limit(
        Kind.SHIFT_TYPES, "For these kinds of shift", "kinds of shift", hint="None chosen means every kind.", default=()
    )
    any_of: tuple[str, ...] = limit(
        Kind.QUALIFICATIONS, "One of these", "qualifications", hint="At least one must be held.", default=()
    )
    min_people: int | None = limit(
        Kind.COUNT,
        "Needed on each shift",
        "people",
        hint="So many who hold them; empty: everybody on the shift.",
        low=1,
        high=50,
        of_week=True,
        default=None,
    )

    def __post_init__(self) -> None:
        check_limits(self)
        if not self.all_of and not self.any_of:
            raise BadLimit({"all_of": "Please choose at least one."})

    @property
    def looks_at_shifts(self) -> bool:
        """Whether it is judged when a single shift is given; who else is on it is told of the week."""
        return self.min_people is None


def describe(limits: QualificationLimits) -> str:
    """Say what the rule means."""
    held = [
        listed(limits.all_of, "and") if limits.all_of else "",
        f"any of {listed(limits.any_of, 'or')}" if limits.any_of else "",
    ]
    holding = ", and ".join(filter(None, held))
    if limits.min_people is not None:
        people = "at least 1 person holds" if limits.min_people == 1 else f"at least {limits.min_people} people hold"
        return f"On {shifts_named(limits.shift_types, 'every shift')} {people} {holding}."
    shifts = f"{listed(limits.shift_types, 'and')} shifts are" if limits.shift_types else "every shift is"
    return f"{shifts[:1].upper()}{shifts[1:]} worked only by people who hold {holding}."


def judge(
    rule: RuleFacts[QualificationLimits], employee: EmployeeFacts, worked: Sequence[ShiftFacts], candidate: ShiftFacts
) -> list[Violation]:
    """Find the qualifications the employee lacks, or whose expiry comes before the shift's last local date."""
    limits = rule.limits
    if limits.min_people is not None or not is_meant(candidate, limits.shift_types):
        return []
    return [found(rule, employee, candidate, message) for message in _lacked(limits, employee, candidate)]


def judge_week(rule: RuleFacts[QualificationLimits], week: WeekFacts) -> list[Violation]:
    """Find shifts with too few people who hold what is asked for; a rule for a department is about its shifts."""
    limits = rule.limits
    if limits.min_people is None:
        return []
    violations: list[Violation] = []
    for shift in shifts_of(rule, week):
        if not is_meant(shift, limits.shift_types):
            continue
        people = [week.people[each] for each in week.staff.get(shift.id, ()) if each in week.people]
        holding = sum(not _lacked(limits, each, shift) for each in people)
        if holding < limits.min_people:
            what = [*limits.all_of, *([listed(limits.any_of, "or")] if limits.any_of else [])]
            when = span_label(shift.span, shift.zone, clock_24h=shift.clock_24h)
            message = (
                f"{day_label(shift.local_date)}, {when}: {holding} of {limits.min_people} needed with "
                f"{listed(what, 'and')}."
            )
            violations.append(found_in_week(rule, message, shift=shift))
    return violations


def _lacked(limits: QualificationLimits, employee: EmployeeFacts, shift: ShiftFacts) -> list[str]:
    sentences = lacking(employee, limits.all_of, shift)
    if limits.any_of and all(lacking(employee, [name], shift) for name in limits.any_of):
        sentences.append(f"{employee.name} holds none of {listed(limits.any_of, 'and')}.")
    return sentences


def lacking(employee: EmployeeFacts, names: Iterable[str], shift: ShiftFacts) -> list[str]:
    """One sentence for each named qualification the employee does not hold throughout the shift.

    Names are compared without regard to case and outer blanks. A qualification still counts on the date it expires; a
    shift going past midnight needs it on both dates.
    """
    sentences: list[str] = []
    for name in names:
        last_day = _last_day(shift.span, shift.zone)
        held = [each for each in employee.qualifications if _key(each.name) == _key(name)]
        expiries = [each.expires_on for each in held if each.expires_on is not None]
        if not held:
            sentences.append(f"{employee.name} does not hold the qualification {name}.")
        elif len(expiries) == len(held) and max(expiries) < last_day:
            verb = "expired" if max(expiries) < shift.local_date else "expires"
            sentences.append(
                f"{employee.name}'s qualification {name} {verb} on {day_label(max(expiries))}; "
                f"this shift needs it on {day_label(last_day)}."
            )
    return sentences


@lru_cache(maxsize=1024)
def _last_day(span: Interval, zone: str) -> date:
    return list(minutes_by_local_day(span, zone))[-1]


def _key(name: str) -> str:
    return name.strip().casefold()
