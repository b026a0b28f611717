"""Two versions of a week side by side: what of the shifts and the people on them differs, and in what figures."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from itertools import zip_longest
from typing import NamedTuple

from schedule_app.domain.cost import cost_cents
from schedule_app.domain.coverage import ShiftLoad, short_and_over_minutes
from schedule_app.domain.fairness import deviation, gap, is_night_work, is_weekend
from schedule_app.domain.time import Interval


@dataclass(frozen=True, slots=True)
class VersionShift:
    """A shift as one version has it; `lineage_id` is the same in every version of the week."""

    lineage_id: str
    local_date: date
    span: Interval
    zone: str
    title: str
    kind: str
    department: str
    required_staff: int
    qualifications: tuple[str, ...] = ()
    priority: int = 5
    notes: str = ""


class Held(NamedTuple):
    """A person on a shift."""

    lineage_id: str
    employee_id: int


@dataclass(frozen=True, slots=True)
class WeekVersion:
    """One version of a week.

    Attributes:
        shifts: By lineage.
        held: Who was given which shift and not taken off it again.
        declined: Those of `held` who said no; they count in no figure.
    """

    shifts: Mapping[str, VersionShift] = field(default_factory=dict)
    held: frozenset[Held] = frozenset()
    declined: frozenset[Held] = frozenset()


@dataclass(frozen=True, slots=True)
class ShiftChange:
    """A shift that both versions have, with the names of the fields in which they differ."""

    before: VersionShift
    after: VersionShift
    names: tuple[str, ...]


class Replaced(NamedTuple):
    """A shift that another person has now."""

    lineage_id: str
    before_id: int
    after_id: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What has to be done to one version to make it the other.

    Attributes:
        added: People on shifts they did not have, where nobody made room for them.
        removed: People no longer on a shift, where nobody took their place.
        replaced: The same shift, another person.
        moved: The same person on the same shift, whose times differ.
    """

    added_shifts: tuple[VersionShift, ...]
    removed_shifts: tuple[VersionShift, ...]
    changed_shifts: tuple[ShiftChange, ...]
    added: tuple[Held, ...]
    removed: tuple[Held, ...]
    replaced: tuple[Replaced, ...]
    moved: tuple[Held, ...]

    def counts(self) -> dict[str, int]:
        """How many of each, by the name of the field."""
        return {each.name: len(getattr(self, each.name)) for each in fields(self)}


@dataclass(frozen=True, slots=True)
class Terms:
    """What of a person the figures depend on."""

    contracted_minutes: int | None = None
    hourly_rate_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """A version in numbers.

    Attributes:
        people: How many people have a shift.
        minutes: Of all of them together.
        minutes_of: By employee.
        cost_cents: Minutes at each person's hourly rate, rounded to the cent per person; None when not asked for.
        unpriced: How many people with a shift have no rate, and are therefore missing in the cost.
        short_minutes: Person-minutes that nobody has yet.
        over_minutes: Person-minutes beyond what the shifts need.
        hours_deviation: Standard deviation of minutes worked less minutes contracted, of those with a contract.
        nights_gap: Night shifts of the person with the most less those of the one with the fewest.
        weekends_gap: The same for shifts that begin on a Saturday or Sunday.
    """

    people: int
    minutes: int
    minutes_of: Mapping[int, int]
    cost_cents: int | None
    unpriced: int
    short_minutes: int
    over_minutes: int
    hours_deviation: float
    nights_gap: int
    weekends_gap: int


def compare(one: WeekVersion, other: WeekVersion) -> Comparison:
    """Find what differs in `other` from `one`; shifts in the order they begin, people by id."""
    both = [(one.shifts[key], other.shifts[key]) for key in one.shifts.keys() & other.shifts.keys()]
    changes = [ShiftChange(before, after, names) for before, after in both if (names := _differing(before, after))]
    added, removed, replaced = _exchanged(other.held - one.held, one.held - other.held)
    retimed = {change.after.lineage_id for change in changes if "span" in change.names}

    def in_order(lineage_id: str) -> tuple[object, ...]:
        return _order(other.shifts.get(lineage_id) or one.shifts[lineage_id])

    return Comparison(
        added_shifts=tuple(sorted((other.shifts[key] for key in other.shifts.keys() - one.shifts.keys()), key=_order)),
        removed_shifts=tuple(sorted((one.shifts[key] for key in one.shifts.keys() - other.shifts.keys()), key=_order)),
        changed_shifts=tuple(sorted(changes, key=lambda change: _order(change.after))),
        added=tuple(sorted(added, key=lambda each: (in_order(each.lineage_id), each.employee_id))),
        removed=tuple(sorted(removed, key=lambda each: (in_order(each.lineage_id), each.employee_id))),
        replaced=tuple(sorted(replaced, key=lambda each: (in_order(each.lineage_id), each.before_id))),
        moved=tuple(
            sorted(
                (each for each in one.held & other.held if each.lineage_id in retimed),
                key=lambda each: (in_order(each.lineage_id), each.employee_id),
            )
        ),
    )


