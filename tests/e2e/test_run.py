"""`schedule-app run`: what refuses to start says why in one line, and what was started is stopped whole."""

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from sqlalchemy.engine import make_url

from tests.support.app import ROOT, App, environment, free_port, running_app
from tests.support.database import Server


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the database server's own account can walk into, unlike pytest's."""
    folder = Path(tempfile.mkdtemp(prefix="schedule-app-run-"))
    yield folder
    shutil.rmtree(folder)


def test_run_refuses_a_port_that_is_taken(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        line = _refusal(PORT=port, DATA_DIR=str(folder / "data"))

    assert port in line
    assert "PORT" in line
    assert not (folder / "data").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "mysql://root:hunter2@127.0.0.1/shifts"),
        ("PUBLIC_URL", "shifts"),
        ("SECRET_KEY", "short"),
        ("DB_POOL_SIZE", "-1"),
    ],
)
def test_run_refuses_a_setting_that_makes_no_sense(name: str, value: str) -> None:
    line = _refusal(**{name: value})

    assert name in line
    assert "hunter2" not in line


def test_run_refuses_a_database_that_does_not_answer() -> None:
    line = _refusal(PORT=str(free_port()), DATABASE_URL="postgresql://shifts:hunter2@127.0.0.1:1/shifts")

    assert "127.0.0.1" in line
    assert "hunter2" not in line


def test_run_refuses_a_database_that_is_not_there(postgres: Server) -> None:
    url = make_url(postgres.url).set(database="nowhere").render_as_string(hide_password=False)

    assert "nowhere" in _refusal(PORT=str(free_port()), DATABASE_URL=url)


def test_run_refuses_a_data_folder_it_cannot_write(folder: Path) -> None:
    (folder / "file").touch()

    assert str(folder / "file") in _refusal(PORT=str(free_port()), DATA_DIR=str(folder / "file" / "data"))


def test_run_refuses_a_secret_it_cannot_read(folder: Path, postgres: Server) -> None:
    missing = folder / "secret"
    settings = {"DATABASE_URL": postgres.url, "DATA_DIR": str(folder / "data"), "SECRET_KEY_FILE": str(missing)}

    assert str(missing) in _refusal(PORT=str(free_port()), **settings)


def test_run_refuses_a_disk_without_room(folder: Path) -> None:
    data = folder / "data"
    without_room = 'ulimit -f 0; exec "$0" "$@"'

    line = _refusal("sh", "-c", without_room, PORT=str(free_port()), DATA_DIR=str(data))
    assert str(data) in line
    assert "too large" in line.lower()


def test_run_stops_everything_and_starts_again_with_what_is_there(folder: Path) -> None:
    data, port = folder / "data", free_port()
    with running_app(None, folder / "first", port=port, DATA_DIR=str(data)) as app:
        assert httpx.get(f"{app.origin}/login").status_code == 200
        assert _servers(data)
        _expect_clean_end(app, data, port, signal.SIGINT)
    assert "john.manager@company.com" in app.log_text()

    with running_app(None, folder / "second", port=port, DATA_DIR=str(data)) as app:
        _expect_clean_end(app, data, port, signal.SIGTERM)
    assert "up to date" in app.log_text()
    assert "kept what is there" in app.log_text()


def _refusal(*prefix: str, **settings: str) -> str:
    """Run in vain, behind the words of a prefix; returns the one line that says why."""
    done = subprocess.run(
        [*prefix, sys.executable, "-m", "schedule_app", "run"],
        cwd=ROOT,
        env=environment(**settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert "Traceback" not in done.stdout
    return line


def _expect_clean_end(app: App, data: Path, port: int, ending: signal.Signals) -> None:
    app.process.send_signal(ending)
    assert app.process.wait(timeout=20) in {0, 130}
    assert not _servers(data)
    assert not (data / "postgres" / "postmaster.pid").exists()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    assert "Traceback" not in app.log_text()
    assert "Aborted" not in app.log_text()


def _servers(data: Path) -> list[int]:
    """PostgreSQL's processes that work in this data folder."""
    servers = (each for each in psutil.process_iter(["name"]) if str(each.info["name"]).startswith("postgres"))
    return [each.pid for each in servers if _folder_of(each) == data / "postgres"]


def _folder_of(process: psutil.Process) -> Path | None:
    try:
        return Path(process.cwd())
    except psutil.Error:
        return None
