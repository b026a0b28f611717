"""What exchanging two people's shifts would do, and with whom in the week a shift could be exchanged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.check import check_assignment
from schedule_app.domain.errors import NotAllowed, NotFound, ScheduleError
from schedule_app.domain.fairness import fair_share
from schedule_app.domain.permissions import Actor, Permission, can, require
from schedule_app.domain.swap import check_swap
from schedule_app.domain.time import Interval, minutes_label, span_label
from schedule_app.queries.bulk_facts import Crowd, read_crowd
from schedule_app.queries.candidates import Level, cost_of
from schedule_app.queries.facts import BESIDE, shift_facts
from schedule_app.queries.labels import long_day, money_label

#: So many are judged in full; the words of the search bring up others.
_MOST_JUDGED: Final = 200
_QUARTER: Final = 15
_ORDER: Final = get_args(Level)

_HELD = text(f"""
    SELECT held.id, held.version, held.status, held.employee_id, held.shift_id, held.schedule_id,
           employees.name, employees.contracted_minutes, employees.hourly_rate_cents,
           schedules.status AS schedule_status, schedules.week_start,
           sites.id AS site_id, sites.week_starts_on, sites.clock_24h, sites.currency,
           shifts.department_id, shifts.time_zone, shifts.local_date, shifts.starts_at, shifts.ends_at,
           shifts.shift_type, shifts.title, shifts.required_staff,
           COALESCE(shifts.requirements -> 'qualifications', '[]') AS qualifications,
           {BESIDE}
    FROM schedule_assignments AS held
    JOIN employees ON employees.id = held.employee_id
    JOIN schedules ON schedules.id = held.schedule_id
    JOIN shifts ON shifts.id = held.shift_id
    JOIN sites ON sites.id = shifts.site_id
    WHERE held.id = ANY(:ids)
       OR (:with_others AND held.status = ANY(:active)
           AND held.schedule_id IN (SELECT schedule_id FROM schedule_assignments WHERE id = ANY(:ids)))
    ORDER BY held.starts_at, lower(employees.name), held.id
""")  # noqa: S608 - constants

_SHARES = text("""
    SELECT count(*) AS people, sum(each.minutes) AS worked,
           sum(each.minutes) FILTER (WHERE each.agreed > 0) AS on_contract,
           sum(each.agreed) AS contracts
    FROM (
        SELECT COALESCE(employees.contracted_minutes, 0) AS agreed, COALESCE(taken.minutes, 0) AS minutes
        FROM employees
        LEFT JOIN (
            SELECT employee_id, CAST(sum(EXTRACT(epoch FROM ends_at - starts_at)) / 60 AS bigint) AS minutes
            FROM schedule_assignments
            WHERE schedule_id = :schedule_id AND status = ANY(:active)
            GROUP BY employee_id
        ) AS taken ON taken.employee_id = employees.id
        WHERE taken.employee_id IS NOT NULL
           OR (employees.site_id = :site_id AND employees.is_active AND employees.deleted_at IS NULL)
    ) AS each
