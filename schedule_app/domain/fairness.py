"""How evenly work is spread over people."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from math import sqrt

from schedule_app.domain.time import Interval, wall_pieces

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
# Directive 2003/88/EC, article 2: night time is at least seven hours around midnight to five, and three hours of a
# day's work in it make night work.
_NIGHT_BEGINS, _NIGHT_ENDS = time(23), time(6)
_NIGHT_WORK_MINUTES = 180


def deviation(values: Sequence[int]) -> float:
    """The population standard deviation, `sqrt(sum((x - mean)^2) / n)`, in the unit of the values; 0 for none."""
    if not values:
        return 0.0
    mean = sum(values) / len(values)
    return sqrt(sum((value - mean) ** 2 for value in values) / len(values))


def gap(values: Iterable[int]) -> int:
    """The largest value less the smallest; 0 for none."""
    known = list(values)
    return max(known) - min(known) if known else 0


def gini(values: Sequence[float]) -> float:
    """Gini's coefficient: 0 when all have the same, towards 1 when one has everything; 0 for none and for all zeros.

    With the values in rising order, `2 * sum(i * x_i) / (n * sum(x)) - (n + 1) / n`, i from 1: half the mean difference
    of all pairs over the mean (Gini 1912; Sen, On Economic Inequality, 1973, section 2.8).

    Args:
        values: None of them below 0.
    """
    total, count = sum(values), len(values)
    if not total:
        return 0.0
    weighted = sum(place * value for place, value in enumerate(sorted(values), start=1))
    return max(2 * weighted / (count * total) - (count + 1) / count, 0.0)


def fair_share(worked: int, people: int, contract: int = 0, contracts: int = 0, on_contract: int = 0) -> float:
    """The minutes somebody would work, were the week shared out by contract.

    Args:
        worked: What everybody works together.
        people: How many they are.
        contract: What was agreed with this person; 0 for nothing: they are given what people work on average.
        contracts: What was agreed with everybody together.
        on_contract: What those work with whom anything was agreed.
    """
    return contract * on_contract / contracts if contract else worked / max(1, people)


def is_night_work(span: Interval, zone: str) -> bool:
    """Tell whether a shift is night work: three hours of it or more lie between 23:00 and 06:00 local time."""
    return night_minutes(span, zone) >= _NIGHT_WORK_MINUTES


def night_minutes(span: Interval, zone: str) -> int:
    """True minutes of a span between 23:00 and 06:00 local time."""
    total = timedelta()
    for piece in wall_pieces(span, zone):
        day = piece.starts_at.date() - _DAY
        while day <= piece.ends_at.date():
            begins = max(piece.starts_at, datetime.combine(day, _NIGHT_BEGINS))
            ends = min(piece.ends_at, datetime.combine(day + _DAY, _NIGHT_ENDS))
            total += max(ends - begins, timedelta())
            day += _DAY
    return total // _MINUTE


def is_weekend(day: date) -> bool:
    """Tell whether a shift that begins on this local date is weekend work."""
    return day.weekday() >= 5
