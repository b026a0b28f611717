"""How what people were told has fared on each channel, in words for whoever sent it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from schedule_app.domain.time import moment_label

CHANNELS: Final = {"in_app": "In the app", "email": "E-mail", "push": "Push", "sms": "SMS"}

#: The deliveries of the notification `told`, as `delivery_lines` reads them.
DELIVERIES: Final = """
    COALESCE((
        SELECT json_agg(json_build_array(each.channel, each.status, each.attempts, each.sent_at, each.seen_at,
                                         each.failure_reason)
                        ORDER BY each.channel = 'in_app' DESC, each.channel)
        FROM notification_deliveries AS each WHERE each.notification_id = told.id
    ), '[]')
"""
#: Whether the reader of the notification `told` has seen it, wherever.
IS_SEEN: Final = """
    (told.read_at IS NOT NULL OR EXISTS (
        SELECT FROM notification_deliveries AS each
        WHERE each.notification_id = told.id AND each.seen_at IS NOT NULL))
"""
#: Whether it was given up on a channel.
HAS_FAILED: Final = """
    EXISTS (SELECT FROM notification_deliveries AS each WHERE each.notification_id = told.id AND each.status = 'failed')
"""


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One channel: how it stands there, and why not.

    Attributes:
        level: "ok", "wait", "dropped" or "failed".
    """

    channel: str
    words: str
    level: str


def delivery_lines(
    deliveries: Sequence[Sequence[Any]], zone: str, *, clock_24h: bool, reasons: bool
) -> list[DeliveryLine]:
    """Put what `DELIVERIES` found into words; `reasons` for those who may know addresses."""
    return [_line(each, zone, clock_24h=clock_24h, reasons=reasons) for each in deliveries]


def _line(delivery: Sequence[Any], zone: str, *, clock_24h: bool, reasons: bool) -> DeliveryLine:
    channel, status, attempts, sent_at, seen_at, reason = delivery
    name = CHANNELS[channel]
    why = f": {reason}" if reasons and reason else ""

    def when(at: str | None) -> str:
        return f" {moment_label(datetime.fromisoformat(at), zone, clock_24h=clock_24h)}" if at else ""

    if seen_at is not None:
        return DeliveryLine(name, f"seen{when(seen_at)}", "ok")
    if status == "failed":
        return DeliveryLine(name, f"did not arrive{why}", "failed")
    if status == "dropped":
        return DeliveryLine(name, f"not sent: {reason}", "dropped")
    if status == "created":
        return DeliveryLine(name, f"being tried again{why}" if attempts else "waiting to be sent", "wait")
    return DeliveryLine(
        name, f"sent{when(sent_at)}, not seen yet" if channel == "in_app" else f"sent{when(sent_at)}", "ok"
    )
