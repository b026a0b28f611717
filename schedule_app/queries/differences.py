"""A comparison of two versions in the words and rows of a screen."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from schedule_app.domain.comparison import Figures, Held, ShiftChange, VersionShift
from schedule_app.domain.time import minutes_label, moment_label, shift_label, span_label, week_days
from schedule_app.queries.comparisons import Compared, Side, TakenOff
from schedule_app.queries.labels import hours_label, long_day, money_label, short_day

#: More rows than this nobody reads; how many there are is said all the same.
MOST_ROWS: Final = 200

Kind: TypeAlias = Literal["added", "removed", "moved", "changed", "replaced"]

_FIELDS: Final = {
    "title": "title",
    "kind": "kind of work",
    "department": "department",
    "required_staff": "people needed",
    "qualifications": "qualifications",
    "priority": "priority",
}


@dataclass(frozen=True, slots=True)
class SideView:
    """One of the two versions; `id` is 0 for nothing at all."""

    id: int
    number: int
    status: str
    title: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure of both versions, and by how much it changes: "" when it does not."""

    name: str
    one: str
    other: str
    change: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person whose shift is another: `detail` says what about it, `note` what else there is to know."""

    kind: Kind
    name: str
    shift: str
    detail: str
    note: str


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A shift that is new, gone or changed."""

    kind: Kind
    shift: str
    details: list[str]


@dataclass(frozen=True, slots=True)
class Mark:
    """What differs for a person on a day."""

    kind: Kind
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """A person whose week differs, with the marks of each day."""

    id: int
    name: str
    cells: list[list[Mark]]


@dataclass(frozen=True, slots=True)
class DayHead:
    """A day of the grid."""

    label: str
    long: str


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """Two versions of a week, ready to be shown.

    Attributes:
        digest: Names exactly this comparison.
        summary: The differences in one sentence.
        come_back: Sentences about people who were taken off the published week and are put on it again.
        answers: Sentences about people who had declined, and whether that stands.
        hidden: How many rows are left out of people, hours and grid because there are too many.
    """

    one: SideView = field(default_factory=lambda: SideView(0, 0, "", ""))
    other: SideView = field(default_factory=lambda: SideView(0, 0, "", ""))
    digest: str = ""
    is_same: bool = True
    summary: str = ""
    figures: list[FigureRow] = field(default_factory=list)
    hours: list[FigureRow] = field(default_factory=list)
    shifts: list[ShiftRow] = field(default_factory=list)
    people: list[PersonRow] = field(default_factory=list)
    days: list[DayHead] = field(default_factory=list)
    grid: list[GridRow] = field(default_factory=list)
    come_back: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    hidden: int = 0


def comparison_view(compared: Compared) -> ComparisonView:
    """Put a comparison into words."""
    shifts, people, hours, grid = _shifts(compared), _people(compared), _hours(compared), _grid(compared)
    days = week_days(compared.other.week_start)
    return ComparisonView(
        one=_side(compared.one),
        other=_side(compared.other),
        digest=compared.digest,
        is_same=not (shifts or people),
        summary=summary(compared),
        figures=_figures(compared),
        hours=hours[:MOST_ROWS],
        shifts=shifts[:MOST_ROWS],
        people=people[:MOST_ROWS],
        days=[DayHead(short_day(day), long_day(day)) for day in days],
        grid=grid[:MOST_ROWS],
        come_back=[
            f"{compared.names[held.employee_id]} was taken off {_label_after(compared, held)} on "
            f"{_when_and_by(compared, off)}, and comes back with version {compared.other.number}."
            for held, off in sorted(compared.come_back.items())
        ],
        answers=[
            *(_answer(compared, held, "and that answer stays") for held in sorted(compared.keep_declined)),
            *(_answer(compared, held, "was put on it again and will be asked") for held in sorted(compared.ask_again)),
        ],
        hidden=max(0, *(len(rows) - MOST_ROWS for rows in (shifts, people, hours, grid))),
    )


