"""How people wish to be told."""

from datetime import time
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint

from schedule_app.domain.delivery import CHOSEN
from schedule_app.domain.notices import Category
from schedule_app.models.base import Editable, id_field, json_field, reference

_CATEGORIES = ",".join(Category)
_OTHER_CHANNEL = " && ".join(f'@.key != "{channel}"' for channel in CHOSEN)


def matrix(column: str, kind: str) -> str:
    """The SQL condition that a column holds values of a kind, by category and channel."""
    return f"""
        jsonb_typeof({column}) = 'object'
        AND {column} - '{{{_CATEGORIES}}}'::text[] = '{{}}'
        AND NOT jsonb_path_exists({column}, '$.* ? (@.type() != "object")')
        AND NOT jsonb_path_exists({column}, '$.*.* ? (@.type() != "{kind}")')
        AND NOT jsonb_path_exists({column}, '$.*.keyvalue() ? ({_OTHER_CHANNEL})')
    """


class NotificationPreference(Editable, table=True):
    """One person's wishes; nobody has to have any.

    Attributes:
        channels: By category and channel whether they want it, where that differs from what their site says.
        time_zone: Where they are, if not where their site is.
        clock_24h: Whether their clock goes to 24, if not as that of their site.
    """

    __tablename__ = "notification_preferences"
    __table_args__ = (
        CheckConstraint(matrix("channels", "boolean"), name="ck_notification_preferences_channels"),
        CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL) AND quiet_from <> quiet_until",
            name="ck_notification_preferences_quiet",
        ),
        CheckConstraint("char_length(time_zone) BETWEEN 1 AND 64", name="ck_notification_preferences_time_zone"),
        UniqueConstraint("employee_id", name="uq_notification_preferences_employee_id"),
    )

    id: int = id_field()
    employee_id: int = reference("employees.id", ondelete="CASCADE")
    channels: dict[str, Any] = json_field("{}")
    quiet_from: time | None = None
    quiet_until: time | None = None
    digest_at: time | None = None
    time_zone: str | None = None
    clock_24h: bool | None = None