""")


@dataclass(frozen=True, slots=True)
class SwapSide:
    """One of the two, and what the swap would mean for them; all words are ready for display.

    Attributes:
        gets: The shift they would have.
        problems: What stands in the way.
        hours: Of the week, before and after, and against the contract.
        is_over: Whether they would be above their contract.
        cost: What they would cost more or less; "" where nobody knows, or the viewer may not.
        fair: How far they are from their fair share, before and after.
    """

    employee_id: int = 0
    name: str = ""
    gets: str = ""
    level: Level = "ok"
    problems: tuple[str, ...] = ()
    hours: str = ""
    is_over: bool = False
    cost: str = ""
    fair: str = ""


@dataclass(frozen=True, slots=True)
class SwapView:
    """Two assignments, as they were read, and what swapping them would do.

    Attributes:
        level: The worse of the two sides'; "block" with a refusal.
        refusal: Why it is no swap at all.
    """

    one_id: int = 0
    one_version: int = 0
    other_id: int = 0
    other_version: int = 0
    level: Level = "ok"
    refusal: str = ""
    one: SwapSide = SwapSide()
    other: SwapSide = SwapSide()


@dataclass(frozen=True, slots=True)
class SwapOption:
    """An assignment that another could be swapped with."""

    assignment_id: int
    version: int
    name: str
    has: str
    level: Level
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SwapOptions:
    """The assignments of the week that one could be swapped with: those without problems first, then as they begin.

    Attributes:
        has: Whose the one is, and which.
        found: How many there are; more than are judged and listed.
    """

    has: str
    options: list[SwapOption]
    found: int


@dataclass(frozen=True, slots=True)
class _Shares:
    worked: int
    people: int
    contracts: int
    on_contract: int

    def beside(self, minutes: int, contract: int | None) -> str:
        """How far somebody is from their fair share, as the board says it."""
        share = fair_share(self.worked, self.people, contract or 0, self.contracts, self.on_contract)
        rounded = round((minutes - share) / _QUARTER) * _QUARTER
        return f"{minutes_label(abs(rounded))} {'over' if rounded > 0 else 'under'}" if rounded else "at"


async def judge_swap(session: AsyncSession, actor: Actor, one_id: int, other_id: int) -> SwapView:
    """Judge both people by the same rules as swapping does, in three statements.

    Raises:
        NotFound: One of the two is missing, or of another site.
        NotAllowed: The actor may not assign people to the first shift.
    """
    held = {each.id: each for each in await _held(session, [one_id, other_id])}
    one = _own(actor, held.get(one_id))
    other = held.get(other_id)
    if other is None or not can(actor, Permission.VIEW_DRAFT, site_id=other.site_id):
        raise NotFound
    if refusal := _refusal(actor, one, other):
        sides = [SwapSide(each.employee_id, each.name) for each in (one, other)]
        return SwapView(one.id, one.version, other.id, other.version, "block", refusal, *sides)
    crowd = await _crowd(session, one, [one, other])
    shares = await _shares(session, one)
    currency = one.currency if can(actor, Permission.VIEW_COST, site_id=one.site_id) else ""
    pairs = (one, other), (other, one)
    sides = [_side(crowd, shares, currency, *pair) for pair in pairs]
    problems = [each for pair in pairs for each in _problems(crowd, *pair)]
    return SwapView(one.id, one.version, other.id, other.version, _level(problems), "", *sides)


async def swap_options(session: AsyncSession, actor: Actor, assignment_id: int, words: str = "") -> SwapOptions:
    """Judge the assignments of the same version of the week that one could be swapped with.

    Args:
        session: A session.
        actor: Who asks.
        assignment_id: The one.
        words: Only those whose person or shift has all of these words.

    Raises:
        NotFound: No such assignment, or of another site.
        NotAllowed: The actor may not assign people to its shift.
    """
    rows = await _held(session, [assignment_id], with_others=True)
    one = _own(actor, next((each for each in rows if each.id == assignment_id), None))
    wanted = words.casefold().split()
    fitting = [
        each
        for each in rows
        if not _refusal(actor, one, each) and all(word in f"{each.name} {_has(each)}".casefold() for word in wanted)
    ]
    crowd = await _crowd(session, one, [one])
    fitting.sort(key=lambda each: (_ORDER.index(_level(_problems(crowd, one, each))), each.starts_at))
    judged = fitting[:_MOST_JUDGED]
    crowd = await _crowd(session, one, [one, *judged])
    options = [_option(crowd, one, other) for other in judged]
    options.sort(key=lambda each: _ORDER.index(each.level))
    return SwapOptions(f"{one.name} has {_has(one)}.", options, len(fitting))


async def _held(session: AsyncSession, ids: Sequence[int], *, with_others: bool = False) -> Sequence[Row[Any]]:
    values = {"ids": list(ids), "with_others": with_others, "active": sorted(ACTIVE)}
    return (await session.execute(_HELD, values)).all()


def _own(actor: Actor, one: Row[Any] | None) -> Row[Any]:
    if one is None or not can(actor, Permission.VIEW_DRAFT, site_id=one.site_id):
        raise NotFound
    require(actor, Permission.ASSIGN, site_id=one.site_id, department_id=one.department_id)
    return one


def _refusal(actor: Actor, one: Row[Any], other: Any) -> str:  # noqa: ANN401 - a row
    """Why the two cannot be swapped, whatever the rules say."""
    try:
        check_swap(one, other)  # pyright: ignore[reportArgumentType] - a row has the columns of its statement
        require(actor, Permission.ASSIGN, site_id=other.site_id, department_id=other.department_id)
    except NotAllowed:
        return "That shift belongs to a department you do not plan."
    except ScheduleError as refused:
        return refused.message
    return ""


async def _crowd(session: AsyncSession, one: Row[Any], held: Iterable[Row[Any]]) -> Crowd:
    people = {each.employee_id for each in held}
    return await read_crowd(session, one.site_id, one.week_starts_on, people, [one.week_start])


async def _shares(session: AsyncSession, one: Row[Any]) -> _Shares:
    values = {"schedule_id": one.schedule_id, "site_id": one.site_id, "active": sorted(ACTIVE)}
    row = (await session.execute(_SHARES, values)).one()
    return _Shares(int(row.worked), row.people, int(row.contracts), int(row.on_contract or 0))


def _problems(crowd: Crowd, gives: Row[Any], gets: Row[Any]) -> list[tuple[str, str]]:
    """Severity and words of all that stands in the way of somebody's giving a shift away for another."""
    person = crowd.people.get(gives.employee_id)
    if person is None:
        return [("block", f"{gives.name} does not work at this site any more.")]
    worked = crowd.worked(person.id, gives.week_start, gives.schedule_id)
    if any(shift.id == gets.shift_id for shift in worked):
        return [("block", f"{gives.name} already has this shift.")]
    rest = [shift for shift in worked if shift.id != gives.shift_id]
    shift = shift_facts(gets, gets.shift_id)
    if not _span(gives).overlaps(_span(gets)):
        shift = shift.left_by(gets.employee_id, _span(gets))
    return [(each.severity, each.message) for each in check_assignment(crowd.rules, person, rest, shift)]


