"""The banner that shows while the live connection is down."""

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors


class ConnectionBanner(rx.Component):
    """assets/connection.jsx: says that the line is down, reconnects quickly, and leaves when the session has ended."""

    library = "$/public/connection.jsx"
    tag = "ConnectionBanner"

    offline: rx.Var[bool]


def connection_banner() -> rx.Component:
    """Nothing while connected."""
    return ConnectionBanner.create(offline=has_connection_errors)
