"""The figures of the insight page in words and charts, ready to be drawn."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from schedule_app.domain.fairness import deviation
from schedule_app.domain.insight import Fairness, percentile
from schedule_app.domain.time import minutes_label
from schedule_app.queries.insight import InsightView
from schedule_app.queries.insight_tables import (
    FAIRNESS_WORDS,
    Part,
    answer_counts,
    insight_table,
    rule_label,
    time_label,
)
from schedule_app.queries.labels import long_day, money_label, week_label

#: More bars than this are no chart any more; the table has them all.
_MOST_BARS: Final = 12
#: People drawn as columns side by side.
_MOST_COLUMNS: Final = 120
#: More rows than this nobody reads on a page; the download has them all.
MOST_ROWS: Final = 500


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a chart, in percent of its height from the top; `rise` stands on the base line, `fall` hangs."""

    label: str
    top: float
    rise: float
    fall: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its words; widths in percent, and a `mark` where there is something to compare it with, else ""."""

    label: str
    text: str
    size: str
    mark: str
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns or bars.

    Attributes:
        text: What the columns show, for who cannot see them; bars speak for themselves.
        base: Where the base line of the columns is, in percent from the top.
        first: Below the first column.
        last: Below the last one.
        tone: How the columns are coloured.
    """

    title: str = ""
    text: str = ""
    columns: list[Column] = field(default_factory=list)
    base: float = 100
    first: str = ""
    last: str = ""
    tone: str = "plain"
    bars: list[Bar] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Card:
    """One part of the page.

    Attributes:
        headline: What it comes to.
        note: How it is reckoned.
        is_open: Whether the numbers are shown; `headings` and `rows` are empty otherwise.
        more: How many rows the page leaves out.
    """

    part: Part
    title: str
    headline: str
    note: str
    charts: list[Chart]
    is_open: bool = False
    headings: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    more: int = 0


def cards_of(view: InsightView, opened: Collection[Part]) -> list[Card]:
    """Everything the view has, the parts that are opened with their numbers; nothing where nothing is planned."""
    if not view.planned:
        return []
    found = [_coverage(view), _hours(view), _fairness(view), _violations(view), _cost(view), _overtime(view)]
    cards = [card for card in (*found, _answers(view)) if card is not None]
    return [_with_numbers(view, card) if card.part in opened else card for card in cards]


def _with_numbers(view: InsightView, card: Card) -> Card:
    table = insight_table(view, card.part)
    rows = [[_shown(cell) for cell in row] for row in table.rows[:MOST_ROWS]]
    more = max(len(table.rows) - MOST_ROWS, 0)
    return Card(card.part, card.title, card.headline, card.note, card.charts, True, list(table.headings), rows, more)


def _shown(cell: str | int | date) -> str:
    return f"{cell:%d %b %Y}" if isinstance(cell, date) else str(cell)


def _coverage(view: InsightView) -> Card:
    days = view.coverage
    short, over = sum(day.short_minutes for day in days), sum(day.over_minutes for day in days)
    worst = max(days, key=lambda day: day.short_minutes, default=None)
    words = f"{_hours_of(short)} short and {_hours_of(over)} over" if short or over else "Every shift has its people"
    text = f"{words}, in {_count(len(view.planned), 'week', 'weeks')} with a plan."
    if worst is not None and worst.short_minutes:
        text += f" Most is short on {long_day(worst.day)}: {_hours_of(worst.short_minutes)}."
    chart = _columns(
        [
            (
                f"{long_day(day.day)}: {_hours_of(day.short_minutes)} short, {_hours_of(day.over_minutes)} over",
                day.over_minutes,
                day.short_minutes,
            )
            for day in days
        ],
        title="By day: above the line too many, below it too few",
        text=text,
        first=long_day(days[0].day) if days else "",
        last=long_day(days[-1].day) if days else "",
        tone="coverage",
    )
    note = "Hours of shifts without enough people, and with more than needed. One does not make up for the other."
    return Card("coverage", "Coverage", text, note, [chart] if short or over else [])


