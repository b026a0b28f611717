"""The cheapest rosters of one person for given prices of each day and type: a dynamic programme over the days.

A state is what the next day has to know of the days before:

- a run of work: what its last type bans tomorrow (types that ban the same are one *class*), and its length;
- or a run of days off: its length, up to the shortest that is allowed;
- the weekends worked, the minutes worked in units, and how often types were worked whose caps are *counted*.

For each state the lowest cost of reaching it is kept. The units are the innermost dimension, so that the compiler
turns the inner loop into vector instructions; beside it only which states are *alive* is stored, that is reached at
all: the costs of the others are never written or read. The roster is read back from the costs.
"""

import numpy as np
from numba import njit

_UNREACHED = 1e11
OFF = -1


@njit(cache=True, nogil=True)
def reach(costs, alive, prices, units, classes, bans, count, stride, digits, weekend, terms, low, high):  # noqa: ANN001, ANN201
    """Fill the costs of every state.

    Args:
        costs: By day, state, weekend, count and units; state `class * max_run + run - 1`, then the days off.
        alive: By the same but units, whether there are costs; all false at first.
        prices: By day and type what working costs; `CLOSED` where it is not possible.
        units: By type.
        classes: By type.
        bans: By class and type.
        count: By type, the place of its digit in the counter, -1 for types that are not counted.
        stride: By digit, what one more adds to the counter.
        digits: By digit, the most it can be.
        weekend: By day, 1 for Saturday and 2 for Sunday.
        terms: Longest and shortest run, shortest time off, most weekends.
        low: By day, the least units that can still become a roster.
        high: By day, the most.
    """
    days, kinds = prices.shape
    states, weekends, counts = costs.shape[1], costs.shape[2], costs.shape[3]
    max_run, min_run, min_off = terms[0], terms[1], terms[2]
    n_classes = bans.shape[0]
    first_off = n_classes * max_run
    costs[0, first_off + min_off - 1, 0, 0, low[0] : high[0] + 1] = _UNREACHED
    costs[0, first_off + min_off - 1, 0, 0, 0] = 0.0
    alive[0, first_off + min_off - 1, 0, 0] = True
    n_groups, g_class, g_units, g_digit = _groups(units, classes, count)
    best = np.empty(n_groups)
    for day in range(days):
        for state in range(states):
            is_off = state >= first_off
            run = state - first_off + 1 if is_off else state % max_run + 1
            from_class = -1 if is_off else state // max_run
            may_start = is_off and run == min_off
            may_work = may_start or (not is_off and run < max_run)
            may_rest = is_off or run >= min_run or run == day
            if may_work:
                for group in range(n_groups):
                    best[group] = _UNREACHED
                    for kind in range(kinds):
                        if (
                            classes[kind] == g_class[group]
                            and units[kind] == g_units[group]
                            and count[kind] == g_digit[group]
                            and (is_off or not bans[from_class, kind])
                        ):
                            best[group] = min(best[group], prices[day, kind])
            adds = 1 if weekend[day] == 1 or (weekend[day] == 2 and is_off) else 0
            for spent in range(weekends):
                for counter in range(counts):
                    if not alive[day, state, spent, counter]:
                        continue
                    source = costs[day, state, spent, counter]
                    if may_rest:
                        to = first_off + (min(run + 1, min_off) if is_off else 1) - 1
                        target = costs[day + 1, to, spent, counter]
                        if not alive[day + 1, to, spent, counter]:
                            alive[day + 1, to, spent, counter] = True
                            target[low[day + 1] : high[day + 1] + 1] = _UNREACHED
                        _lower(source, target, 0.0, 0, low[day + 1], high[day])
                    if not may_work or spent + adds >= weekends:
                        continue
                    for group in range(n_groups):
                        if best[group] >= _UNREACHED:
                            continue
                        later = counter
                        digit = g_digit[group]
                        if digit >= 0:
                            if counter // stride[digit] % (digits[digit] + 1) == digits[digit]:
                                continue
                            later += stride[digit]
                        to = g_class[group] * max_run + (0 if is_off else run)
                        target = costs[day + 1, to, spent + adds, later]
                        first = max(low[day], low[day + 1] - g_units[group])
                        last = min(high[day], high[day + 1] - g_units[group])
                        if not alive[day + 1, to, spent + adds, later]:
                            alive[day + 1, to, spent + adds, later] = True
                            target[low[day + 1] : high[day + 1] + 1] = _UNREACHED
                        _lower(source, target, best[group], g_units[group], first, last)


