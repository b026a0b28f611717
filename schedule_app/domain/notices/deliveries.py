"""Notices about other notices."""

from dataclasses import dataclass
from typing import ClassVar, Final

from schedule_app.domain.notices.words import Category, Priority, Reader, Wording

_BY: Final = {"email": "by e-mail", "push": "on their devices", "sms": "by SMS"}


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    """To the planners: what somebody should have been told has not reached them outside the app.

    Attributes:
        employee_name: Who; "" where it is nobody's in particular, as when a server does not answer.
        channel: "email", "push" or "sms".
        about: The subject of the message, as it was sent; "" where it could not be put into words.
        reason: Why it was given up, as the channel told; it may name an address. "" for those who may not know.
    """

    type: ClassVar[str] = "delivery_failed"
    category: ClassVar[Category] = Category.SYSTEM
    priority: ClassVar[Priority] = Priority.HIGH

    employee_name: str
    channel: str
    about: str = ""
    reason: str = ""

    def wording(self, reader: Reader) -> Wording:
        """Say who, what, and why."""
        del reader
        by = _BY.get(self.channel, "")
        reason = f"{self.reason.rstrip('. ')}. " if self.reason else ""
        if not self.employee_name:
            return Wording(f"Messages do not arrive {by}".rstrip(), f"{reason}They are in people's inboxes.")
        title = f"{self.employee_name} could not be reached {by}".rstrip()
        after = "It is in their inbox; please ask whether they have seen it."
        if not self.reason:
            return Wording(title, f"A message was not told there. {after}")
        about = self.about or "a message that cannot be read"
        return Wording(title, f"Not told there: {about}. {reason}{after}")
