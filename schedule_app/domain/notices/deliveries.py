"""Notices about other notices."""

from dataclasses import dataclass
from typing import ClassVar, Final

from schedule_app.domain.notices.words import Category, Priority, Reader, Wording

_BY: Final = {"email": "by e-mail", "push": "on their devices", "sms": "by SMS"}


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    """To the planners: what somebody should have been told has not reached them outside the app.

    Attributes:
        channel: "email", "push" or "sms".
        about: The subject of the message, as it was sent; "" where it could not be put into words.
        reason: Why it was given up, as the channel told.
    """

    type: ClassVar[str] = "delivery_failed"
    category: ClassVar[Category] = Category.SYSTEM
    priority: ClassVar[Priority] = Priority.HIGH

    employee_name: str
    channel: str
    about: str
    reason: str

    def wording(self, reader: Reader) -> Wording:
        """Say who, what, and why."""
        del reader
        title = f"{self.employee_name} could not be reached {_BY.get(self.channel, '')}".rstrip()
        about = self.about or "a message that cannot be read"
        reason = self.reason.rstrip(". ")
        after = "It is in their inbox; please ask whether they have seen it."
        return Wording(title, f"Not told there: {about}. {reason}. {after}")
