"""What Reflex needs to know; everything else is in schedule_app/settings.py."""

import reflex as rx

from schedule_app.settings import get_settings
from schedule_app.ui.page_origin import PLACEHOLDER, PageOrigin

_TWO_DAYS = 2 * 24 * 3600

config = rx.Config(
    app_name="schedule_app",
    api_url=PLACEHOLDER,
    cors_allowed_origins=get_settings().allowed_origins,
    # A page left open overnight must find its state still there; everything in it can be rebuilt from the database.
    state_manager_mode="memory",
    redis_token_expiration=_TWO_DAYS,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    plugins=[PageOrigin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
