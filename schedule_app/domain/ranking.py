"""Who should be asked first to take a shift, and why: an order that can be told in one sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from schedule_app.domain.check import applies
from schedule_app.domain.facts import EmployeeFacts, Preference, RuleFacts, ShiftFacts
from schedule_app.domain.rules.common import same_week, total_minutes
from schedule_app.domain.rules.overtime import OvertimeLimits
from schedule_app.domain.rules.workload import WorkloadLimits

#: The order in words, for who asks why somebody comes first.
ORDER_IN_WORDS: Final = (
    "First who breaks nothing, then who likes the time, then who lacks most hours of their contract, then who costs "
    "least."
)
_WISHES: Final = (Preference.PREFERRED, Preference.AVAILABLE, Preference.DISLIKED, Preference.UNAVAILABLE)


@dataclass(frozen=True, slots=True)
class Room:
    """Where somebody would stand with the shift.

    Attributes:
        week_minutes: Of the site's week, with the shift.
        limit_minutes: The lowest weekly limit that holds for them; None for none.
        rest_before: Minutes since the shift before; None where there is none nearby.
        rest_after: Minutes until the shift after.
    """

    week_minutes: int
    limit_minutes: int | None
    rest_before: int | None
    rest_after: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the order goes by.

    Attributes:
        blocks: How many rules forbid it.
        warnings: How many rules warn of it.
        over_contract: Minutes of the week, with the shift, beyond the contract; below 0 while some are lacking, and 0
            for people without a contract.
        cost_cents: None where it is not known, or not to be.
    """

    employee_id: int
    name: str
    blocks: int
    warnings: int
    preference: Preference
    over_contract: int
    cost_cents: int | None


def rank(people: Iterable[Standing]) -> list[Standing]:
    """Put people in order.

    By the number of rules that forbid it, then of those that warn, then the preference for the time, then minutes
    beyond the contract (who lacks most comes first), then cost (unknown ones last), then name.
    """
    return sorted(
        people,
        key=lambda each: (
            each.blocks,
            each.warnings,
            _WISHES.index(each.preference),
            each.over_contract,
            each.cost_cents is None,
            each.cost_cents or 0,
            each.name.casefold(),
            each.employee_id,
        ),
    )


def room_of(
    rules: Iterable[RuleFacts[Any]], employee: EmployeeFacts, worked: Sequence[ShiftFacts], shift: ShiftFacts
) -> Room:
    """Tell where somebody would stand with the shift; arguments as `check_assignment`."""
    others = [each for each in worked if each.id != shift.id]
    limits = [
        minutes
        for rule in rules
        if applies(rule, employee, shift.local_date) and (minutes := _weekly_limit(rule.limits)) is not None
    ]
    before = [each.span.gap_minutes(shift.span) for each in others if each.span.ends_at <= shift.span.starts_at]
    after = [each.span.gap_minutes(shift.span) for each in others if each.span.starts_at >= shift.span.ends_at]
    return Room(
        week_minutes=total_minutes(same_week(others, shift)),
        limit_minutes=min([*limits, *([] if employee.max_minutes is None else [employee.max_minutes])], default=None),
        rest_before=min(before, default=None),
        rest_after=min(after, default=None),
    )


def _weekly_limit(limits: object) -> int | None:
    match limits:
        case OvertimeLimits():
            return limits.weekly_minutes
        case WorkloadLimits():
            return limits.max_minutes_per_week
    return None