def summary(compared: Compared) -> str:
    """What differs, in one sentence."""
    counts = compared.differences.counts()
    parts = [
        _count(counts["added_shifts"], "shift added", "shifts added"),
        _count(counts["removed_shifts"], "shift removed", "shifts removed"),
        _count(counts["changed_shifts"], "shift changed", "shifts changed"),
        _count(counts["added"], "place filled", "places filled"),
        _count(counts["removed"], "place emptied", "places emptied"),
        _count(counts["replaced"], "shift given to somebody else", "shifts given to somebody else"),
        _count(counts["moved"], "person whose shift has other times", "people whose shifts have other times"),
    ]
    said = [part for part in parts if part]
    return f"{', '.join(said)}." if said else "No shift and no person on one differs."


def _side(side: Side | None) -> SideView:
    if side is None:
        return SideView(0, 0, "", "Nothing yet")
    return SideView(side.id, side.number, side.status, f"Version {side.number}")


def _label(compared: Compared, shift: VersionShift) -> str:
    return f"{_day_and_times(compared, shift)} ({shift.title or shift.kind.capitalize()})"


def _label_after(compared: Compared, held: Held) -> str:
    return _label(compared, compared.after.shifts[held.lineage_id])


def _day_and_times(compared: Compared, shift: VersionShift) -> str:
    return shift_label(shift.span, shift.zone, clock_24h=compared.other.clock_24h)


def _times(compared: Compared, shift: VersionShift) -> str:
    return span_label(shift.span, shift.zone, clock_24h=compared.other.clock_24h)


def _shifts(compared: Compared) -> list[ShiftRow]:
    found = compared.differences
    return [
        *(ShiftRow("added", _label(compared, shift), [_needs(shift)]) for shift in found.added_shifts),
        *(ShiftRow("removed", _label(compared, shift), [_needs(shift)]) for shift in found.removed_shifts),
        *(
            ShiftRow("changed", _label(compared, change.after), _details(compared, change))
            for change in found.changed_shifts
        ),
    ]


def _needs(shift: VersionShift) -> str:
    return _count(shift.required_staff, "person needed", "people needed")


def _details(compared: Compared, change: ShiftChange) -> list[str]:
    before, after = change.before, change.after
    details = []
    if "span" in change.names:
        details.append(f"{_day_and_times(compared, before)} → {_day_and_times(compared, after)}")
    for name, words in _FIELDS.items():
        if name in change.names:
            details.append(f"{words}: {_value(getattr(before, name))} → {_value(getattr(after, name))}")
    if "notes" in change.names:
        details.append("other notes")
    return details or ["other local time"]


def _value(value: object) -> str:
    words = ", ".join(value) if isinstance(value, tuple) else str(value)
    return words or "none"


def _people(compared: Compared) -> list[PersonRow]:
    found, names = compared.differences, compared.names
    before, after = compared.before.shifts, compared.after.shifts

    def row(kind: Kind, held: Held, shift: VersionShift, detail: str = "", name: str = "") -> PersonRow:
        return PersonRow(kind, name or names[held.employee_id], _label(compared, shift), detail, _note(compared, held))

    return [
        *(row("added", held, after[held.lineage_id]) for held in found.added),
        *(row("removed", held, before[held.lineage_id]) for held in found.removed),
        *(
            row(
                "replaced",
                Held(each.lineage_id, each.after_id),
                after[each.lineage_id],
                f"instead of {names[each.before_id]}{_declined(compared, Held(each.lineage_id, each.before_id))}",
            )
            for each in found.replaced
        ),
        *(
            row("moved", held, after[held.lineage_id], f"was {_day_and_times(compared, was)}")
            for held in found.moved
            if (was := before[held.lineage_id])
        ),
    ]


def _note(compared: Compared, held: Held) -> str:
    off = compared.come_back.get(held)
    if off is not None:
        return f"was taken off {_when_and_by(compared, off)}, comes back"
    return "had declined" if held in compared.before.declined else ""


def _when_and_by(compared: Compared, off: TakenOff) -> str:
    when = moment_label(off.at, compared.other.zone, clock_24h=compared.other.clock_24h)
    return f"{when} by {off.by}" if off.by else when


def _answer(compared: Compared, held: Held, what: str) -> str:
    return f"{compared.names[held.employee_id]} declined {_label_after(compared, held)}, {what}."