def _hours(view: InsightView) -> Card:
    under_contract = [each for each in view.hours if each.contracted is not None]
    apart = sorted(under_contract, key=lambda each: -abs(each.worked - (each.contracted or 0)))
    most = max((max(each.worked, each.contracted or 0) for each in apart), default=0)
    bars = [
        _bar(
            each.name,
            f"{_hours_of(each.worked)} of {_hours_of(due)}, {_difference(each.worked - due)}",
            each.worked,
            most,
            mark=due,
            tone="over" if each.worked > due else "under" if each.worked < due else "plain",
        )
        for each in apart[:_MOST_BARS]
        for due in [each.contracted or 0]
    ]
    planned, due = sum(each.worked for each in view.hours), sum(each.contracted or 0 for each in under_contract)
    spread = round(deviation([each.worked - (each.contracted or 0) for each in under_contract]))
    return Card(
        "hours",
        "Hours against contract",
        f"{_hours_of(planned)} planned, {_hours_of(due)} contracted. People differ from their contract by "
        f"{_hours_of(spread)} (standard deviation).",
        "The line in each bar is the contract. Who is furthest from it comes first.",
        [Chart(bars=bars)] if bars else [],
    )


def _cost(view: InsightView) -> Card | None:
    if view.costs is None:
        return None
    by_week, by_department = Counter[date](), Counter[int | None]()
    for part, cents in view.costs.cents.items():
        by_week[part.week_start] += cents
        by_department[part.department_id] += cents
    total, unpriced = by_week.total(), view.costs.unpriced_minutes

    def money(cents: int) -> str:
        return money_label(cents, view.currency)

    charts = [
        _columns(
            [(f"{week_label(week)}: {money(by_week[week])}", by_week[week], 0) for week in view.planned],
            title="By week",
            text="; ".join(f"{week_label(week)}: {money(by_week[week])}" for week in view.planned),
            first=week_label(view.planned[0]),
            last=week_label(view.planned[-1]) if len(view.planned) > 1 else "",
        ),
        Chart(
            title="By department",
            bars=[
                _bar(view.departments[each], money(cents), cents, max(by_department.values()))
                for each, cents in by_department.most_common(_MOST_BARS)
            ],
        ),
    ]
    lacking = f" Without {_hours_of(unpriced)} of people whose rate is not known." if unpriced else ""
    note = "Planned hours at each person's hourly rate, without premiums."
    return Card("cost", "Cost", f"{money(total)}.{lacking}", note, charts if total else [])


def _overtime(view: InsightView) -> Card:
    by_person = Counter[str]()
    for each in view.overtime:
        by_person[each.name] += each.minutes
    most = max(by_person.values(), default=0)
    bars = [_bar(name, _hours_of(minutes), minutes, most) for name, minutes in by_person.most_common(_MOST_BARS)]
    people = len({each.employee_id for each in view.overtime})
    headline = f"{_hours_of(by_person.total())} by {_count(people, 'person', 'people')}." if people else "None."
    note = "Hours beyond the overtime rule of the week; where no such rule holds, beyond the contract."
    return Card("overtime", "Overtime", headline, note, [Chart(bars=bars)] if bars else [])


def _fairness(view: InsightView) -> Card:
    charts = [
        _spread(words, view.fairness[kind], view)
        for kind, words in FAIRNESS_WORDS.items()
        if any(share.count for share in view.fairness[kind].shares)
    ]
    times = "; ".join(
        f"{time_label(each.time_of_week, clock_24h=view.clock_24h)} "
        f"(declined {each.declined} of {each.asked}, disliked by {each.disliking} of {each.people})"
        for each in view.unpopular
    )
    names = ", ".join(time_label(each.time_of_week, clock_24h=view.clock_24h) for each in view.unpopular)
    named = f" Unpopular are the times declined or disliked most: {times}." if times else ""
    uncontracted = sum(found.uncontracted for found in view.fairness.values())
    left_out = " People without a contract are left out." if uncontracted else ""
    return Card(
        "fairness",
        "Fairness",
        f"Unpopular: {names}." if names else "No time of the week is unpopular.",
        "Shifts per 100 contracted hours, of everybody who works and has a contract. Gini: 0 is even, 1 is all to one. "
        f"A night has three hours or more between 23:00 and 06:00.{named}{left_out}",
        charts,
    )


