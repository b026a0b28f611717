"""The real application as a process of its own: built pages, real sockets, on a port of its own."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from schedule_app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SECRET_KEY = "only-for-tests-only-for-tests"
START_SECONDS = 60
STOP_SECONDS = 20


@dataclass(frozen=True, slots=True)
class App:
    """A running application."""

    origin: str
    process: subprocess.Popen[bytes]
    log: Path

    def log_text(self) -> str:
        """Everything it has logged so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(**settings: str) -> dict[str, str]:
    """This process's environment with these settings of the application and no others."""
    own = {name.upper() for name in Settings.model_fields}
    return {name: value for name, value in os.environ.items() if name not in own} | settings


@contextlib.contextmanager
def running_app(database_url: str | None, log: Path, *, port: int | None = None, **settings: str) -> Iterator[App]:
    """Serve until the block ends.

    Args:
        database_url: Of a migrated database; None for the embedded one in DATA_DIR.
        log: File for what the process says.
        port: A free one unless given.
        settings: More of them, by their names in upper case.
    """
    port = port or free_port()
    origin = f"http://127.0.0.1:{port}"
    settings = {"SECRET_KEY": SECRET_KEY, "PORT": str(port), "PUBLIC_URL": origin, **settings}
    if database_url is not None:
        settings["DATABASE_URL"] = database_url
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "schedule_app", "run"],
            cwd=ROOT,
            env=environment(**settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_ready(process, origin, log)
            yield App(origin, process, log)
        finally:
            process.terminate()
            process.wait(timeout=STOP_SECONDS)


def _wait_until_ready(process: subprocess.Popen[bytes], origin: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{origin}/readyz", timeout=2).status_code == 200:
                return
        time.sleep(0.05)
    raise AssertionError(f"The application did not start:\n{log.read_text(errors='replace')}")