def _declined(compared: Compared, held: Held) -> str:
    return ", who had declined" if held in compared.before.declined else ""


def _grid(compared: Compared) -> list[GridRow]:
    found, first_day = compared.differences, compared.other.week_start
    rows: defaultdict[int, list[list[Mark]]] = defaultdict(lambda: [[] for _ in range(7)])

    def put(employee_id: int, kind: Kind, shift: VersionShift, text: str) -> None:
        label = _times(compared, shift)
        name = shift.title or shift.kind.capitalize()
        mark = Mark(kind, label, f"{name}{f', {text}' if text else ''}")
        rows[employee_id][(shift.local_date - first_day).days].append(mark)

    for lineage_id, employee_id in found.added:
        put(employee_id, "added", compared.after.shifts[lineage_id], "")
    for lineage_id, employee_id in found.removed:
        put(employee_id, "removed", compared.before.shifts[lineage_id], "")
    for lineage_id, before_id, after_id in found.replaced:
        put(before_id, "removed", compared.before.shifts[lineage_id], f"now {compared.names[after_id]}")
        put(after_id, "added", compared.after.shifts[lineage_id], f"was {compared.names[before_id]}")
    for lineage_id, employee_id in found.moved:
        was = compared.before.shifts[lineage_id]
        put(employee_id, "moved", compared.after.shifts[lineage_id], f"was {_when(was, compared, lineage_id)}")
    ordered = sorted(rows, key=lambda each: (compared.names[each].casefold(), each))
    return [GridRow(each, compared.names[each], rows[each]) for each in ordered]


def _when(was: VersionShift, compared: Compared, lineage_id: str) -> str:
    if was.local_date == compared.after.shifts[lineage_id].local_date:
        return _times(compared, was)
    return f"{short_day(was.local_date)} {_times(compared, was)}"


def _hours(compared: Compared) -> list[FigureRow]:
    before, after = compared.figures_before.minutes_of, compared.figures_after.minutes_of
    people = sorted(before.keys() | after.keys(), key=lambda each: (compared.names[each].casefold(), each))
    return [
        _minutes_row(compared.names[each], before.get(each, 0), after.get(each, 0))
        for each in people
        if before.get(each, 0) != after.get(each, 0)
    ]


def _figures(compared: Compared) -> list[FigureRow]:
    one, other = compared.figures_before, compared.figures_after
    return [
        _number_row("People with a shift", one.people, other.people),
        _minutes_row("Hours of work", one.minutes, other.minutes),
        *_cost_rows(one, other, compared.other.currency),
        _minutes_row("Hours nobody has yet", one.short_minutes, other.short_minutes),
        _minutes_row("Hours beyond need", one.over_minutes, other.over_minutes),
        _minutes_row("Hours against contract, spread", round(one.hours_deviation), round(other.hours_deviation)),
        _number_row("Night shifts, most less fewest", one.nights_gap, other.nights_gap),
        _number_row("Weekend shifts, most less fewest", one.weekends_gap, other.weekends_gap),
    ]


def _cost_rows(one: Figures, other: Figures, currency: str) -> list[FigureRow]:
    if one.cost_cents is None or other.cost_cents is None:
        return []
    change = other.cost_cents - one.cost_cents
    said = f"{_sign(change)}{money_label(abs(change), currency)}" if change else ""
    rows = [FigureRow("Cost", money_label(one.cost_cents, currency), money_label(other.cost_cents, currency), said)]
    if one.unpriced or other.unpriced:
        rows.append(_number_row("People without a rate, not in the cost", one.unpriced, other.unpriced))
    return rows


def _number_row(name: str, one: int, other: int) -> FigureRow:
    change = f"{_sign(other - one)}{abs(other - one)}" if one != other else ""
    return FigureRow(name, str(one), str(other), change)


def _minutes_row(name: str, one: int, other: int) -> FigureRow:
    change = f"{_sign(other - one)}{minutes_label(abs(other - one))}" if one != other else ""
    return FigureRow(name, hours_label(one), hours_label(other), change)


def _sign(change: int) -> str:
    return "+" if change > 0 else "−"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else ""