def _spread(words: str, found: Fairness, view: InsightView) -> Chart:
    fewest, most = found.shares[0], found.shares[-1]
    text = (
        f"Gini {found.gini:.2f}, spread {found.spread:.1f} per 100 hours. "
        f"Most: {view.names[most.employee_id]} with {most.count}; fewest: {view.names[fewest.employee_id]} with "
        f"{fewest.count}."
    )
    step = max(len(found.shares) / _MOST_COLUMNS, 1)
    drawn = [found.shares[int(place * step)] for place in range(min(len(found.shares), _MOST_COLUMNS))]
    columns = [
        (f"{view.names[share.employee_id]}: {share.count}, {share.per_100_hours:.1f} per 100 h", share.per_100_hours, 0)
        for share in drawn
    ]
    return _columns(columns, title=words, text=text, first="Fewest", last="Most")


def _violations(view: InsightView) -> Card:
    most = max((each.count for each in view.violations), default=0)
    bars = [
        _bar(rule_label(each.rule_type, each.name), f"{each.count}, {each.overridden} with a reason", each.count, most)
        for each in view.violations[:_MOST_BARS]
    ]
    total, overridden = sum(each.count for each in view.violations), sum(each.overridden for each in view.violations)
    headline = f"{_count(total, 'time', 'times')} a rule was broken, {overridden} of them with a reason given."
    note = "Found when people were assigned, and still true of who has the shift."
    return Card("violations", "Rules broken", headline if total else "None.", note, [Chart(bars=bars)] if bars else [])


def _answers(view: InsightView) -> Card:
    answers = view.answers
    counts = answer_counts(answers)
    most = max(count for _, count in counts)
    bars = [
        _bar(words, str(count), count, most, tone="under" if words == counts[-1][0] else "plain")
        for words, count in counts
    ]
    parts = []
    if answers.minutes:
        half, nine = (_hours_of(round(percentile(answers.minutes, share))) for share in (0.5, 0.9))
        parts.append(f"Half of the answers came within {half}, nine of ten within {nine}.")
    if answers.asked:
        share = answers.unanswered / answers.asked
        parts.append(f"{share:.0%} of {_count(answers.asked, 'question', 'questions')} not answered.")
    note = "From being asked to confirm a shift to the answer, in published weeks."
    return Card("answers", "Answers", " ".join(parts) or "Nobody was asked.", note, [Chart(bars=bars)] if most else [])


def _columns(
    values: Sequence[tuple[str, float, float]],
    *,
    title: str,
    text: str,
    first: str = "",
    last: str = "",
    tone: str = "plain",
) -> Chart:
    highest, lowest = max((up for _, up, _ in values), default=0), max((down for _, _, down in values), default=0)
    scale = 100 / (highest + lowest) if highest or lowest else 0
    base = highest * scale if highest or lowest else 100
    columns = [
        Column(label, round(base - up * scale, 2), round(up * scale, 2), round(down * scale, 2))
        for label, up, down in values
    ]
    return Chart(title, text, columns, round(base, 2), first, last, tone)


def _bar(label: str, text: str, value: float, most: float, *, mark: float | None = None, tone: str = "plain") -> Bar:
    def percent(part: float) -> str:
        return f"{100 * part / most:.1f}%" if most else "0%"

    return Bar(label, text, percent(value), "" if mark is None else percent(mark), tone)


def _difference(minutes: int) -> str:
    if not minutes:
        return "as contracted"
    return f"{_hours_of(abs(minutes))} {'over' if minutes > 0 else 'under'}"


def _hours_of(minutes: int) -> str:
    return minutes_label(minutes) if minutes else "0 h"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
