"""The `schedule-app` command."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, NoReturn

import typer

from schedule_app import cli_solve, frontend
from schedule_app.db import embedded
from schedule_app.db.embedded import EmbeddedDatabaseError
from schedule_app.db.engine import database_url
from schedule_app.db.migrate import MigrationError, run_migrations
from schedule_app.domain.errors import ScheduleError
from schedule_app.logs import configure_logs
from schedule_app.seed import sample, scale
from schedule_app.serve import PortError, open_port, serve
from schedule_app.services.admins import make_admin
from schedule_app.settings import Settings, SettingsError, get_settings, secret_key

commands = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
commands.command()(cli_solve.solve)
commands.add_typer(cli_solve.bench, name="bench")
_EXPECTED = (SettingsError, EmbeddedDatabaseError, MigrationError, PortError, frontend.FrontendError, ScheduleError)


@commands.command()
def run() -> None:
    """Build what is missing, start the database, migrate, fill an empty one with the sample week, and serve."""
    settings = get_settings()
    listening = open_port(settings.host, settings.port)
    secret_key(settings)
    build()
    _prepare_database(settings)
    if settings.has_embedded_database:
        with _step("Sample week") as say:
            say("written" if asyncio.run(sample.seed_if_empty()) else "kept what is there")
    _greet(settings)
    try:
        serve(settings, listening)
    finally:
        embedded.stop(settings.data_dir)
        typer.echo("  Stopped.")


@commands.command()
def worker(
    is_child: Annotated[bool, typer.Option("--child", hidden=True, help="End when standard input does.")] = False,
) -> None:
    """Do the work beside the pages: send messages, remind, search for plans. Any number, on any machine."""
    from schedule_app.jobs.worker import work  # noqa: PLC0415 - the solver takes a second to load

    settings = get_settings()
    configure_logs(settings)
    try:
        database_url(settings)
        asyncio.run(work(is_child=is_child))
    finally:
        embedded.stop(settings.data_dir)


@commands.command()
def build() -> None:
    """Build the browser's files, if anything they are made from has changed."""
    with _step("Browser files") as say:
        if frontend.is_built():
            say("up to date")
        else:
            say("building, this takes a minute the first time …")
            frontend.build()
            say("built")


@commands.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    _prepare_database(get_settings())


@commands.command("make-admin")
def make_someone_admin(email: Annotated[str, typer.Argument(help="Of somebody who is there already.")]) -> None:
    """Make somebody an admin, who may do everything at every site, see how the program runs, and make others one."""
    _prepare_database(get_settings())
    typer.echo(f"  {asyncio.run(make_admin(email))} is an admin.")


@commands.command()
def seed(
    scale_to: Annotated[
        str | None, typer.Option("--scale", metavar="PEOPLExDAYS", help="A larger site, e.g. 100x7.")
    ] = None,
    over_existing: Annotated[
        bool, typer.Option("--over-existing", help="Add to a database that already holds data.")
    ] = False,
) -> None:
    """Write the sample week, or a larger site made up the same way every time."""
    size = scale.parse_size(scale_to) if scale_to else None
    _prepare_database(get_settings())
    with _step("Sample data") as say:
        if size:
            say(asyncio.run(scale.seed_scale(*size, over_existing=over_existing)))
        else:
            say(asyncio.run(sample.seed_sample(over_existing=over_existing)))


def _prepare_database(settings: Settings) -> None:
    with _step("Database") as say:
        url = database_url(settings)
        say(
            "embedded PostgreSQL, in " + str(settings.data_dir)
            if settings.has_embedded_database
            else "PostgreSQL from DATABASE_URL"
        )
    with _step("Schema") as say:
        run_migrations(url)
        say("up to date")


@contextmanager
def _step(name: str) -> Iterator[Callable[[str], None]]:
    """Show what is being done and how long it took."""
    started = time.monotonic()

    def say(what: str) -> None:
        typer.echo(f"  {name:<14} {what} ({time.monotonic() - started:.1f} s)")

    yield say


def _greet(settings: Settings) -> None:
    typer.secho(f"\n  Open {settings.public_url}\n", bold=True)
    if settings.has_embedded_database:
        typer.echo("  Sample logins (change or remove them before real use):")
        for login in sample.LOGINS:
            typer.echo(f"    {login.email:<32} {login.password:<14} {login.role}")
    typer.echo("\n  Ctrl-C stops everything.\n")


def main() -> NoReturn:
    """Run a command; what can go wrong in known ways ends in one line and exit code 1."""
    os.chdir(frontend.ROOT)
    for ending in (signal.SIGTERM, signal.SIGHUP):
        # Being told to end is like Ctrl-C: what was started is stopped first.
        signal.signal(ending, signal.default_int_handler)
    try:
        commands(standalone_mode=True)
    except _EXPECTED as error:
        typer.secho(f"schedule-app: {error}", fg="red", err=True)
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        typer.secho(f"schedule-app: {where}{error.strerror}.", fg="red", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)
