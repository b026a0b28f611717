"""Whole rosters per person as the unit of search: column generation with diving, for problems whose rules allow it.

`task` says when they do. `pricing` finds the cheapest roster of one person by dynamic programming, `master` weighs
rosters against demand by a linear programme, `search` puts whole plans together from them.
"""
