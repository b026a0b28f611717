"""Any problem at all: a greedy plan, the whole model for a while where it is small, then neighbourhoods."""

from schedule_app.optimizer import lns, plain
from schedule_app.optimizer.greedy import first_plan
from schedule_app.optimizer.model import free_cells
from schedule_app.optimizer.search import Search

#: Up to this many cells the whole model is often proved best within its part of the time.
_SMALL = 3000
_FOR_THE_WHOLE = 0.3


def run(search: Search) -> bool:
    """Search until the time is up or the best is proved.

    Returns:
        Whether it was proved that there is no plan at all.
    """
    search.offer(first_plan(search))
    if search.best is None or len(free_cells(search.table)) <= _SMALL:
        # Without a plan there is nothing to improve: all of the time, if need be, goes into finding one.
        share = 1.0 if search.best is None else _FOR_THE_WHOLE
        if plain.run(search, share=share):
            return True
    if search.best is not None and not search.is_over:
        lns.run(search, search.best)
    return False
