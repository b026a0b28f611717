"""One process that serves pages, socket and HTTP routes on one port, and the workers that it keeps beside it."""

import asyncio
import gc
import socket
import sys
from asyncio.subprocess import PIPE
from contextlib import closing, suppress
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
    with closing(listening), suppress(KeyboardInterrupt):
        asyncio.run(_serve(server, listening, settings.workers))


async def _serve(server: uvicorn.Server, listening: socket.socket, workers: int) -> None:
    async with asyncio.TaskGroup() as tasks:
        kept = [tasks.create_task(_keep_worker()) for _ in range(workers)]
        await server.serve(sockets=[listening])
        for worker in kept:
            worker.cancel()


async def _keep_worker() -> None:
    """Have a worker run beside this process, another one if it dies, and none when this process ends or dies."""
    while True:
        # Its standard input is a pipe that nobody writes to: its end tells it that this process is gone.
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "schedule_app", "worker", "--child", stdin=PIPE
        )
        try:
            await worker.wait()
        finally:
            with suppress(ProcessLookupError):
                worker.terminate()
            await worker.wait()
        log.error("a worker has died and is started again", code=worker.returncode)
        await asyncio.sleep(_WORKER_AGAIN_SECONDS)


def _spare_the_loaded() -> None:
    """Keep the garbage collector from looking through what stays for good: each look held everybody up for 0.2 s."""
    gc.collect()
    gc.freeze()
    # The usual 700 makes a board being drawn up a reason to look.
    gc.set_threshold(10_000, 10, 10)
