"""What /metrics tells of workers, the queue and messages."""

import pytest

from schedule_app.db.engine import unit_of_work
from schedule_app.db.queue import defer
from schedule_app.settings import get_settings
from tests.db.services.scene import execute, make_scene, writing
from tests.support.builders import build_notification
from tests.web.conftest import Browsers


async def test_metrics_tell_how_the_work_beside_the_pages_goes(browsers: Browsers, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("METRICS_TOKEN", "only-for-this-test")
    get_settings.cache_clear()
    scene = await make_scene()
    async with writing() as session:
        told = await build_notification(session, scene.bob)
    await execute(
        "INSERT INTO notification_deliveries (notification_id, channel, status, failed_at, failure_reason, sent_at)"
        " VALUES (:id, 'email', 'failed', now(), 'no such mailbox', NULL),"
        " (:id, 'push', 'dropped', now(), 'They do not work here any more.', NULL),"
        " (:id, 'sms', 'sent', NULL, NULL, now())",
        id=told.id,
    )
    await execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    async with unit_of_work() as session:
        defer(session, "dispatch")
    await execute("UPDATE procrastinate_events SET at = now() - interval '90 seconds'")

    answer = await browsers().get("/metrics", headers={"Authorization": "Bearer only-for-this-test"})
    get_settings.cache_clear()
    figures = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if line.startswith("schedule_app_"))
    assert float(figures["schedule_app_workers"]) == 1
    assert 90 <= float(figures["schedule_app_queue_lag_seconds"]) < 120
    assert float(figures['schedule_app_queue_jobs{status="todo"}']) == 1
    assert float(figures["schedule_app_dead_letters"]) == 1
    assert float(figures['schedule_app_deliveries{channel="email",status="failed"}']) == 1
    assert float(figures['schedule_app_sent_messages{channel="sms"}']) == 1
