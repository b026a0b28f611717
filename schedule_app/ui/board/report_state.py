"""What came of making many shifts in one step: kept above the board until it is closed."""

from datetime import date
from typing import TypedDict

import reflex as rx

from schedule_app.domain.permissions import Permission
from schedule_app.domain.time import week_start_of
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.labels import week_label
from schedule_app.services.bulk_plan import Concern, Outcome
from schedule_app.ui import routes
from schedule_app.ui.guard import guarded

#: More lines than anybody reads through; the record of changes holds as many.
_MOST_LINES = 100


class Line(TypedDict):
    """Somebody on a shift, and what the rules say.

    Attributes:
        employee_id: 0 for who does not work here any more.
        week: First day of the shift's week.
    """

    key: str
    label: str
    text: str
    employee_id: int
    date: str
    week: str
    href: str


class ReportState(rx.State):
    """The last report; none while the title is empty."""

    title: str = ""
    left_title: str = ""
    left_open: list[Line] = []
    warned: list[Line] = []
    left_out: int = 0
    week: str = ""
    href: str = ""
    href_label: str = ""

    @guarded(Permission.ASSIGN)
    async def dismiss(self, _signed_in: SignedIn) -> None:
        """Close the report."""
        self._forget()

    def _show(self, title: str, outcome: Outcome, site_id: int, week_starts_on: int, first: date) -> None:
        """Show what was made; `first` is the first day it was made on."""
        self.title, self.left_title = f"{title}: {said(outcome)}", "Left open, because a rule does not allow it"
        self._list(outcome.left_open, outcome.warned, site_id, week_starts_on)
        week = week_start_of(first, week_starts_on)
        self.week = week.isoformat()
        self.href, self.href_label = routes.schedule(site_id, week), f"Show {week_label(week)}"

    def _tell(
        self,
        title: str,
        left_title: str,
        refused: tuple[Concern, ...],
        warned: tuple[Concern, ...],
        site_id: int,
        week: str,
    ) -> None:
        """Show what was refused and what warned in a week; nothing where there is neither."""
        if not refused and not warned:
            self._forget()
            return
        start = date.fromisoformat(week)
        self.title, self.left_title, self.week = title, left_title, week
        self._list(refused, warned, site_id, start.weekday())
        self.href, self.href_label = routes.schedule(site_id, start), f"Show {week_label(start)}"

    def _list(self, left: tuple[Concern, ...], warned: tuple[Concern, ...], site_id: int, week_starts_on: int) -> None:
        def lines(concerns: tuple[Concern, ...]) -> list[Line]:
            return [_line(number, each, site_id, week_starts_on) for number, each in enumerate(concerns[:_MOST_LINES])]

        self.left_open, self.warned = lines(left), lines(warned)
        self.left_out = sum(max(len(each) - _MOST_LINES, 0) for each in (left, warned))

    def _forget(self) -> None:
        self.title, self.left_open, self.warned, self.left_out = "", [], [], 0


def said(outcome: Outcome) -> str:
    """What was or would be made, as "28 shifts, 41 people"."""
    return f"{_count(outcome.shifts, 'shift')}, {_count(outcome.people, 'person', 'people')}"


def foretold(outcome: Outcome) -> str:
    """What would be made, in sentences: "28 shifts, 41 people; 3 people cannot be put on their shifts." and so on."""
    parts = [said(outcome)]
    if outcome.left_open:
        parts.append(f"{_count(len(outcome.left_open), 'place')} would be left open, because a rule does not allow it")
    if outcome.warned:
        parts.append(f"{_count(len(outcome.warned), 'place')} would go against a rule that warns")
    sentences = ["; ".join(parts) + "."]
    if outcome.removed_shifts:
        people = _count(outcome.removed_people, "person", "people")
        sentences.append(f"Before that, {_count(outcome.removed_shifts, 'shift')} with {people} would be removed.")
    if outcome.new_weeks:
        weeks = ", ".join(week_label(week) for week in outcome.new_weeks)
        sentences.append(f"A draft would be begun for {weeks}.")
    return " ".join(sentences)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _line(number: int, concern: Concern, site_id: int, week_starts_on: int) -> Line:
    week = week_start_of(concern.day, week_starts_on)
    return {
        "key": str(number),
        "label": concern.label,
        "text": concern.text,
        "employee_id": concern.employee_id,
        "date": concern.day.isoformat(),
        "week": week.isoformat(),
        "href": routes.schedule(site_id, week),
    }
