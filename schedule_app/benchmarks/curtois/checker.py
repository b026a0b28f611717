"""A second opinion on a roster: every constraint and the objective, counted from the file's own words.

It shares nothing with the optimiser but the reader, so that a mistake there cannot hide here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise

from schedule_app.benchmarks.curtois.reader import Instance, Staff

#: By employee one token a day: a shift type, or `FREE`.
Roster = Mapping[str, Sequence[str]]
FREE = "-"


def faults(instance: Instance, roster: Roster) -> list[str]:
    """Everything hard that a roster breaks; none when it is allowed."""
    found = [f"{name} is not in the roster." for name in instance.staff if name not in roster]
    found += [f"{name} is no employee." for name in roster if name not in instance.staff]
    for name, tokens in roster.items():
        if name in instance.staff:
            found += [f"{name}: {fault}" for fault in _faults_of(instance, name, instance.staff[name], tokens)]
    return found


def objective(instance: Instance, roster: Roster) -> int:
    """The sum of the paid weights."""
    cost = 0
    for (name, day, kind), weight in instance.on.items():
        cost += weight * (roster[name][day] != kind)
    for (name, day, kind), weight in instance.off.items():
        cost += weight * (roster[name][day] == kind)
    present = Counter((day, kind) for tokens in roster.values() for day, kind in enumerate(tokens))
    for key, (needed, under, over) in instance.cover.items():
        cost += under * max(0, needed - present[key]) + over * max(0, present[key] - needed)
    return cost


def _faults_of(instance: Instance, name: str, staff: Staff, tokens: Sequence[str]) -> list[str]:
    if len(tokens) != instance.days:
        return [f"{len(tokens)} days instead of {instance.days}."]
    if unknown := set(tokens) - instance.types.keys() - {FREE}:
        return [f"there is no shift type {sorted(unknown)[0]!r}."]
    worked = Counter(token for token in tokens if token != FREE)
    found = [f"{worked[kind]} shifts of type {kind}, at most {most}." for kind, most in staff.max_by_type.items()
             if worked[kind] > most]  # fmt: skip
    minutes = sum(instance.types[kind].minutes * count for kind, count in worked.items())
    if not staff.min_minutes <= minutes <= staff.max_minutes:
        found.append(f"{minutes} minutes, not from {staff.min_minutes} to {staff.max_minutes}.")
    found += [f"works on day {day}, a day off." for day in range(instance.days)
              if tokens[day] != FREE and (name, day) in instance.days_off]  # fmt: skip
    found += [f"{later} on the day after {earlier}." for earlier, later in pairwise(tokens)
              if earlier != FREE and later in instance.types[earlier].not_after]  # fmt: skip
    weekends = sum(
        any(token != FREE for token in tokens[saturday : saturday + 2]) for saturday in range(5, instance.days, 7)
    )
    if weekends > staff.max_weekends:
        found.append(f"{weekends} weekends, at most {staff.max_weekends}.")
    return found + _run_faults(staff, tokens)


def _run_faults(staff: Staff, tokens: Sequence[str]) -> list[str]:
    found: list[str] = []
    first = 0
    for is_free, group in groupby(tokens, key=lambda token: token == FREE):
        length = len(list(group))
        touches_edge = first == 0 or first + length == len(tokens)
        least = staff.min_off_in_row if is_free else staff.min_in_row
        if length < least and not touches_edge:
            found.append(
                f"{length} days {'off' if is_free else 'of work'} in a row from day {first}, at least {least}."
            )
        if not is_free and length > staff.max_in_row:
            found.append(f"{length} days of work in a row from day {first}, at most {staff.max_in_row}.")
        first += length
    return found
