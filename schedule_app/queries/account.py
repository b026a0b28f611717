"""Where a person is signed in."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.time import moment_label
from schedule_app.queries.preferences import OWN_CLOCK
from schedule_app.settings import get_settings

_SESSIONS = text(f"""
    SELECT auth_sessions.id, auth_sessions.user_agent, auth_sessions.ip, auth_sessions.created_at,
           auth_sessions.last_seen_at, sites.time_zone, {OWN_CLOCK}
    FROM auth_sessions
    JOIN employees ON employees.id = auth_sessions.employee_id
    JOIN sites ON sites.id = employees.site_id
    WHERE auth_sessions.employee_id = :employee_id AND auth_sessions.revoked_at IS NULL
      AND auth_sessions.expires_at > now() AND auth_sessions.last_seen_at > now() - :idle
    ORDER BY auth_sessions.id = :current_id DESC, auth_sessions.last_seen_at DESC, auth_sessions.id DESC
""")  # noqa: S608 - constants

# In this order: browsers name the ones they descend from as well.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class SessionItem:
    """A signed-in browser."""

    id: int
    device: str
    ip: str
    created_label: str
    last_seen_label: str
    is_current: bool


async def list_sessions(session: AsyncSession, employee_id: int, current_session_id: int | None) -> list[SessionItem]:
    """A person's sessions that are still good: the present one first, then the ones seen last."""
    values = {
        "employee_id": employee_id,
        "current_id": current_session_id,
        "idle": timedelta(minutes=get_settings().session_idle_minutes),
    }
    return [
        SessionItem(
            id=row.id,
            device=device(row.user_agent),
            ip=row.ip,
            created_label=moment_label(row.created_at, row.time_zone, clock_24h=row.clock_24h),
            last_seen_label=moment_label(row.last_seen_at, row.time_zone, clock_24h=row.clock_24h),
            is_current=row.id == current_session_id,
        )
        for row in await session.execute(_SESSIONS, values)
    ]


def device(user_agent: str) -> str:
    """What a browser says of itself, in two words: "Chrome on Android"."""
    browser = next((name for token, name in _BROWSERS if token in user_agent), "A browser")
    system = next((name for token, name in _SYSTEMS if token in user_agent), "an unknown device")
    return f"{browser} on {system}"
