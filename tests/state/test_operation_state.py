"""The page of operation, and the way from a doubtful shift to somebody else."""

from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import unit_of_work
from schedule_app.db.queue import defer
from schedule_app.domain.delivery import Channel
from schedule_app.domain.errors import NotAllowed
from schedule_app.services.operating import note_channels, note_failure
from schedule_app.services.watching import watch_published
from schedule_app.ui.board.assignment_state import AssignmentState
from schedule_app.ui.board.cover_state import CoverState
from schedule_app.ui.manage.operation.state import OperationState
from tests.db.services.scene import Scene, assignment_on, execute, make_scene, make_week, rows, writing
from tests.support.builders import build_notification
from tests.support.reflex_events import browser_of, eventually, live_pushes

pytestmark = pytest.mark.usefixtures("session")

PAGE = "/manage/operation"


@pytest.fixture
async def scene(session: AsyncSession) -> Scene:
    return await make_scene()


async def begin_job() -> int:
    """A job that a worker does just now."""
    async with unit_of_work() as session:
        defer(session, "deliver", recipient_id=1, channel="email")
    await execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = 2")
    [[job_id]] = await rows("SELECT id FROM procrastinate_jobs")
    return job_id


async def give_up(scene: Scene) -> int:
    """A message to Bob that does not arrive."""
    async with writing() as session:
        told = await build_notification(
            session,
            scene.bob,
            type="shift_claimed",
            category="assignment",
            payload={"employee_name": "Carol", "shift": "Early"},
        )
    await execute(
        "INSERT INTO notification_deliveries (notification_id, channel, attempts) VALUES (:id, 'email', 6)", id=told.id
    )
    await execute(
        "UPDATE notification_deliveries SET status = 'failed', failed_at = now(), failure_reason = 'No such mailbox'"
    )
    [[delivery_id]] = await rows("SELECT id FROM notification_deliveries")
    return delivery_id


async def test_workers_and_the_queue_are_told_as_they_are(scene: Scene):
    await execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()), (now() - interval '5 minutes')")
    async with unit_of_work() as session:
        defer(session, "dispatch")
    await execute("UPDATE procrastinate_events SET at = now() - interval '90 minutes'")

    async with browser_of(scene.admin.id) as tab:
        await tab.open(PAGE)
        shown = tab.shows(OperationState)
        assert [(each["heard"], each["is_alive"]) for each in shown["workers"]] == [
            ("just now", True),
            ("5 min ago", False),
        ]
        assert (shown["waiting"], shown["due"], shown["doing"], shown["lag"]) == (1, 1, 0, "1 h 30 min")
        assert shown["failed"] == shown["letters"] == []


async def test_a_channel_that_a_worker_has_no_settings_for_is_named(scene: Scene):
    for channels in ({Channel.IN_APP, Channel.SMS}, {Channel.IN_APP}):
        await note_channels(uuid4(), channels)

    async with browser_of(scene.admin.id) as tab:
        await tab.open(PAGE)
        warnings = {each["name"]: each["warning"] for each in tab.shows(OperationState)["channels"]}
    assert warnings["SMS"] == "Only 1 of 2 workers has the settings for it."
    assert warnings["Inbox"] == ""
    # Neither has any worker, nor does this process think that it is on.
    assert warnings["E-mail"] == ""


async def test_a_job_that_fails_comes_by_itself_with_its_reason_and_is_tried_again(scene: Scene):
    job_id = await begin_job()
    async with browser_of(scene.admin.id) as tab, live_pushes():
        await tab.open(PAGE)
        assert tab.shows(OperationState)["failed"] == []
        await note_failure(job_id, "ConnectionError: nobody there")
        await eventually(lambda: len(tab.shows(OperationState)["failed"]) == 1)
        await execute("UPDATE procrastinate_jobs SET status = 'failed'")
        [job] = tab.shows(OperationState)["failed"]
        assert (job["task"], job["reason"]) == ("Deliver", "ConnectionError: nobody there")
        assert '"recipient_id": 1' in job["arguments"]

        await tab.send(OperationState.retry, {"job_id": job_id})
        shown = tab.shows(OperationState)
        assert (shown["done"], shown["failed"]) == ("1 job is in the queue again.", [])
        await tab.send(OperationState.retry, {"job_id": job_id})
        assert tab.shows(OperationState)["problem"] == "This job does not wait to be tried again any more."


async def test_a_message_that_is_given_up_comes_by_itself_and_is_sent_again(scene: Scene):
    async with browser_of(scene.admin.id) as tab, live_pushes():
        await tab.open(PAGE)
        delivery_id = await give_up(scene)
        await eventually(lambda: len(tab.shows(OperationState)["letters"]) == 1)
        [letter] = tab.shows(OperationState)["letters"]
        assert (letter["person"], letter["channel"], letter["title"], letter["reason"], letter["attempts"]) == (
            *("Bob Worker", "E-mail", "Carol took an open shift", "No such mailbox"),
            6,
        )

        await tab.send(OperationState.resend, {"delivery_id": delivery_id})
        shown = tab.shows(OperationState)
        assert (shown["done"], shown["letters"]) == ("1 message is on the way again.", [])
        assert [each["counts"] for each in shown["channels"] if each["name"] == "E-mail"] == ["1 waiting"]


async def test_all_of_it_is_tried_again_with_one_click(scene: Scene):
    await begin_job()
    await execute("UPDATE procrastinate_jobs SET status = 'failed'")
    await give_up(scene)
    async with browser_of(scene.admin.id) as tab:
        await tab.open(PAGE)
        await tab.send(OperationState.retry_all)
        await tab.send(OperationState.resend_all)
        assert tab.shows(OperationState)["failed"] == tab.shows(OperationState)["letters"] == []


@pytest.mark.parametrize("who", ["manager", "supervisor", "bob"])
async def test_nobody_else_sees_anything_of_it(scene: Scene, who: str):
    await give_up(scene)
    async with browser_of(getattr(scene, who).id) as tab:
        await tab.open(PAGE)
        assert tab.alert == NotAllowed.default_message
        assert not tab.shows(OperationState).get("letters")


async def test_the_notice_of_a_doubtful_shift_leads_to_it_and_from_there_to_who_can_take_it(scene: Scene):
    _, [shift] = await make_week(scene, held={0: [scene.bob]}, status="published")
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.bob.id)
    await watch_published()
    [[path]] = await rows("SELECT DISTINCT action_url FROM notifications")

    async with browser_of(scene.manager.id) as tab:
        await tab.open(path)
        detail = tab.shows(AssignmentState)
        assert (detail["is_open"], detail["detail"]["employee_name"]) == (True, "Bob Worker")
        assert detail["detail"]["warnings"] == ["Bob Worker is not active and cannot be given shifts."]

        await tab.send(AssignmentState.find_another)
        assert not tab.shows(AssignmentState)["is_open"]
        assert tab.shows(CoverState)["is_open"]
        assert "Carol Worker" in [each["name"] for each in tab.shows(CoverState)["able"]]
    assert (await assignment_on(shift, scene.bob)).status == "cancelled"
