"""The figures of the insight page as tables, for the screen and for a spreadsheet alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias, get_args

from schedule_app.domain.errors import NotAllowed
from schedule_app.domain.insight import percentile
from schedule_app.domain.preference import TimeOfWeek
from schedule_app.domain.time import clock_span_label
from schedule_app.queries.insight import Answers, FairnessKind, InsightView
from schedule_app.queries.labels import WEEKDAYS, week_label

Part: TypeAlias = Literal["coverage", "hours", "cost", "overtime", "fairness", "violations", "answers"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)

FAIRNESS_WORDS: Final[Mapping[FairnessKind, str]] = {
    "night": "Nights",
    "weekend": "Weekends",
    "unpopular": "Unpopular shifts",
}
RULE_WORDS: Final = {
    "availability": "Availability",
    "workload": "Workload",
    "qualification": "Qualification",
    "preference": "Preference",
    "restriction": "Restriction",
    "overtime": "Overtime",
    "consecutive_days": "Days in a row",
    "rest_period": "Rest",
}
#: Up to how many minutes after the question, in words.
ANSWER_STEPS: Final = (
    (60, "Within 1 h"),
    (360, "1 to 6 h"),
    (1440, "6 to 24 h"),
    (2880, "1 to 2 days"),
    (None, "Later"),
)

Cell: TypeAlias = str | int | date


@dataclass(frozen=True, slots=True)
class Table:
    """Figures in rows; hours and money are written with two decimals, as text."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def insight_table(view: InsightView, part: Part) -> Table:
    """The numbers behind one part of the page.

    Raises:
        NotAllowed: The cost, and the view was read without it.
    """
    return _TABLES[part](view)


def time_label(at: TimeOfWeek, *, clock_24h: bool) -> str:
    """A time of the week: "Saturday 22:00–06:00"."""
    return f"{WEEKDAYS[at.weekday]} {clock_span_label(at.start, at.end, 0, clock_24h=clock_24h)}"


def rule_label(rule_type: str, name: str) -> str:
    """A rule by its name; one that is gone, or never was one, by its type."""
    return name or RULE_WORDS.get(rule_type, rule_type.capitalize())


def answer_counts(answers: Answers) -> list[tuple[str, int]]:
    """How many answers came how soon, and how many have not come."""
    counts, below = [], 0
    for until, words in ANSWER_STEPS:
        within = sum(until is None or minutes <= until for minutes in answers.minutes)
        counts.append((words, within - below))
        below = within
    return [*counts, ("Not answered", answers.unanswered)]


def _coverage(view: InsightView) -> Table:
    return Table(
        ("Day", "Needed (min)", "Short (min)", "Over (min)"),
        tuple((each.day, each.needed_minutes, each.short_minutes, each.over_minutes) for each in view.coverage),
    )


def _hours(view: InsightView) -> Table:
    return Table(
        ("Person", "Department", "Contract (h)", "Planned (h)", "Over contract (h)", "Under contract (h)"),
        tuple(
            (
                each.name,
                each.department,
                "" if each.contracted is None else _hours_of(each.contracted),
                _hours_of(each.worked),
                "" if each.contracted is None else _hours_of(max(each.worked - each.contracted, 0)),
                "" if each.contracted is None else _hours_of(max(each.contracted - each.worked, 0)),
            )
            for each in view.hours
        ),
    )


def _cost(view: InsightView) -> Table:
    if view.costs is None:
        raise NotAllowed
    parts = sorted(view.costs.cents.items(), key=lambda item: (item[0].week_start, view.departments[item[0][0]]))
    return Table(
        ("Week from", "Week", "Department", f"Cost ({view.currency})"),
        tuple(
            (part.week_start, week_label(part.week_start), view.departments[part.department_id], f"{cents / 100:.2f}")
            for part, cents in parts
        ),
    )


def _overtime(view: InsightView) -> Table:
    return Table(
        ("Week from", "Person", "Planned (h)", "Overtime begins after (h)", "Overtime (h)"),
        tuple(
            (each.week_start, each.name, _hours_of(each.worked), _hours_of(each.limit), _hours_of(each.minutes))
            for each in view.overtime
        ),
    )


def _fairness(view: InsightView) -> Table:
    return Table(
        ("Kind", "Person", "Shifts", "Shifts per 100 contracted hours"),
        tuple(
            (FAIRNESS_WORDS[kind], view.names[share.employee_id], share.count, f"{share.per_100_hours:.2f}")
            for kind, found in view.fairness.items()
            for share in reversed(found.shares)
        ),
    )


def _violations(view: InsightView) -> Table:
    return Table(
        ("Rule", "Type", "Broken", "With a reason given"),
        tuple(
            (
                rule_label(each.rule_type, each.name),
                RULE_WORDS.get(each.rule_type, each.rule_type.capitalize()),
                each.count,
                each.overridden,
            )
            for each in view.violations
        ),
    )


def _answers(view: InsightView) -> Table:
    minutes = view.answers.minutes
    times = [(words, _hours_of(round(percentile(minutes, share)))) for words, share in _TIMES] if minutes else []
    return Table(
        ("Answer", "Number", "Hours"),
        (
            *((words, count, "") for words, count in answer_counts(view.answers)),
            *((words, "", hours) for words, hours in times),
        ),
    )


_TIMES: Final = (("Half of the answers came within", 0.5), ("Nine of ten came within", 0.9))
_TABLES: Final[Mapping[Part, Callable[[InsightView], Table]]] = {
    "coverage": _coverage,
    "hours": _hours,
    "cost": _cost,
    "overtime": _overtime,
    "fairness": _fairness,
    "violations": _violations,
    "answers": _answers,
}


def _hours_of(minutes: int) -> str:
    return f"{minutes / 60:.2f}"
