"""The commands of the optimiser: `solve`, and `bench`."""

import re
from pathlib import Path
from typing import Annotated

import typer

from schedule_app.domain.errors import InvalidInput

# The command changes to its own folder before it runs; files are named from where it was called.
_CALLED_FROM = Path.cwd()

bench = typer.Typer(no_args_is_help=True, help="Benchmarks of the optimiser.")

Seconds = Annotated[float, typer.Option(min=0.1, max=86_400, help="How long to search.")]
Workers = Annotated[int, typer.Option(min=1, max=256, help="How many threads.")]


def solve(
    problem: Annotated[Path, typer.Argument(metavar="PROBLEM.json", help="The problem.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="SOLUTION.json", help="Where to write the plan.")],
    seconds: Annotated[float | None, typer.Option(min=0.1, max=86_400, help="How long; else as in the file.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=256, help="How many threads; else as in the file.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Another seed than the file's.")] = None,
) -> None:
    """Find the best plan for a problem in a file."""
    # OR-Tools takes a second to load; the other commands need not wait for it.
    from schedule_app.optimizer import codec  # noqa: PLC0415
    from schedule_app.optimizer.problem import Problem, ProblemError  # noqa: PLC0415
    from schedule_app.optimizer.solution import Solution  # noqa: PLC0415
    from schedule_app.optimizer.solve import solve as search  # noqa: PLC0415

    def tell(better: Solution) -> None:
        typer.echo(f"  {better.seconds:6.1f} s   score {better.score}, at best {better.bound}")

    try:
        given = codec.loads(Problem, _read(problem))
    except ProblemError as error:
        raise InvalidInput(f"{problem}: {error}", "problem") from error
    solution = search(given, seconds=seconds, workers=workers, seed=seed, on_better=tell)
    (_CALLED_FROM / out).write_text(codec.dumps(solution), encoding="utf-8")
    typer.echo(f"  {solution.status}, score {solution.score}, at best {solution.bound}; written to {out}")


@bench.callback()
def _bench() -> None:
    """Benchmarks of the optimiser."""


@bench.command()
def curtois(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder with the instances.")],
    seconds: Seconds = 60,
    workers: Workers = 2,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    only: Annotated[str, typer.Option(metavar="1,5,9", help="Only these instances.")] = "",
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write each roster here.")] = None,
    plain: Annotated[bool, typer.Option(help="Also run the plain model with the same time and workers.")] = True,
) -> None:
    """Solve the Curtois and Qu instances, check every plan, and show how far it is from the best known."""
    from schedule_app.benchmarks.curtois import run  # noqa: PLC0415 (OR-Tools, as above)
    from schedule_app.benchmarks.curtois.reader import FormatError  # noqa: PLC0415

    results: list[run.Result] = []
    try:
        for result in run.run(
            _CALLED_FROM / folder,
            seconds=seconds,
            workers=workers,
            seed=seed,
            only=[name.strip() for name in only.split(",") if name.strip()],
            out=_CALLED_FROM / out if out else None,
            plain=plain,
        ):
            results.append(result)
            typer.echo(result.as_json())
    except FormatError as error:
        raise InvalidInput(str(error), "folder") from error
    typer.echo(run.table(results))
    if any(result.faults for result in results):
        raise typer.Exit(1)


@bench.command()
def week(
    seconds: Seconds = 120,
    workers: Workers = 2,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    only: Annotated[str, typer.Option(metavar="30x7,100x7", help="Only these sizes, PEOPLExDAYS.")] = "",
) -> None:
    """Solve made-up weeks of growing size: the first plan, the gap over time, the memory."""
    from schedule_app.benchmarks import week as weeks  # noqa: PLC0415 (OR-Tools, as above)

    sizes = [size.strip() for size in only.split(",") if size.strip()] or list(weeks.SIZES)
    for size in sizes:
        if not re.fullmatch(r"[1-9][0-9]{0,3}x[1-9][0-9]?", size):
            raise InvalidInput(f"{size!r} is no size such as 100x7.", "only")
    for line in weeks.run(sizes, seconds=seconds, workers=workers, seed=seed):
        typer.echo(line)


def _read(path: Path) -> str:
    try:
        return (_CALLED_FROM / path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is no text file.", "problem") from error
