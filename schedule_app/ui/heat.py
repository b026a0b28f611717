"""What every heatmap of a week's coverage needs: which hours are worth a row, and what changes it."""

from collections.abc import Iterable
from datetime import date

from schedule_app.live import topics
from schedule_app.queries.coverage import CoverageRow
from schedule_app.ui.week_address import ONE_WEEK


def busy_hours(rows: Iterable[CoverageRow]) -> set[int]:
    """The hours in which somebody is needed or there on some day, and one to either side, also around midnight."""
    busy = {row.hour for row in rows if any(cell.needed or cell.staffed for cell in row.cells)}
    return {(hour + step) % 24 for hour in busy for step in (-1, 0, 1)}


def coverage_topics(site_id: int, week_start: date) -> set[str]:
    """What a week's coverage depends on, the week before with its last night included."""
    weeks = {topics.week(site_id, week) for week in (week_start - ONE_WEEK, week_start)}
    return {topics.site(site_id), *weeks}
