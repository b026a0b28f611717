"""The embedded PostgreSQL: started once, shared, stopped by the last who leaves, and not to be upset."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy.engine import make_url

from schedule_app.db import embedded
from schedule_app.db.embedded import EmbeddedDatabaseError
from tests.support.database import memory_folder

ROOT = Path(__file__).parents[2]
HOLD = (
    "import sys; from pathlib import Path; from schedule_app.db import embedded; "
    "print(embedded.start(Path(sys.argv[1])), flush=True); sys.stdin.read()"
)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data folder; whatever runs there when the test ends is stopped."""
    folder = Path(tempfile.mkdtemp(prefix="schedule-app-embedded-", dir=memory_folder())) / "data"
    yield folder
    embedded.stop(folder)
    if left := embedded._server_process(folder / "postgres"):
        left.terminate()
        left.wait(30)
    shutil.rmtree(folder.parent)


def query(url: str, statement: str) -> object:
    """The first value of the answer, if there is one."""
    with psycopg.connect(
        make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    ) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def server(data_dir: Path) -> psutil.Process:
    process = psutil.Process(int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0]))
    assert process.name().startswith("postgres")
    return process


def runs(process: psutil.Process) -> bool:
    """Whether it lives; one which ended counts as ended also before its parent took note."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def forget(data_dir: Path) -> None:
    """Let this process's share go without stopping anything, as its sudden death would."""
    embedded._uses.pop(data_dir.resolve()).lock.close()


