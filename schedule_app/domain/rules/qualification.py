"""A shift is given to people trained for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import ClassVar

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts
from schedule_app.domain.rules.common import FORBID_EXTRA, found, listed
from schedule_app.domain.rules.limit import Kind, check_limits, limit
from schedule_app.domain.time import Interval, day_label, minutes_by_local_day
from schedule_app.domain.violation import Violation


@dataclass(frozen=True, slots=True)
class QualificationLimits:
    """What must be held.

    Attributes:
        all_of: Every one of these qualifications.
        shift_types: Only on shifts of these types; empty means on every shift.
    """

    __pydantic_config__: ClassVar = FORBID_EXTRA

    all_of: tuple[str, ...] = limit(
        Kind.QUALIFICATIONS, "Qualifications", "qualifications", hint="Each of these must be held.", low=1
    )
    shift_types: tuple[str, ...] = limit(
        Kind.SHIFT_TYPES, "For these kinds of shift", "kinds of shift", hint="None chosen means every kind.", default=()
    )

    def __post_init__(self) -> None:
        check_limits(self)


def describe(limits: QualificationLimits) -> str:
    """Say what the rule means."""
    shifts = f"{listed(limits.shift_types, 'and')} shifts are" if limits.shift_types else "every shift is"
    return f"{shifts[:1].upper()}{shifts[1:]} worked only by people who hold {listed(limits.all_of, 'and')}."


def judge(
    rule: RuleFacts[QualificationLimits], employee: EmployeeFacts, worked: Sequence[ShiftFacts], candidate: ShiftFacts
) -> list[Violation]:
    """Find the qualifications the employee lacks, or whose expiry comes before the shift's last local date."""
    if rule.limits.shift_types and candidate.shift_type not in rule.limits.shift_types:
        return []
    return [found(rule, employee, candidate, message) for message in lacking(employee, rule.limits.all_of, candidate)]


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
