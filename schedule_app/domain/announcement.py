"""Announcements: to whom they go and how loud they may be."""

from enum import StrEnum
from typing import Final

from schedule_app.domain.notices import Priority

#: Quieter than normal would be for nobody to hear.
PRIORITIES: Final = (Priority.NORMAL, Priority.HIGH, Priority.URGENT)
LONGEST_SUBJECT: Final = 120
LONGEST_BODY: Final = 4000


class Audience(StrEnum):
    """Who is told."""

    SITE = "site"
    DEPARTMENT = "department"
    SHIFT = "shift"
