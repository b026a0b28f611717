"""Notices about other notices."""

from dataclasses import dataclass
from typing import ClassVar, Final

from schedule_app.domain.notices.words import Category, Priority, Wording

_BY: Final = {"email": "by e-mail", "push": "on their phone or computer", "sms": "by SMS"}


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    """To the planners: what somebody should have been told has not reached them outside the app.

    Attributes:
        channel: "email", "push" or "sms".
        about: What they should have been told, in words.
        reason: Why it was given up, as the channel told.
    """

    type: ClassVar[str] = "delivery_failed"
    category: ClassVar[Category] = Category.SYSTEM
    priority: ClassVar[Priority] = Priority.HIGH

    employee_name: str
    channel: str
    about: str
    reason: str

    def wording(self, *, clock_24h: bool) -> Wording:
        """Say who, what, and why."""
        del clock_24h
        title = f"{self.employee_name} could not be reached {_BY.get(self.channel, '')}".rstrip()
        reason = self.reason.rstrip(". ")
        after = "It is in their inbox; please ask whether they have seen it."
        return Wording(title, f"Not told there: {self.about}. {reason}. {after}")
