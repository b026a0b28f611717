"""A whole plan from a mixture of rosters: person by person, beside what the mixture says of those not yet decided.

The method of conditional expectations (Raghavan, 1988): how many of the undecided will work is a matter of chance with
known mean and variance, and each person gets the roster that costs least in expectation.
"""

from collections.abc import Mapping, Sequence
from math import erf, sqrt

import numpy as np

from schedule_app.optimizer.rosters.master import Weighed
from schedule_app.optimizer.rosters.plans import Rosters
from schedule_app.optimizer.rosters.pool import Roster, staffing
from schedule_app.optimizer.rosters.pricer import Pricer
from schedule_app.optimizer.rosters.task import Floats, Task

_LEAST_VARIANCE = 1e-4
_normal = np.vectorize(lambda each: 0.5 * (1 + erf(each / sqrt(2))), otypes=[np.float64])


def rounded(task: Task, pricers: Sequence[Pricer], weighed: Weighed) -> Rosters:
    """Those least decided first: the others are then better known.

    Returns:
        Nothing for people who have no roster at the prices that came about.
    """
    likely = {person: _likelihood(task, share) for person, share in weighed.share.items()}
    mean = sum(likely.values(), np.zeros(task.place.shape))
    variance = sum((each * (1 - each) for each in likely.values()), np.zeros(task.place.shape))
    rosters: dict[int, Roster] = {}
    for person in sorted(likely, key=lambda each: max(weighed.share[each].values(), default=0.0)):
        mean = mean - likely[person]
        variance = variance - likely[person] * (1 - likely[person])
        spread = np.sqrt(np.maximum(variance, _LEAST_VARIANCE))
        lacks = _normal((task.needed - 0.5 - mean) / spread)
        found = pricers[person].offer(lacks * task.under - (1 - lacks) * task.over).rosters
        if found:
            rosters[person] = found[0]
            mean = mean + staffing(task, [found[0]])
    return rosters


def _likelihood(task: Task, share: Mapping[Roster, float]) -> Floats:
    """How likely a person works on each day and type."""
    likely = np.zeros(task.place.shape)
    for roster, part in share.items():
        likely += part * staffing(task, [roster])
    return likely