def hold(data_dir: Path) -> subprocess.Popen[str]:
    """Another process that has started the server and waits."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data_dir)], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("postgresql")
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=30)


def test_server_is_set_up_for_real_data(data_dir: Path):
    url = embedded.start(data_dir)

    settings = {
        name: query(url, f"SHOW {name}") for name in ("fsync", "max_connections", "timezone", "server_encoding")
    }
    assert settings == {"fsync": "on", "max_connections": "200", "timezone": "UTC", "server_encoding": "UTF8"}
    assert query(url, "SELECT current_database()") == "schedule_app"
    assert query(url, "SELECT lower('ÄÖ')") == "äö"


def test_server_is_reached_through_a_private_socket_only(data_dir: Path):
    url = embedded.start(data_dir)

    assert query(url, "SHOW listen_addresses") == ""
    assert (data_dir / "postgres").stat().st_mode & 0o077 == 0


def test_starting_again_is_free_and_gives_the_same_address(data_dir: Path):
    url = embedded.start(data_dir)
    started = time.monotonic()

    assert embedded.start(data_dir) == url
    assert time.monotonic() - started < 0.05


def test_rows_outlive_a_stop(data_dir: Path):
    query(embedded.start(data_dir), "CREATE TABLE kept AS SELECT 7 AS x")
    process = server(data_dir)
    embedded.stop(data_dir)

    assert not runs(process)
    assert not (data_dir / "postgres" / "postmaster.pid").exists()
    assert query(embedded.start(data_dir), "SELECT x FROM kept") == 7


def test_stopping_without_a_start_does_nothing(data_dir: Path):
    embedded.stop(data_dir)

    assert not data_dir.exists()


def test_killed_server_is_started_again_with_all_rows(data_dir: Path):
    query(embedded.start(data_dir), "CREATE TABLE kept AS SELECT 7 AS x")
    server(data_dir).kill()
    forget(data_dir)

    assert query(embedded.start(data_dir), "SELECT x FROM kept") == 7


def test_number_of_a_stranger_in_the_pid_file_is_not_believed(data_dir: Path):
    embedded.start(data_dir)
    pid_file = data_dir / "postgres" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    embedded.stop(data_dir)
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")

        assert query(embedded.start(data_dir), "SELECT 1") == 1
        embedded.stop(data_dir)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_unreadable_pid_file_is_replaced(data_dir: Path):
    embedded.start(data_dir)
    embedded.stop(data_dir)
    (data_dir / "postgres" / "postmaster.pid").write_text("")

    assert query(embedded.start(data_dir), "SELECT 1") == 1


def test_half_made_cluster_is_made_anew(data_dir: Path):
    partial = data_dir / "postgres.partial"
    (partial / "base").mkdir(parents=True)
    (partial / "PG_VERSION").write_text("18\n")

    assert query(embedded.start(data_dir), "SELECT 1") == 1
    assert not partial.exists()


def test_first_start_killed_at_any_moment_leaves_nothing_unusable(data_dir: Path):
    for delay in (0.3, 0.5, 0.7):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(data_dir)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        with suppress(subprocess.TimeoutExpired):
            process.wait(delay)
        process.kill()
        process.communicate()

    assert query(embedded.start(data_dir), "SELECT 1") == 1


def test_what_a_killed_first_start_left_at_work_is_waited_for(data_dir: Path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data_dir)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 30
    while not list((data_dir / "postgres.partial").glob("base/*")):
        assert time.monotonic() < deadline, "No database is being made."
    process.kill()
    process.communicate()

    assert query(embedded.start(data_dir), "SELECT 1") == 1


def test_server_stays_while_another_process_uses_it(data_dir: Path):
    other = hold(data_dir)
    url = embedded.start(data_dir)
    process = server(data_dir)
    embedded.stop(data_dir)
    assert runs(process)
    assert query(url, "SELECT 1") == 1

    end(other)
    assert not runs(process)


def test_killed_process_no_longer_counts(data_dir: Path):
    other = hold(data_dir)
    process = server(data_dir)
    os.kill(other.pid, signal.SIGKILL)
    end(other)
    assert runs(process)

    embedded.start(data_dir)
    assert server(data_dir).pid == process.pid
    embedded.stop(data_dir)
    assert not runs(process)


def test_many_processes_start_one_server(data_dir: Path):
    others = [
        subprocess.Popen(
            [sys.executable, "-c", HOLD, str(data_dir)],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    urls = {process.stdout.readline() for process in others if process.stdout}
    assert len(urls) == 1
    process = server(data_dir)
    for other in others:
        end(other)

    assert not runs(process)


def test_long_path_gets_a_private_socket_elsewhere(data_dir: Path):
    deep = data_dir / ("x" * 100)
    url = embedded.start(deep)
    socket_dir = Path(str(make_url(url).query["host"]))
    try:
        assert query(url, "SELECT 1") == 1
        assert not socket_dir.is_relative_to(deep)
        assert socket_dir.stat().st_mode & 0o077 == 0
    finally:
        embedded.stop(deep)
        shutil.rmtree(socket_dir)


def refusal(data_dir: Path) -> str:
    with pytest.raises(EmbeddedDatabaseError) as refused:
        embedded.start(data_dir)
    message = str(refused.value)
    assert "\n" not in message
    assert message.endswith(".")
    return message


def test_folder_that_cannot_be_made_is_told(data_dir: Path):
    data_dir.parent.joinpath("file").touch()

    assert "Not a directory" in refusal(data_dir.parent / "file" / "data")


def test_cluster_of_another_version_is_told_and_left_alone(data_dir: Path):
    (data_dir / "postgres").mkdir(parents=True)
    (data_dir / "postgres" / "PG_VERSION").write_text("13\n")

    assert "was made by PostgreSQL 13, and this program runs 18" in refusal(data_dir)
    assert (data_dir / "postgres" / "PG_VERSION").read_text() == "13\n"
    shutil.rmtree(data_dir / "postgres")


def test_folder_with_something_else_in_it_is_told_and_left_alone(data_dir: Path):
    (data_dir / "postgres").mkdir(parents=True)
    (data_dir / "postgres" / "holiday.jpg").touch()

    assert "holds files but no PostgreSQL database" in refusal(data_dir)
    assert (data_dir / "postgres" / "holiday.jpg").exists()


def test_damaged_cluster_is_told_with_the_reason_of_the_server(data_dir: Path):
    embedded.start(data_dir)
    embedded.stop(data_dir)
    control = data_dir / "postgres" / "global" / "pg_control"
    control.write_bytes(b"")

    message = refusal(data_dir)
    assert message.startswith("The embedded database did not start:")
    assert "pg_control" in message


def test_full_disk_is_told_and_the_next_start_begins_anew(data_dir: Path, monkeypatch: pytest.MonkeyPatch):
    run = subprocess.run
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (100_000, 100_000))
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: run(*args, **kwargs, preexec_fn=limit))
    assert refusal(data_dir).startswith("The database program initdb failed: could not write to file")
    monkeypatch.undo()

    assert query(embedded.start(data_dir), "SELECT 1") == 1


def test_account_is_explained_when_it_cannot_be_made(data_dir: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(embedded, "SYSTEM_USER", "no such/user")
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    assert "PostgreSQL does not run as root" in refusal(data_dir)
