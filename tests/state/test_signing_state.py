"""Publishing what was shown: what has changed since is shown first, and nothing is published."""

import pytest

from schedule_app.services.assignments import unassign_employee
from schedule_app.services.schedules import revise_schedule
from schedule_app.ui.board.signing_state import PublishState
from tests.db.services.scene import WEEK, assignment_on, execute, make_scene, make_week, rows
from tests.support.reflex_events import browser_of

pytestmark = pytest.mark.usefixtures("database")


async def test_what_the_dialog_showed_and_is_no_longer_so_is_shown_anew_before_it_is_published() -> None:
    scene = await make_scene()
    first, [shift] = await make_week(scene, held={0: [scene.bob]}, status="published")
    child = await revise_schedule(scene.actor("manager"), first.id)
    await execute(
        "UPDATE schedules SET status = 'pending', submitted_by_id = :id WHERE id = :child",
        id=scene.manager.id,
        child=child,
    )
    await execute(
        "UPDATE schedules SET status = 'approved', approved_by_id = :id, approved_at = now() WHERE id = :child",
        id=scene.manager.id,
        child=child,
    )
    async with browser_of(scene.manager.id) as tab:
        await tab.open(f"/schedule/{scene.site.id}/{WEEK}")
        await tab.send(PublishState.ask)
        assert tab.state(PublishState).view.told == []
        held = await assignment_on(shift, scene.bob)
        await unassign_employee(scene.actor("second_manager"), held.id or 0)

        await tab.send(PublishState.publish)

        dialog = tab.state(PublishState)
        assert dialog.is_open
        assert "look at the preview again" in dialog.error
        assert [each.name for each in dialog.view.told] == ["Bob Worker"]
        assert await rows("SELECT status FROM schedules WHERE id = :id", id=child) == [("approved",)]

        await tab.send(PublishState.publish)
        assert not tab.state(PublishState).is_open
        assert await rows("SELECT status FROM schedules WHERE id = :id", id=child) == [("published",)]
