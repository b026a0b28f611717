"""Which hours of a heatmap are worth a row."""

from collections.abc import Iterable

from schedule_app.queries.coverage import CoverageRow


def busy_hours(rows: Iterable[CoverageRow]) -> set[int]:
    """The hours in which somebody is needed or there on some day, and one to either side, also around midnight."""
    busy = {row.hour for row in rows if any(cell.needed or cell.staffed for cell in row.cells)}
    return {(hour + step) % 24 for hour in busy for step in (-1, 0, 1)}
