"""Races over a shift, a few of each; `python -m bench.swap_races` runs a thousand."""

import pytest

from bench.swap_races import RACES, run
from tests.db.services.swapping import make_between

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("race", RACES)
async def test_a_race_has_one_outcome_and_everybody_hears_of_that_one(race: str):
    # The first request after a migration plans every statement anew.
    await make_between()
    outcome = await run(race, runs=8, at_a_time=2)

    assert outcome.wrong == []
    assert outcome.won.total() == 8