@njit(cache=True, nogil=True, inline="always")
def _lower(source, target, price, shift, low, high):  # noqa: ANN001, ANN202
    for units in range(low, high + 1):
        cost = source[units] + price
        target[units + shift] = cost if cost < target[units + shift] else target[units + shift]


@njit(cache=True, nogil=True)
def _groups(units, classes, count):  # noqa: ANN001, ANN202
    """Types that differ in nothing a state knows are one group: the cheapest of them stands for all."""
    kinds = len(units)
    g_class, g_units, g_digit = np.empty(kinds, np.int64), np.empty(kinds, np.int64), np.empty(kinds, np.int64)
    found = 0
    for kind in range(kinds):
        known = False
        for group in range(found):
            if g_class[group] == classes[kind] and g_units[group] == units[kind] and g_digit[group] == count[kind]:
                known = True
        if not known:
            g_class[found], g_units[found], g_digit[found] = classes[kind], units[kind], count[kind]
            found += 1
    return found, g_class, g_units, g_digit


@njit(cache=True, nogil=True)
def ends(costs, alive, least, most):  # noqa: ANN001, ANN201
    """The cheapest end for each number of units: state, weekends, counter, units and cost of each."""
    last = costs[-1]
    states, weekends, counts = last.shape[0], last.shape[1], last.shape[2]
    size = most - least + 1
    where = np.zeros((size, 4), dtype=np.int64)
    cost = np.full(size, _UNREACHED)
    for state in range(states):
        for spent in range(weekends):
            for counter in range(counts):
                if not alive[-1, state, spent, counter]:
                    continue
                for units in range(least, most + 1):
                    if last[state, spent, counter, units] < cost[units - least]:
                        cost[units - least] = last[state, spent, counter, units]
                        where[units - least] = (state, spent, counter, units)
    return where, cost


@njit(cache=True, nogil=True)
def trace(costs, alive, prices, units, classes, bans, count, stride, digits, weekend, terms, low, high, end):  # noqa: ANN001, ANN201
    """Read the roster of an end back from the costs: a type for each day, or -1."""
    days, kinds = prices.shape
    max_run, min_run, min_off = terms[0], terms[1], terms[2]
    n_classes = bans.shape[0]
    first_off = n_classes * max_run
    roster = np.full(days, -1, dtype=np.int8)
    state, spent, counter, used = end[0], end[1], end[2], end[3]
    for day in range(days - 1, -1, -1):
        cost = costs[day + 1, state, spent, counter, used]
        before, known = costs[day], alive[day]
        found = False
        if state >= first_off:
            run = state - first_off + 1
            for previous in range(before.shape[0]):
                if not known[previous, spent, counter] or not low[day] <= used <= high[day]:
                    continue
                off = previous >= first_off
                length = previous - first_off + 1 if off else previous % max_run + 1
                leads = min(length + 1, min_off) == run if off else run == 1 and (length >= min_run or length == day)
                if leads and before[previous, spent, counter, used] == cost:
                    state, found = previous, True
                    break
        else:
            run, group = state % max_run + 1, state // max_run
            for kind in range(kinds):
                if classes[kind] != group or prices[day, kind] >= _UNREACHED:
                    continue
                if not low[day] <= used - units[kind] <= high[day]:
                    continue
                earlier = counter
                digit = count[kind]
                if digit >= 0:
                    if counter // stride[digit] % (digits[digit] + 1) == 0:
                        continue
                    earlier -= stride[digit]
                for previous in range(before.shape[0]):
                    off = previous >= first_off
                    if off:
                        leads = run == 1 and previous == first_off + min_off - 1
                    else:
                        leads = previous % max_run + 2 == run and not bans[previous // max_run, kind]
                    adds = 1 if weekend[day] == 1 or (weekend[day] == 2 and off) else 0
                    if not leads or adds > spent or not known[previous, spent - adds, earlier]:
                        continue
                    if before[previous, spent - adds, earlier, used - units[kind]] + prices[day, kind] == cost:
                        roster[day] = kind
                        state, spent, counter, used = previous, spent - adds, earlier, used - units[kind]
                        found = True
                        break
                if found:
                    break
        if not found:
            roster[0] = -2
            return roster
    return roster