def figures(version: WeekVersion, people: Mapping[int, Terms], *, with_cost: bool) -> Figures:
    """Reckon a version.

    Args:
        version: The version.
        people: The terms of those it is reckoned for: everybody on it, and for the spread also whoever is on the
            version it is compared with.
        with_cost: Whether to reckon the cost.
    """
    minutes: Counter[int] = Counter()
    nights: Counter[int] = Counter()
    weekends: Counter[int] = Counter()
    staffed: Counter[str] = Counter()
    for lineage_id, employee_id in version.held - version.declined:
        shift = version.shifts[lineage_id]
        staffed[lineage_id] += 1
        minutes[employee_id] += shift.span.minutes
        nights[employee_id] += is_night_work(shift.span, shift.zone)
        weekends[employee_id] += is_weekend(shift.local_date)
    loads = (ShiftLoad(shift.span, shift.required_staff, staffed[key]) for key, shift in version.shifts.items())
    short_minutes, over_minutes = short_and_over_minutes(loads)
    contracts = {each: terms.contracted_minutes for each, terms in people.items()}
    rates = {each: people[each].hourly_rate_cents for each in minutes}
    return Figures(
        people=len(minutes),
        minutes=minutes.total(),
        minutes_of=dict(minutes),
        cost_cents=sum(cost_cents(minutes[each], rate) for each, rate in rates.items() if rate) if with_cost else None,
        unpriced=sum(rate is None for rate in rates.values()) if with_cost else 0,
        short_minutes=short_minutes,
        over_minutes=over_minutes,
        hours_deviation=deviation([minutes[each] - due for each, due in contracts.items() if due is not None]),
        nights_gap=gap(nights[each] for each in people),
        weekends_gap=gap(weekends[each] for each in people),
    )


def digest(one: WeekVersion, other: WeekVersion) -> str:
    """A short name for exactly this comparison: another as soon as anything in either version is another."""
    sides = [
        {
            "shifts": [asdict(version.shifts[key]) for key in sorted(version.shifts)],
            "held": sorted(version.held),
            "declined": sorted(version.declined),
        }
        for version in (one, other)
    ]
    return hashlib.sha256(json.dumps(sides, default=str, sort_keys=True).encode()).hexdigest()


def _differing(before: VersionShift, after: VersionShift) -> tuple[str, ...]:
    return tuple(each.name for each in fields(VersionShift) if getattr(before, each.name) != getattr(after, each.name))


def _exchanged(added: frozenset[Held], removed: frozenset[Held]) -> tuple[list[Held], list[Held], list[Replaced]]:
    """Pair who left a shift with who came onto it, both by id; what is left over is added or removed."""
    came: defaultdict[str, list[int]] = defaultdict(list)
    left: defaultdict[str, list[int]] = defaultdict(list)
    for people, found in ((came, added), (left, removed)):
        for lineage_id, employee_id in sorted(found):
            people[lineage_id].append(employee_id)
    only_added: list[Held] = []
    only_removed: list[Held] = []
    replaced: list[Replaced] = []
    for lineage_id in came.keys() | left.keys():
        for before_id, after_id in zip_longest(left[lineage_id], came[lineage_id]):
            if before_id is None:
                only_added.append(Held(lineage_id, after_id))
            elif after_id is None:
                only_removed.append(Held(lineage_id, before_id))
            else:
                replaced.append(Replaced(lineage_id, before_id, after_id))
    return only_added, only_removed, replaced


def _order(shift: VersionShift) -> tuple[object, ...]:
    return shift.span.starts_at, shift.span.ends_at, shift.title, shift.lineage_id
