"""Plans from whole rosters: a first one person by person, then column generation and a dive, then neighbourhoods.

The neighbourhoods are those of CP-SAT and one of whole rosters beside them: what is loose for the one is often tight
for the other, and time goes to what gains.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from schedule_app.optimizer import lns
from schedule_app.optimizer.rosters.ascent import ascend
from schedule_app.optimizer.rosters.columns import Columns, Field
from schedule_app.optimizer.rosters.plans import Rosters, cells_of, first_plan, polish
from schedule_app.optimizer.rosters.pool import Pool
from schedule_app.optimizer.rosters.pricer import Pricer
from schedule_app.optimizer.rosters.rebuild import rebuilding
from schedule_app.optimizer.rosters.rounding import rounded
from schedule_app.optimizer.rosters.task import Task, Terms
from schedule_app.optimizer.search import Search

#: Of the time, how much may have passed when the dive begins, and when it stops looking for more rosters.
_FOR_RELAXING, _FOR_DIVING = 0.4, 0.65
#: A dive solves a linear programme for each part of the people; with more of them it takes longer than it is worth.
_MOST_TO_DIVE = 60


def run(search: Search, task: Task) -> None:
    """Search until the time is up or the best is proved."""
    pricers = [Pricer(task, person) for person in range(len(task.terms))]
    nobody = np.zeros_like(task.needed)
    plan = first_plan(task, pricers)
    if plan is None:
        return
    search.offer(cells_of(search.table, task, plan))
    plan = _offer_polished(search, task, pricers, plan)
    with _threads(search.effort.workers) as executor:
        field = Field(search, task, pricers, Pool(task, plan), executor)
        left = search.remaining
        prices = ascend(field, plan, until=left * (1 - _FOR_RELAXING))
        columns = Columns(field, range(len(pricers)), nobody, prices)
        weighed = columns.relax(until=left * (1 - _FOR_RELAXING))
        _offer_polished(search, task, pricers, {**plan, **rounded(task, pricers, weighed)})
        if len(pricers) <= _MOST_TO_DIVE and not search.is_over:
            dived = columns.dive(weighed, until=left * (1 - _FOR_DIVING))
            _offer_polished(search, task, pricers, {**plan, **dived})
    if search.best is not None and not search.is_over:
        lns.run(search, search.best, [rebuilding(replace(field, executor=None), columns.prices)])


def _offer_polished(search: Search, task: Task, pricers: Sequence[Pricer], plan: Rosters) -> Rosters:
    better = polish(search, task, pricers, plan, np.zeros_like(task.needed))
    search.offer(cells_of(search.table, task, better))
    return better


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


@contextmanager
def _threads(workers: int) -> Iterator[ThreadPoolExecutor | None]:
    if workers == 1:
        yield None
        return
    with ThreadPoolExecutor(workers) as executor:
        yield executor
