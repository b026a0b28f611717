"""Paths of the pages, and builders of links to them."""

from datetime import date
from typing import Final
from urllib.parse import urlencode

HOME: Final = "/"
SCHEDULE: Final = "/schedule/[site]/[week]"
COVERAGE: Final = "/coverage/[site]/[week]"
VERSIONS: Final = "/versions/[site]/[week]"
INSIGHT: Final = "/insight/[site]"
ME: Final = "/me"
OPEN_SHIFTS: Final = "/open"
SWAPS: Final = "/swaps"
TIME_OFF: Final = "/time-off"
AVAILABILITY: Final = "/availability"
REQUESTS: Final = "/requests"
INBOX: Final = "/inbox"
ANNOUNCEMENTS: Final = "/announcements"
ACCOUNT: Final = "/account"
WISHES: Final = "/account/notifications"
PEOPLE: Final = "/manage/people"
PERSON: Final = "/manage/people/[person]"
DEPARTMENTS: Final = "/manage/departments"
SITE: Final = "/manage/site"
SITE_MESSAGES: Final = "/manage/site/messages"
RULES: Final = "/manage/rules"
WEIGHTS: Final = "/manage/rules/weights"
RULE: Final = "/manage/rules/[rule]"
VIOLATIONS: Final = "/manage/violations"
OPERATION: Final = "/manage/operation"
TEMPLATES: Final = "/templates/[site]"


def schedule(site_id: int, week: date, view: str = "", *, version: str = "") -> str:
    """The board of a site's week, or another view of it or of the weeks around it; `version` may be "published"."""
    asked = {"view": view, "version": "published" if version == "published" else ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"/schedule/{site_id}/{week.isoformat()}" + (f"?{query}" if query else "")


def coverage(site_id: int, week: date) -> str:
    """The coverage heatmap of a site's week."""
    return f"/coverage/{site_id}/{week.isoformat()}"


def versions(site_id: int, week: date) -> str:
    """All versions of a site's week."""
    return f"/versions/{site_id}/{week.isoformat()}"


def insight(site_id: int) -> str:
    """A site in figures."""
    return f"/insight/{site_id}"


def templates(site_id: int) -> str:
    """A site's templates."""
    return f"/templates/{site_id}"
