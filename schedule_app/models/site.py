"""Sites: places with a time zone, where people work."""

from typing import Any

from sqlalchemy import CHAR, CheckConstraint, Index, text
from sqlmodel import Field

from schedule_app.models.base import Editable, id_field, json_field, length
from schedule_app.models.notification_preference import matrix

_WEIGHTS = """
    jsonb_typeof(weights) = 'object'
    AND NOT jsonb_path_exists(weights, '$.* ? (@.type() != "number")')
    AND NOT jsonb_path_exists(weights, '$.* ? (@ < 0 || @ > 100)')
"""
_DEFAULTS = f"""
    {matrix("notification_defaults", "string")}
    AND NOT jsonb_path_exists(notification_defaults, '$.*.* ? (@ != "off" && @ != "on" && @ != "locked")')
"""


class Site(Editable, table=True):
    """A place with its time zone and the customs of its week."""

    __tablename__ = "sites"
    __table_args__ = (
        length("name", 1, 200, "ck_sites_name"),
        CheckConstraint("char_length(time_zone) BETWEEN 1 AND 64", name="ck_sites_time_zone"),
        CheckConstraint("week_starts_on BETWEEN 0 AND 6", name="ck_sites_week_starts_on"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="ck_sites_currency"),
        CheckConstraint("confirm_within_minutes BETWEEN 1 AND 43200", name="ck_sites_confirm_within"),
        CheckConstraint("swap_cutoff_minutes BETWEEN 0 AND 20160", name="ck_sites_swap_cutoff"),
        CheckConstraint(_WEIGHTS, name="ck_sites_weights"),
        CheckConstraint("offer_waves BETWEEN 0 AND 50", name="ck_sites_offer_waves"),
        CheckConstraint("offer_wave_minutes BETWEEN 1 AND 1440", name="ck_sites_offer_wave_minutes"),
        CheckConstraint(_DEFAULTS, name="ck_sites_notification_defaults"),
        Index("ix_sites_name", "name"),
    )

    id: int = id_field()
    name: str
    time_zone: str
    week_starts_on: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    currency: str = Field(default="EUR", sa_type=CHAR(3), sa_column_kwargs={"server_default": "EUR"})  # type: ignore[call-overload]
    clock_24h: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    four_eyes: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    confirm_within_minutes: int = Field(default=2880, sa_column_kwargs={"server_default": text("2880")})
    weights: dict[str, int] = json_field("{}")
    claims_need_approval: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    offer_waves: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    offer_wave_minutes: int = Field(default=15, sa_column_kwargs={"server_default": text("15")})
    swap_cutoff_minutes: int = Field(default=120, sa_column_kwargs={"server_default": text("120")})
    swaps_need_approval: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    notification_defaults: dict[str, Any] = json_field("{}")
