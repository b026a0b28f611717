"""Names of what can change. The database's triggers send the same names (see the migration of the live triggers)."""

from datetime import date

CHANNEL = "schedule_app"


def site(site_id: int) -> str:
    """A site's people, departments, rules and its list of schedules."""
    return f"site:{site_id}"


def employee(employee_id: int) -> str:
    """One person: their details and their own assignments."""
    return f"employee:{employee_id}"


def inbox(employee_id: int) -> str:
    """One person's notifications."""
    return f"inbox:{employee_id}"


def session(session_id: int) -> str:
    """One signed-in browser, which may be signed out from elsewhere."""
    return f"session:{session_id}"


def sessions(employee_id: int) -> str:
    """Where one person is signed in."""
    return f"sessions:{employee_id}"


def week(site_id: int, week_start: date) -> str:
    """Everything about one site's week: every version of its schedule, their shifts and assignments."""
    return f"week:{site_id}:{week_start.isoformat()}"


def solve(schedule_id: int) -> str:
    """The optimiser's runs over one schedule."""
    return f"solve:{schedule_id}"


def time_off(site_id: int) -> str:
    """What the people of a site have asked for of time off; of 0 those of every site."""
    return f"time_off:{site_id}"


def swaps(site_id: int) -> str:
    """What the people of one site ask of each other about their shifts."""
    return f"swaps:{site_id}"


def operation() -> str:
    """What failed or was given up, and is tried again."""
    return "operation"


def undo(employee_id: int) -> str:
    """What one person can undo."""
    return f"undo:{employee_id}"


def presence(site_id: int, week_start: str) -> str:
    """Who looks at a site's week; told by the processes to each other, and not by the database."""
    return f"presence:{site_id}:{week_start}"


def open_shifts(site_id: int) -> str:
    """Who claims a site's open shifts, who is asked to take them and who cannot come."""
    return f"open:{site_id}"


def announcements(site_id: int) -> str:
    """What planners have announced at a site."""
    return f"announcements:{site_id}"


def announcement(announcement_id: int) -> str:
    """Who has seen one announcement."""
    return f"announcement:{announcement_id}"


def ledger(site_id: int, week_start: date) -> str:
    """Who was told of a site's week, and whether it arrived."""
    return f"ledger:{site_id}:{week_start.isoformat()}"
