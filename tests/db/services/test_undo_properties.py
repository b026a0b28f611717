"""Whatever is done, undoing it step by step brings every row back, and redoing it does so again."""

import asyncio
import os
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from schedule_app.domain.errors import IllegalTransition, ScheduleError
from schedule_app.services.undo import redo, undo
from tests.db.services.commands import EDITS, WEEKS, CommandType, NothingThereError, Trial, make_trial
from tests.db.services.scene import make_week, night, rows

EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "10"))

# Versions and who wrote it when have to differ.
_PLAN = """
    SELECT to_jsonb(shifts) - '{version,updated_at,updated_by_id}'::text[] FROM shifts WHERE site_id = :site
    UNION ALL
    SELECT to_jsonb(held) - '{version,updated_at,updated_by_id}'::text[]
    FROM schedule_assignments AS held JOIN schedules ON schedules.id = schedule_id WHERE site_id = :site
    UNION ALL
    SELECT to_jsonb(found) FROM rule_violations AS found JOIN schedules ON schedules.id = schedule_id
    WHERE site_id = :site
    ORDER BY 1
"""

numbers = st.integers(0, 60)
histories = st.lists(st.tuples(st.sampled_from(EDITS), numbers, numbers), min_size=5, max_size=16)
DoneType = tuple[CommandType, int, int]


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    # A run takes seconds, and making a failing one shorter takes hundreds of them.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(history=histories)
def test_any_commands_undone_one_by_one_bring_every_row_back(runner: asyncio.Runner, history: Sequence[DoneType]):
    runner.run(_there_and_back(history))


async def _there_and_back(history: Sequence[DoneType]) -> None:
    trial = await make_trial()
    manager = trial.scene.actor("manager")
    await make_week(trial.scene, {"title": "Early"}, night(2), held={0: [trial.scene.bob]}, week_start=WEEKS[0])
    people = [trial.scene.bob, trial.scene.carol]
    await make_week(trial.scene, {}, night(1), held={0: people}, week_start=WEEKS[1], status="published")
    seen = [await _plan(trial)]
    for command, one, two in history:
        try:
            await command(trial, manager, one, two)
        except (ScheduleError, NothingThereError):
            assert await _plan(trial) == seen[-1]
            continue
        now = await _plan(trial)
        seen += [now] if now != seen[-1] else []

    for expected in seen[-2::-1]:
        await undo(manager, trial.site_id)
        assert await _plan(trial) == expected
    with pytest.raises(IllegalTransition, match="nothing to undo"):
        await undo(manager, trial.site_id)
    for expected in seen[1:]:
        await redo(manager, trial.site_id)
        assert await _plan(trial) == expected


async def _plan(trial: Trial) -> list[Any]:
    return [row for [row] in await rows(_PLAN, site=trial.site_id)]
