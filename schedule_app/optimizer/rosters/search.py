"""Plans from whole rosters: a first one person by person, then column generation and a dive, then neighbourhoods."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np

from schedule_app.optimizer import lns
from schedule_app.optimizer.rosters.columns import Columns
from schedule_app.optimizer.rosters.plans import Plan, first_plan, polish
from schedule_app.optimizer.rosters.pricer import Pricer
from schedule_app.optimizer.rosters.task import Task, Terms
from schedule_app.optimizer.search import Search

#: Of the time, how much may have passed when the dive begins, and when it stops looking for more rosters.
_FOR_RELAXING, _FOR_DIVING = 0.4, 0.65


def run(search: Search, task: Task) -> None:
    """Search until the time is up or the best is proved."""
    pricers = [Pricer(task, person) for person in range(len(task.terms))]
    everybody = range(len(pricers))
    plan = first_plan(task, pricers)
    if plan is None:
        return
    search.offer(_cells(search, task, plan))
    plan = polish(task, pricers, plan, everybody)
    search.offer(_cells(search, task, plan))
    with _threads(search.effort.workers) as executor:
        columns = Columns(search, task, pricers, executor)
        for person, roster in enumerate(plan.rosters):
            columns.master.add(person, roster)
        left = search.remaining
        weighed = columns.relax(until=left * (1 - _FOR_RELAXING))
        dived = plan.with_rosters(task, columns.dive(weighed, until=left * (1 - _FOR_DIVING)))
    search.offer(_cells(search, task, polish(task, pricers, dived, everybody)))
    if search.best is not None:
        lns.run(search, search.best)


def warm_up() -> None:
    """Compile what is compiled, so that the first search does not wait for it."""
    task = Task(
        place=np.zeros((1, 1), dtype=np.int64),
        cost=np.zeros((1, 1, 1)),
        caps=np.ones((1, 1), dtype=np.int64),
        terms=(Terms(1, 1, 1, 1, 0, 1),),
        units=np.ones(1, dtype=np.int64),
        banned=np.zeros((1, 1), dtype=np.bool_),
        weekend=np.zeros(1, dtype=np.int64),
        needed=np.zeros((1, 1), dtype=np.int64),
        under=np.zeros((1, 1)),
        over=np.zeros((1, 1)),
        constant=0.0,
    )
    Pricer(task, 0).offer(np.zeros((1, 1)))


def _cells(search: Search, task: Task, plan: Plan) -> set[int]:
    return {
        search.table.cell(person, int(task.place[day, kind]))
        for person, roster in enumerate(plan.rosters)
        for day, kind in enumerate(roster)
        if kind >= 0
    }


@contextmanager
def _threads(workers: int) -> Iterator[ThreadPoolExecutor | None]:
    if workers == 1:
        yield None
        return
    with ThreadPoolExecutor(workers) as executor:
        yield executor
