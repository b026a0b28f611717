"""Prices by subgradients: many rounds that are cheap, so that the linear programme starts with rosters near its own.

After Held, Wolfe and Crowder (1974), the staffing averaged over the rounds as the volume algorithm of Barahona and
Anbil (2000) does.
"""

import numpy as np

from schedule_app.optimizer.rosters.columns import Field
from schedule_app.optimizer.rosters.plans import Rosters
from schedule_app.optimizer.rosters.pool import nets, part_cost, staffing
from schedule_app.optimizer.rosters.task import Floats

_ROUNDS = 30
_ROSTERS_KEPT = 3
#: How much of the average the newest round is.
_NEWEST = 0.3
_FIRST_STEP, _SHORTER, _ROUNDS_BEFORE_SHORTER = 1.0, 0.7, 3
#: Towards what the step aims: from the best so far to the plan's cost.
_AIM = 0.1


def ascend(field: Field, plan: Rosters, *, until: float) -> Floats:
    """Raise prices where people lack and lower them where there are too many; each round prices everybody.

    Args:
        field: The search; the rosters that are found go into its pool.
        plan: What is reached already.
        until: So many seconds of the search remain.

    Returns:
        The prices with the highest bound.
    """
    task, people = field.task, range(len(field.pricers))
    low, high = -task.over, task.under
    reached = part_cost(task, plan, np.zeros_like(task.needed))
    prices = best_prices = np.zeros(task.place.shape)
    average: Floats = staffing(task, plan.values()).astype(np.float64)
    best, step, unchanged = -np.inf, _FIRST_STEP, 0
    for _ in range(_ROUNDS):
        if field.search.is_over or field.search.remaining <= until:
            break
        offers = field.offers(people, prices)
        if not all(offer.rosters for offer in offers):
            break
        value = float((prices * task.needed).sum())
        for person, offer in zip(people, offers, strict=True):
            field.pool.add(person, offer.rosters[:_ROSTERS_KEPT])
            value += float(nets(task, person, offer.rosters[:1], prices)[0])
        if value > best:
            best, best_prices, unchanged = value, prices, 0
        else:
            unchanged += 1
            if unchanged >= _ROUNDS_BEFORE_SHORTER:
                step, unchanged = step * _SHORTER, 0
        staffed = staffing(task, (offer.rosters[0] for offer in offers))
        average = _NEWEST * staffed + (1 - _NEWEST) * average
        lacking = task.needed - average
        lacking[((prices <= low) & (lacking < 0)) | ((prices >= high) & (lacking > 0))] = 0.0
        aim = best + _AIM * max(0.0, reached - best) - value
        prices = np.clip(prices + step * aim / max(1e-9, float((lacking**2).sum())) * lacking, low, high)
    return best_prices
