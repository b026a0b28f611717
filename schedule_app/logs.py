"""Log lines: readable on a console, JSON for machines; never a cookie, a token or a password."""

import logging
import sys
from typing import Final

import structlog

from schedule_app.settings import Settings

# Beginnings of such messages of Reflex, Socket.IO and uvicorn, and words that stand for whole requests in any.
_TELLING: Final = (
    "router_data",
    "cookie",
    "Cookie",
    "Event data",
    "event payload",
    "disconnected client",
    "Invalid UTF-8",
)


def configure_logs(settings: Settings) -> None:
    """Send the application's and the libraries' logs to standard error in one format."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    as_json = settings.log_format == "json"
    renderer = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
        )
    )
    handler.addFilter(_cut)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "alembic", "engineio", "socketio"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # Its lines hold the socket's address, and with it the name Reflex gave to the browser's tab.
    logging.getLogger("uvicorn").setLevel(max(logging.WARNING, root.level))
    # One line for each job, and for each that is only thought of.
    for name in ("alembic", "procrastinate"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def _cut(record: logging.LogRecord) -> bool:
    """Keep out what libraries log of a request they do not understand: all of it, headers, payload and traceback."""
    message = record.getMessage()
    is_foreign = not record.name.startswith("schedule_app")
    if is_foreign and any(word in message for word in _TELLING):
        record.msg, record.args = f"{message[:60]!r} … (cut)", ()
        record.exc_info = record.exc_text = None
    return True
