"""Log lines: readable on a console, JSON for machines; never a cookie, a token or a password."""

import logging
import sys

import structlog

from schedule_app.settings import Settings


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
    handler.addFilter(_without_router_data)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "alembic", "engineio", "socketio"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # Its lines hold the socket's address, and with it the name Reflex gave to the browser's tab.
    logging.getLogger("uvicorn").setLevel(max(logging.WARNING, root.level))
    logging.getLogger("alembic").setLevel(max(logging.WARNING, root.level))


def _without_router_data(record: logging.LogRecord) -> bool:
    """Cut what Reflex logs of an event it does not know: the whole request, headers and all."""
    message = record.getMessage()
    if "router_data" in message or "cookie" in message.lower():
        record.msg, record.args = message.split("router_data")[0].split("ookie")[0][:200] + "…", ()
    return True
