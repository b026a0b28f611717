"""Workers that are killed while they send; `python -m bench crash` kills a hundred of them over ten thousand jobs."""

import pytest

from bench.crash import crash
from tests.db.services.scene import rows

pytestmark = pytest.mark.usefixtures("database")


async def test_nothing_is_lost_and_the_inbox_has_everything_once_however_often_workers_die():
    outcome = await crash(jobs=60, workers=2, kills=5, at_once=1, is_hurried=True)

    assert outcome.is_right, outcome
    # Each of the workers has said what it can send.
    assert [row.channel for row in await rows("SELECT DISTINCT channel FROM worker_channels ORDER BY channel")] == [
        *("email", "in_app", "push")
    ]
