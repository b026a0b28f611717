"""How long a question stays open."""

from datetime import datetime

from schedule_app.queries.me import MyShift

_MINUTES_PER_DAY = 24 * 60


def time_left(shift: MyShift, now: datetime) -> str:
    """How long the person can still answer: "2 days 3 h", "5 h 20 min", "under a minute"."""
    instants = [datetime.fromisoformat(instant) for instant in (shift.confirm_by, shift.starts_at) if instant]
    minutes = int((min(instants) - now).total_seconds()) // 60
    if minutes < 1:
        return "under a minute"
    days, rest = divmod(minutes, _MINUTES_PER_DAY)
    hours, rest = divmod(rest, 60)
    parts = [(days, "day" if days == 1 else "days"), (hours, "h"), (rest, "min")]
    # Two units say enough; the smaller ones would only make the text jump.
    first = next(index for index, (count, _) in enumerate(parts) if count)
    return " ".join(f"{count} {unit}" for count, unit in parts[first : first + 2] if count)
