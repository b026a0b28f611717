"""One process that serves pages, socket and HTTP routes on one port, and the workers that it keeps beside it."""

import asyncio
import gc
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Final

import structlog
import uvicorn
from starlette.types import ASGIApp

from schedule_app import frontend
from schedule_app.logs import configure_logs
from schedule_app.settings import Settings

log = structlog.get_logger(__name__)

_WORKER_AGAIN_SECONDS: Final = 1


class PortError(Exception):
    """The address cannot be listened on; the message says why in one line."""


def open_port(host: str, port: int) -> socket.socket:
    """Take the port before anything slow is done.

    Raises:
        PortError: when it is taken or not ours to use.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        raise PortError(
            f"Cannot listen on {host}:{port}: {(error.strerror or str(error)).lower()}. Set PORT to another one."
        ) from error
    return listening


def load_application() -> ASGIApp:
    """Import the Reflex app and make the ASGI application that serves the files built before."""
    frontend.serve_built_files()
    from schedule_app.schedule_app import app  # noqa: PLC0415 - must see the setting above

    return app()


def serve(settings: Settings, listening: socket.socket) -> None:
    """Serve until interrupted; returns when everything is closed and the workers have ended."""
    configure_logs(settings)
    server = uvicorn.Server(
        uvicorn.Config(
            load_application(),
            log_config=None,
            access_log=False,
            ws="websockets-sansio",
            ws_per_message_deflate=True,
            ws_max_size=256 * 1024,
            proxy_headers=settings.trusted_proxy,
            forwarded_allow_ips="*" if settings.trusted_proxy else "",
            server_header=False,
            timeout_graceful_shutdown=3,
        )
    )
    _spare_the_loaded()
    with closing(listening), _workers_beside(settings.workers), suppress(KeyboardInterrupt):
        asyncio.run(server.serve(sockets=[listening]))


@contextmanager
def _workers_beside(count: int) -> Iterator[None]:
    """Have workers run while the block does, others in place of those that die."""
    is_over = threading.Event()
    # Nobody writes to it: it ends when this process closes it or dies, which tells the workers that they are to end.
    reading, writing = os.pipe()

    def keep() -> None:
        while not is_over.is_set():
            code = subprocess.run([sys.executable, "-m", "schedule_app", "worker", "--child"], stdin=reading).returncode
            if not is_over.wait(_WORKER_AGAIN_SECONDS):
                log.error("a worker has died and is started again", code=code)

    keepers = [threading.Thread(target=keep) for _ in range(count)]
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        is_over.set()
        os.close(writing)
        for keeper in keepers:
            keeper.join()
        os.close(reading)


def _spare_the_loaded() -> None:
    """Keep the garbage collector from looking through what stays for good: each look held everybody up for 0.2 s."""
    gc.collect()
    gc.freeze()
    # The usual 700 makes a board being drawn up a reason to look.
    gc.set_threshold(10_000, 10, 10)