def _level(problems: Sequence[tuple[str, str]]) -> Level:
    return "block" if any(severity == "block" for severity, _ in problems) else "warn" if problems else "ok"


def _side(crowd: Crowd, shares: _Shares, currency: str, gives: Row[Any], gets: Row[Any]) -> SwapSide:
    problems = _problems(crowd, gives, gets)
    before = sum(
        each.shift.span.minutes
        for each in crowd.taken.get(gives.employee_id, ())
        if each.schedule_id == gives.schedule_id
    )
    after = before - _span(gives).minutes + _span(gets).minutes
    agreed = gives.contracted_minutes
    hours = f"{_hours(before)} → {_hours(after)}"
    return SwapSide(
        employee_id=gives.employee_id,
        name=gives.name,
        gets=_has(gets),
        level=_level(problems),
        problems=tuple(words for _, words in problems),
        hours=f"{hours} of {_hours(agreed)}" if agreed else hours,
        is_over=bool(agreed) and after > agreed,
        cost=_cost(gives.hourly_rate_cents, _span(gives).minutes, _span(gets).minutes, currency),
        fair=f"{shares.beside(before, agreed)} → {shares.beside(after, agreed)}",
    )


def _option(crowd: Crowd, one: Row[Any], other: Row[Any]) -> SwapOption:
    problems = [*_problems(crowd, one, other), *_problems(crowd, other, one)]
    words = tuple(words for _, words in problems)
    return SwapOption(other.id, other.version, other.name, _has(other), _level(problems), words)


def _cost(rate_cents: int | None, before: int, after: int, currency: str) -> str:
    if rate_cents is None or not currency:
        return ""
    cents = (cost_of(rate_cents, after) or 0) - (cost_of(rate_cents, before) or 0)
    sign = "+" if cents > 0 else "−" if cents < 0 else ""
    return f"{sign}{money_label(abs(cents), currency)}"


def _span(row: Row[Any]) -> Interval:
    return Interval(row.starts_at, row.ends_at)


def _has(row: Row[Any]) -> str:
    title = row.title or row.shift_type.capitalize()
    return f"{title} {span_label(_span(row), row.time_zone, clock_24h=row.clock_24h)}, {long_day(row.local_date)}"


def _hours(minutes: int) -> str:
    return minutes_label(minutes) if minutes else "0 h"
