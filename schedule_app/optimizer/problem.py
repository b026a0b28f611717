"""What is to be planned: people, shifts and how many they need, rules, wishes, and what already stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts
from schedule_app.domain.time import Interval
from schedule_app.optimizer.weights import Weights

#: Raised with every change that may give another plan for the same problem.
SOLVER_VERSION = 2


class ProblemError(ValueError):
    """A problem that cannot be read or makes no sense; says where and why.

    Attributes:
        path: As "people[3].facts.name".
        reason: A sentence.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}" if path else reason)
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Contract:
    """What one person agreed to for the whole of the planned days; what is None or left out does not hold.

    The least lengths of a run do not hold for a run touching the first or the last day: whoever came before or comes
    after is not known here.

    Attributes:
        max_shifts_by_type: By type of shift; a type left out is not limited.
        max_weekends: Weekends with work on either day.
    """

    max_shifts_by_type: Mapping[str, int] = field(default_factory=dict)
    min_minutes: int | None = None
    max_minutes: int | None = None
    max_days_in_row: int | None = None
    min_days_in_row: int | None = None
    min_days_off_in_row: int | None = None
    max_weekends: int | None = None


class Told(StrEnum):
    """How firm it is that somebody has a shift: planned only, told to them, or promised by them."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be given shifts.

    Attributes:
        around: Shifts they work outside of this problem, up to 21 days to either side and as far back as rules look.
        absences: Times they are away; no shift that touches one is given.
        rate_cents: What an hour of theirs costs.
        told: The firmest of what they were told of the week, inside of this problem or outside; a repair gives whoever
            was told something no more than it has to.
    """

    facts: EmployeeFacts
    contract: Contract = field(default_factory=Contract)
    around: tuple[ShiftFacts, ...] = ()
    absences: tuple[Interval, ...] = ()
    rate_cents: int | None = None
    told: Told = Told.DRAFT


@dataclass(frozen=True, slots=True)
class Demand:
    """A shift to be staffed, and what it costs to miss its `required_staff`.

    Attributes:
        under_weight: Paid for each person missing.
        over_weight: Paid for each person too many; None means there are never too many.
    """

    shift: ShiftFacts
    under_weight: int
    over_weight: int | None = None


@dataclass(frozen=True, slots=True)
class Succession:
    """A type of shift that nobody works on the day after another."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody's wish for a shift or against it; the weight is paid when it is not met."""

    employee_id: int
    shift_id: int
    wanted: bool
    weight: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody who has a shift already.

    Attributes:
        is_fixed: It stays, whatever the rules say.
        weight: Paid when it is taken away.
        told: How firm it is; a repair changes as little as may be of what is firm.
    """

    employee_id: int
    shift_id: int
    is_fixed: bool = False
    weight: int = 0
    told: Told = Told.DRAFT


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a plan depends on.

    Attributes:
        seed: Equal problems with equal seeds, one worker and a deterministic limit give equal plans.
        seconds: How long to search, where the caller does not say.
        workers: How many threads, likewise.
        deterministic: Instead of seconds, a measure of work that does not depend on the machine.
    """

    people: tuple[Person, ...] = ()
    demands: tuple[Demand, ...] = ()
    rules: tuple[RuleFacts[Any], ...] = ()
    successions: tuple[Succession, ...] = ()
    wishes: tuple[Wish, ...] = ()
    standing: tuple[Standing, ...] = ()
    weights: Weights = field(default_factory=Weights)
    seed: int = 0
    seconds: float = 30.0
    workers: int = 2
    deterministic: float | None = None
    version: int = SOLVER_VERSION

    def __post_init__(self) -> None:
        people = _known("people[{}].facts.id", (person.facts.id for person in self.people))
        shifts = _known("demands[{}].shift.id", (demand.shift.id for demand in self.demands))
        _known("rules[{}].id", (rule.id for rule in self.rules))
        for name, places in (("wishes", self.wishes), ("standing", self.standing)):
            for place, each in enumerate(places):
                if each.employee_id not in people:
                    raise ProblemError(f"{name}[{place}].employee_id", f"Nobody has the id {each.employee_id}.")
                if each.shift_id not in shifts:
                    raise ProblemError(f"{name}[{place}].shift_id", f"No shift has the id {each.shift_id}.")
                _require_from_0(f"{name}[{place}].weight", each.weight)
        for place, demand in enumerate(self.demands):
            _require_from_0(f"demands[{place}].shift.required_staff", demand.shift.required_staff)
            _require_from_0(f"demands[{place}].under_weight", demand.under_weight)
            _require_from_0(f"demands[{place}].over_weight", demand.over_weight)
        for place, person in enumerate(self.people):
            _check_contract(f"people[{place}].contract", person.contract)
        self._check_effort()

    def _check_effort(self) -> None:
        if not 0 < self.seconds <= 86_400:
            raise ProblemError("seconds", "A search takes more than 0 seconds and at most a day.")
        if not 1 <= self.workers <= 256:
            raise ProblemError("workers", "There are from 1 to 256 workers.")
        if self.deterministic is not None and not 0 < self.deterministic <= 1e6:
            raise ProblemError("deterministic", "The amount of work is more than 0 and at most a million.")
        if self.version != SOLVER_VERSION:
            raise ProblemError("version", f"This solver is version {SOLVER_VERSION}; the file was made by another.")


def _known(path: str, ids: Iterable[int]) -> set[int]:
    known: set[int] = set()
    for place, each in enumerate(ids):
        if each in known:
            raise ProblemError(path.format(place), f"The id {each} is given twice.")
        known.add(each)
    return known


def _check_contract(path: str, contract: Contract) -> None:
    for name in ("min_minutes", "max_minutes", "min_days_in_row", "min_days_off_in_row", "max_weekends"):
        _require_from_0(f"{path}.{name}", getattr(contract, name))
    for kind, most in contract.max_shifts_by_type.items():
        _require_from_0(f"{path}.max_shifts_by_type.{kind}", most)
    if contract.max_days_in_row is not None and contract.max_days_in_row < 1:
        raise ProblemError(f"{path}.max_days_in_row", "At least one day in a row is allowed.")
    for least, most in (("min_minutes", "max_minutes"), ("min_days_in_row", "max_days_in_row")):
        low, high = getattr(contract, least), getattr(contract, most)
        if low is not None and high is not None and low > high:
            raise ProblemError(f"{path}.{least}", f"The least, {low}, is more than the most, {high}.")


def _require_from_0(path: str, number: int | None) -> None:
    if number is not None and number < 0:
        raise ProblemError(path, f"{number} is below 0.")
