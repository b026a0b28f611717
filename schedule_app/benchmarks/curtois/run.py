"""Runs instances one after the other and says how good the plans are."""

import csv
import json
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from schedule_app.benchmarks.curtois.checker import Roster, faults, objective
from schedule_app.benchmarks.curtois.problem import as_problem, as_roster
from schedule_app.benchmarks.curtois.reader import FormatError, read_instance
from schedule_app.optimizer.rosters.search import warm_up
from schedule_app.optimizer.solution import Solution
from schedule_app.optimizer.solve import solve, solve_plainly

_COLUMNS = ("instance", "best known", "plan", "gap %", "bound gap %", "first s", "s", "plain", "gap %", "faults")


@dataclass(frozen=True, slots=True)
class Result:
    """One instance by one search.

    Attributes:
        objective: As the checker counts it; None without a plan.
        gap_percent: Above the best known value.
        bound_gap_percent: How far the proved bound is below the objective.
        first_seconds: When the first plan was there.
        faults: What the checker found wrong; none in a good run.
    """

    instance: str
    search: str
    status: str
    objective: int | None
    best_known: int | None
    gap_percent: float | None
    bound: int
    bound_gap_percent: float | None
    first_seconds: float | None
    seconds: float
    faults: list[str]

    def as_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self))


def instances(folder: Path, only: Collection[str]) -> list[Path]:
    """The instance files of a folder, by number; `only` has numbers or names."""
    if not folder.is_dir():
        raise FormatError(str(folder), 0, "there is no such folder.")
    files = sorted(folder.glob("Instance*.txt"), key=lambda path: (len(path.stem), path.stem))
    wanted = {name if name.startswith("Instance") else f"Instance{name}" for name in only}
    if missing := wanted - {path.stem for path in files}:
        raise FormatError(str(folder), 0, f"there is no {sorted(missing)[0]}.txt.")
    return [path for path in files if not wanted or path.stem in wanted]


def best_known(folder: Path) -> dict[str, int]:
    """The best values known, from `best_known.csv`, if it is there."""
    path = folder / "best_known.csv"
    if not path.exists():
        return {}
    known: dict[str, int] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            value = row.get("best_known") or ""
            if not row.get("instance") or not value.isdecimal():
                raise FormatError(path.name, line, "an instance and its best_known value are expected.")
            known[row["instance"]] = int(value)
    return known


def run(
    folder: Path, *, seconds: float, workers: int, seed: int, only: Collection[str], out: Path | None, plain: bool
) -> Iterator[Result]:
    """Solve each instance, and beside it the plain model with the same time and workers."""
    known = best_known(folder)
    warm_up()
    for path in instances(folder, only):
        instance = read_instance(path)
        problem = as_problem(instance)
        for name, search in (("search", solve), ("plain", solve_plainly))[: 2 if plain else 1]:
            plans: list[Solution] = []
            solution = search(problem, seconds=seconds, workers=workers, seed=seed, on_better=plans.append)
            roster = as_roster(instance, solution)
            if out is not None and name == "search" and solution.has_plan:
                _write(out / f"{path.stem}.roster.txt", roster)
            found = faults(instance, roster) if solution.has_plan else []
            value = objective(instance, roster) if solution.has_plan else None
            if value is not None and value != solution.score:
                found.append(f"The search says {solution.score}.")
            yield _result(path.stem, name, solution, value, known.get(path.stem), plans, found)


def table(results: list[Result]) -> str:
    """All of it for people to read."""
    rows: list[tuple[str, ...]] = [_COLUMNS]
    plain = {each.instance: each for each in results if each.search == "plain"}
    for each in results:
        if each.search == "search":
            beside = plain.get(each.instance)
            rows.append(
                (
                    each.instance,
                    *map(_cell, (each.best_known, each.objective, each.gap_percent, each.bound_gap_percent)),
                    *map(_cell, (each.first_seconds, each.seconds)),
                    *map(_cell, (beside.objective, beside.gap_percent) if beside else ("", "")),
                    "; ".join(each.faults) or "none",
                )
            )
    gaps = [each.gap_percent for each in results if each.search == "search" and each.gap_percent is not None]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join([*lines, f"mean gap {sum(gaps) / len(gaps):.2f} %" if gaps else "no gap is known"])


def _result(
    name: str,
    search: str,
    solution: Solution,
    value: int | None,
    best: int | None,
    plans: list[Solution],
    found: list[str],
) -> Result:
    def percent(over: int | None, base: int | None) -> float | None:
        return None if over is None or not base else round(100 * (over - base) / base, 2)

    return Result(
        instance=name,
        search=search,
        status=solution.status,
        objective=value,
        best_known=best,
        gap_percent=percent(value, best),
        bound=solution.bound,
        bound_gap_percent=round(100 * solution.gap, 2) if value is not None else None,
        first_seconds=round(plans[0].seconds, 2) if plans else None,
        seconds=round(solution.seconds, 2),
        faults=found,
    )


def _cell(value: object) -> str:
    return "-" if value is None else str(value)


def _write(path: Path, roster: Roster) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{name}: {' '.join(tokens)}\n" for name, tokens in roster.items()), encoding="utf-8")
