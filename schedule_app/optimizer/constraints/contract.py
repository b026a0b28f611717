"""What people agreed to for the whole of the planned days, and which type does not follow which on the next day."""

from collections.abc import Iterator, Sequence

from schedule_app.optimizer.constraints.common import DAY
from schedule_app.optimizer.limits import Group, Limit
from schedule_app.optimizer.problem import Contract
from schedule_app.optimizer.table import Table


def limits(table: Table) -> Iterator[Limit]:
    """Every limit of every contract, and the successions."""
    banned = _banned_before(table)
    for person, each in enumerate(table.people):
        contract = each.contract
        yield from _types(table, person, contract)
        yield from _minutes(table, person, contract)
        days = [table.day_group(person, day) for day in table.days]
        yield from _runs(days, contract)
        if contract.max_weekends is not None:
            weekends = [(*table.day_group(person, one), *table.day_group(person, two)) for one, two in table.weekends()]
            yield from _limit("max_weekends", weekends, [1] * len(weekends), contract.max_weekends)
        yield from _successions(table, person, banned)


def _types(table: Table, person: int, contract: Contract) -> Iterator[Limit]:
    for kind, most in contract.max_shifts_by_type.items():
        cells = [table.group(person, [place]) for place, shift in enumerate(table.shifts) if shift.shift_type == kind]
        yield from _limit("max_shifts_by_type", cells, [1] * len(cells), most)


def _minutes(table: Table, person: int, contract: Contract) -> Iterator[Limit]:
    if contract.max_minutes is None and not contract.min_minutes:
        return
    able = sorted(table.open_shifts(person))
    cells = [(table.cell(person, place),) for place in able]
    minutes = [table.minutes[place] for place in able]
    if contract.max_minutes is not None:
        yield from _limit("max_minutes", cells, minutes, contract.max_minutes)
    if contract.min_minutes:
        yield from _limit("min_minutes", cells, [-each for each in minutes], -contract.min_minutes)


def _runs(days: Sequence[Group], contract: Contract) -> Iterator[Limit]:
    """Runs of work and of days off; the shortest lengths are of runs with a day on both sides."""
    if contract.max_days_in_row is not None:
        size = contract.max_days_in_row + 1
        for first in range(len(days) - size + 1):
            yield from _limit("max_days_in_row", days[first : first + size], [1] * size, size - 1)
    for name, least, sign in (
        ("min_days_in_row", contract.min_days_in_row, 1),
        ("min_days_off_in_row", contract.min_days_off_in_row, -1),
    ):
        for length in range(1, least or 0):
            for first in range(1, len(days) - length):
                run = days[first - 1 : first + length + 1]
                # Off, work …, off is refused: the days of work less the days around them stay below the run's length.
                high = length - 1 if sign == 1 else 1
                yield from _limit(name, run, [-sign, *[sign] * length, -sign], high)


def _banned_before(table: Table) -> list[tuple[int, list[int]]]:
    """Each shift with those of the day before that it may not follow."""
    pairs = {(each.before, each.after) for each in table.problem.successions}
    found = [
        (
            place,
            [
                each
                for each in table.shifts_of_day.get(shift.local_date - DAY, ())
                if (table.shifts[each].shift_type, shift.shift_type) in pairs
            ],
        )
        for place, shift in enumerate(table.shifts)
    ]
    return [(place, before) for place, before in found if before]


def _successions(table: Table, person: int, banned: list[tuple[int, list[int]]]) -> Iterator[Limit]:
    for place, before in banned:
        own = table.group(person, (place,))
        if own and (earlier := table.group(person, before)):
            yield Limit("succession", None, (earlier, own), (1, 1), 1)


def _limit(name: str, groups: Sequence[Group], coefficients: Sequence[int], high: int) -> Iterator[Limit]:
    kept = [(group, each) for group, each in zip(groups, coefficients, strict=True) if group]
    made = Limit(name, None, tuple(group for group, _ in kept), tuple(each for _, each in kept), high)
    if made.can_break():
        yield made
