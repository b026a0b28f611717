"""From a committed change to a mail in somebody's hands, whatever fails in between."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time
from pathlib import Path
from uuid import uuid4

import pytest

from schedule_app.db.engine import read_session, unit_of_work
from schedule_app.domain.announcement import Audience
from schedule_app.domain.delivery import BURST, Channel
from schedule_app.domain.errors import Unavailable
from schedule_app.domain.notices import (
    AssignmentAdded,
    AssignmentRemoved,
    CalledOut,
    Category,
    ClaimLost,
    DeliveryFailed,
    NamedShift,
    Notice,
    ShiftOffered,
)
from schedule_app.jobs import delivering
from schedule_app.jobs.delivering import deliver
from schedule_app.jobs.dispatching import sweep
from schedule_app.models import Employee, NotificationOutbox
from schedule_app.queries.operation import read_figures
from schedule_app.services.announcements import AnnouncementDetails, announce, withdraw_announcement
from schedule_app.services.delivering import BACK_OFF, MOST_ATTEMPTS, claim_message, note_sent
from schedule_app.services.notifications import notify
from schedule_app.services.operating import note_channels
from schedule_app.services.preferences import WishDetails, save_wishes
from schedule_app.services.reminders import remind_to_answer, tell_of_ending_qualifications
from schedule_app.services.schedules import approve_schedule, publish_schedule, revise_schedule, submit_schedule
from schedule_app.services.swap_requests import decline_request
from tests.db.jobs.post import configured, ledger, lose_jobs, pass_time, work, work_off
from tests.db.services.scene import Scene, actor_of, execute, make_scene, make_week, rows, told, writing
from tests.db.services.swapping import make_between
from tests.support.app import ROOT, environment
from tests.support.builders import build_employee, build_notification
from tests.support.database import Database
from tests.support.mail_server import CLOSE, HANG, MailServer, mail_server

pytestmark = pytest.mark.usefixtures("database")


MON = '{"shift": "Mon"}'
SHIFT = {"starts_at": "2026-06-08T05:00+00:00", "ends_at": "2026-06-08T07:00+00:00", "zone": "UTC"}


@pytest.fixture
async def mail(database: Database) -> AsyncIterator[MailServer]:
    """The server that mails go out through."""
    async with mail_server() as server:
        with configured(SMTP_URL=server.url, MAIL_FROM="shifts@example.com", PUBLIC_URL="https://shifts.example.com"):
            yield server


@pytest.fixture
async def scene(database: Database) -> Scene:
    return await make_scene()


async def tell(*people: Employee, notice: Notice | None = None, path: str = "/me") -> None:
    async with unit_of_work() as session:
        told = notice or AssignmentRemoved("Mon 23 Nov, 07:00–15:00")
        await notify(session, [each.id for each in people], told, action_url=path)


async def test_what_is_committed_is_sent_once_and_the_ledger_knows(scene: Scene, mail: MailServer):
    await tell(scene.bob, scene.carol)
    await work_off()
    await pass_time()
    await work()

    assert sorted(got.recipients for got in mail.received) == sorted([[scene.bob.email], [scene.carol.email]])
    assert await ledger(scene.bob) == await ledger(scene.carol) == [("sent", 1, None)]
    assert await ledger(scene.bob, "in_app") == [("sent", 1, None)]
    assert mail.received[0].mail["Subject"] == "A shift is no longer yours"


async def test_a_mail_has_the_clock_of_whoever_reads_it(scene: Scene, mail: MailServer):
    details = WishDetails(channels={}, clock_24h=False)
    await save_wishes(actor_of(scene.bob), details, expected_version=0)
    shift = NamedShift("2026-06-08T12:00+00:00", "2026-06-08T20:00+00:00", "UTC")
    await tell(scene.bob, scene.carol, notice=AssignmentRemoved(shift))
    await work_off()

    def text_of(person: Employee) -> str:
        [got] = [got for got in mail.received if got.recipients == [person.email]]
        body = got.mail.get_body(("plain",))
        return body.get_content() if body else ""

    assert "12:00 PM–8:00 PM" in text_of(scene.bob).replace("\u00a0", " ")
    assert "12:00–20:00" in text_of(scene.carol)


async def test_what_is_rolled_back_is_not(scene: Scene, mail: MailServer):
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work() as session:
            await notify(session, [scene.bob.id], AssignmentRemoved("Mon"))
            raise ZeroDivisionError
    await work()
    await sweep(0)
    await work()

    assert mail.received == []
    assert await rows("SELECT 1 FROM notification_deliveries") == []


async def test_each_step_done_three_times_has_one_effect(scene: Scene, mail: MailServer):
    await tell(scene.bob)
    for _ in range(3):
        await sweep(0)
    await pass_time()
    for _ in range(3):
        await deliver(recipient_id=scene.bob.id, channel="email")

    assert len(mail.received) == 1
    assert await ledger(scene.bob) == [("sent", 1, None)]


async def test_what_happens_together_is_one_message(scene: Scene, mail: MailServer):
    for number in range(3):
        await tell(scene.bob, notice=AssignmentAdded(f"Mon {number}"))
    await tell(scene.bob, scene.carol, notice=AssignmentRemoved("Tue"))
    await tell(scene.bob)
    await work_off()

    [to_bob] = [got.mail for got in mail.received if got.recipients == [scene.bob.email]]
    assert to_bob["Subject"] == "5 of your shifts changed"
    assert "https://shifts.example.com/me" in to_bob.as_string()
    assert await ledger(scene.bob) == [("sent", 1, None)] * 5
    [[batches]] = await rows("SELECT count(DISTINCT batch) FROM notification_deliveries WHERE batch IS NOT NULL")
    assert batches == len(mail.received) == 2


async def test_things_that_lead_to_different_places_lead_to_the_inbox(scene: Scene, mail: MailServer):
    await tell(scene.bob)
    await tell(scene.bob, notice=AssignmentRemoved("Tue"), path="/open")
    await work_off()

    [got] = mail.received
    assert "https://shifts.example.com/inbox" in got.mail.as_string()


async def test_what_is_not_pressing_waits_for_a_moment_and_goes_with_what_is(scene: Scene, mail: MailServer):
    await tell(scene.manager, notice=ClaimLost("Mon"))
    await work()
    assert mail.received == []

    await tell(scene.manager, notice=CalledOut("Bob Worker", "Mon", "ill"))
    await work()

    [got] = mail.received
    # The pressing one is told first.
    assert got.mail["Subject"] == "Bob Worker cannot come, and 1 more"


async def test_a_server_that_comes_back_gets_the_same_message_with_the_same_name(scene: Scene, mail: MailServer):
    mail.answers["DATA"] = "451 later"
    await tell(scene.bob)
    await work_off()
    assert await ledger(scene.bob) == [("created", 1, "The mail server did not take the message: 451 later")]
    [[batch]] = await rows("SELECT batch FROM notification_deliveries WHERE batch IS NOT NULL")
    # Nothing is held up meanwhile, and what comes later goes out by itself.
    mail.answers.clear()
    await tell(scene.bob, notice=AssignmentAdded("Tue"))
    await work()
    await execute("UPDATE notification_deliveries SET due_at = now() WHERE status = 'created' AND attempts = 0")
    await deliver(recipient_id=scene.bob.id, channel="email")
    assert [got.mail["Subject"] for got in mail.received] == ["You have a new shift"]

    await pass_time()
    await work()

    assert [got.mail["Subject"] for got in mail.received] == ["You have a new shift", "A shift is no longer yours"]
    assert mail.received[1].mail["Message-ID"] == f"<{batch.hex}@example.com>"
    assert await ledger(scene.bob) == [("sent", 2, None), ("sent", 1, None)]


async def test_it_is_tried_less_and_less_often_then_given_up_and_the_planners_know(scene: Scene, mail: MailServer):
    mail.answers["DATA"] = CLOSE
    await tell(scene.bob)
    waits: list[float] = []
    await work()
    await pass_time()
    for _ in BACK_OFF:
        await work()
        [[wait]] = await rows(
            "SELECT extract(epoch FROM due_at - attempted_at) / 60 FROM notification_deliveries WHERE status='created'"
        )
        waits.append(float(wait))
        await pass_time()
    await work()

    assert all(
        1 <= wait / (back_off.total_seconds() / 60) < 1.3 for wait, back_off in zip(waits, BACK_OFF, strict=True)
    )
    [(status, attempts, reason)] = await ledger(scene.bob)
    assert (status, attempts) == ("failed", 6)
    assert reason.startswith("The mail server cannot be reached:")
    for planner in (scene.manager, scene.second_manager, scene.supervisor):
        assert await told(planner) == ["delivery_failed"]
    assert await told(scene.admin) == await told(scene.stranger) == await told(scene.carol) == []


async def test_an_address_that_is_refused_is_given_up_at_once_and_told_once_a_day(scene: Scene, mail: MailServer):
    mail.answers["RCPT"] = "550 no such user"
    await tell(scene.bob)
    await work_off()
    await tell(scene.bob, notice=AssignmentAdded("Tue"))
    await work_off()

    reason = "The mail server does not take mail for this address: 550 no such user"
    assert await ledger(scene.bob) == [("failed", 1, reason)] * 2
    [[payload]] = await rows("SELECT payload FROM notifications WHERE recipient_id = :id", id=scene.manager.id)
    assert payload == {
        "employee_name": "Bob Worker",
        "channel": "email",
        "about": "A shift is no longer yours",
        "reason": reason,
    }


async def test_supervisors_hear_that_it_failed_but_neither_what_it_was_nor_the_address(scene: Scene, mail: MailServer):
    mail.answers["RCPT"] = "550 no such user"
    await tell(scene.bob)
    await work_off()

    [[payload]] = await rows("SELECT payload FROM notifications WHERE recipient_id = :id", id=scene.supervisor.id)
    assert payload == {"employee_name": "Bob Worker", "channel": "email", "about": "", "reason": ""}


async def test_where_the_server_is_away_planners_hear_of_it_once_and_not_of_each_person(scene: Scene, mail: MailServer):
    mail.answers["DATA"] = CLOSE
    await tell(scene.bob, scene.carol)
    for _ in range(MOST_ATTEMPTS + 1):
        await work()
        await pass_time()

    assert [status for person in (scene.bob, scene.carol) for status, *_ in await ledger(person)] == ["failed"] * 2
    assert await told(scene.manager) == ["delivery_failed"]
    [[payload]] = await rows("SELECT payload FROM notifications WHERE recipient_id = :id", id=scene.manager.id)
    assert (payload["employee_name"], payload["about"]) == ("", "")
    assert payload["reason"].startswith("The mail server cannot be reached")


async def test_what_has_become_late_waits_for_the_end_of_the_quiet_hours_and_what_is_urgent_does_not(
    scene: Scene, mail: MailServer
):
    await tell(scene.bob, scene.carol)
    await tell(scene.carol, notice=CalledOut("Bob Worker", "Mon", "Ill"))
    await sweep(0)
    hour = datetime.now(UTC).hour
    quiet = WishDetails(
        channels={}, quiet_from=time((hour - 1) % 24), quiet_until=time((hour + 2) % 24), time_zone="UTC"
    )
    for person in (scene.bob, scene.carol):
        await save_wishes(actor_of(person), quiet, expected_version=0)
    await pass_time()
    await work()

    assert {person for got in mail.received for person in got.recipients} == {scene.carol.email}
    assert await ledger(scene.bob) == [("created", 0, None)]
    [[until]] = await rows("SELECT due_at FROM notification_deliveries WHERE status = 'created' AND channel = 'email'")
    assert (until.minute, until.hour) == (0, (hour + 2) % 24)


async def test_that_a_message_about_a_message_fails_is_told_nobody(scene: Scene, mail: MailServer):
    mail.answers["RCPT"] = "550 no such user"
    await tell(scene.manager, notice=DeliveryFailed("Bob", "email", "x", "y"))
    await work_off()

    assert [status for status, *_ in await ledger(scene.manager)] == ["failed"]
    assert await told(scene.second_manager) == []


async def test_a_message_that_cannot_be_read_holds_up_nothing(scene: Scene, mail: MailServer):
    payloads = [
        ("of_a_later_version", {}),
        ("assignment_removed", {"shift": "Mon", "surprise": 1}),
        ("assignment_removed", {"shift": SHIFT | {"starts_at": "when?"}}),
        ("assignment_removed", {"shift": SHIFT | {"zone": "X/Y"}}),
    ]
    async with writing() as session:
        for kind, payload in payloads:
            row = await build_notification(
                session, scene.bob, type=kind, payload=payload, category="assignment", priority="high"
            )
            session.add(NotificationOutbox(notification_id=row.id))
    # Words of an earlier version are still read.
    await tell(scene.bob)
    async with writing() as session:
        row = await build_notification(
            session,
            scene.bob,
            type="assignment_removed",
            payload={"shift_label": "Tue"},
            category="assignment",
            priority="high",
        )
        session.add(NotificationOutbox(notification_id=row.id))
    await work_off()

    [subject] = [got.mail["Subject"] for got in mail.received if got.recipients == [scene.bob.email]]
    assert subject == "2 of your shifts changed"
    # A worker of a later version may know them.
    found = await ledger(scene.bob)
    assert [(status, attempts) for status, attempts, _ in found] == [("created", 1)] * 4 + [("sent", 1)] * 2
    assert all(reason.startswith("It cannot be put into words.") for _, _, reason in found[:4])
    assert await told(scene.manager) == []
    await execute("UPDATE notifications SET type = 'assignment_removed', payload = :it WHERE type LIKE 'of_a%'", it=MON)
    for _ in BACK_OFF:
        await pass_time()
        await work()

    assert [got.mail["Subject"] for got in mail.received if got.recipients == [scene.bob.email]] == [
        "2 of your shifts changed",
        "A shift is no longer yours",
    ]
    assert [(status, attempts) for status, attempts, _ in await ledger(scene.bob)] == [
        *[("sent", 2), *[("failed", MOST_ATTEMPTS)] * 3],
        *[("sent", 1)] * 2,
    ]
    assert await told(scene.manager) == ["delivery_failed"]


async def test_whoever_has_left_is_told_nothing(scene: Scene, mail: MailServer):
    await tell(scene.bob)
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.bob.id)
    await work()
    assert await ledger(scene.bob) == []

    await tell(scene.carol)
    await sweep(0)
    await pass_time()
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.carol.id)
    await work()

    assert await ledger(scene.carol) == [("dropped", 0, "They do not work here any more.")]
    assert mail.received == []
    assert await told(scene.manager) == []
    async with read_session() as session:
        assert (await read_figures(session)).dead_letters == 0


async def test_jobs_that_got_lost_are_found(scene: Scene, mail: MailServer):
    await tell(scene.bob)
    await lose_jobs()
    await sweep(0)
    await lose_jobs()
    await sweep(0)
    # Its job may be there still, somewhere.
    assert await rows("SELECT 1 FROM procrastinate_jobs") == []
    await pass_time()
    await sweep(0)
    await sweep(0)
    assert len(await rows("SELECT 1 FROM procrastinate_jobs")) == 1
    await work()

    assert len(mail.received) == 1


async def test_whoever_dies_while_sending_has_it_sent_again_but_only_after_a_while(scene: Scene, mail: MailServer):
    await tell(scene.bob)
    await sweep(0)
    await pass_time()
    claimed = await claim_message(scene.bob.id, Channel.EMAIL)
    assert claimed is not None

    await work()
    await sweep(0)
    await work()
    assert mail.received == []

    await pass_time()
    await sweep(0)
    await work()
    # The one that was thought dead was only slow.
    await note_sent(claimed)

    [got] = mail.received
    assert got.mail["Message-ID"] == f"<{claimed.message.key.hex}@example.com>"
    assert await ledger(scene.bob) == [("sent", 2, None)]


async def test_a_message_on_which_workers_die_is_given_up(scene: Scene, mail: MailServer):
    await tell(scene.bob)
    await sweep(0)
    await pass_time()
    for _ in range(len(BACK_OFF) + 1):
        assert await claim_message(scene.bob.id, Channel.EMAIL) is not None
        await pass_time()
    assert await claim_message(scene.bob.id, Channel.EMAIL) is None

    assert await ledger(scene.bob) == [("failed", 7, "Nobody has said what became of it.")]
    assert await told(scene.manager) == ["delivery_failed"]


async def test_two_workers_send_one_mail(scene: Scene, mail: MailServer):
    for round_of in range(10):
        for number in range(4):
            await tell(scene.bob, notice=AssignmentAdded(f"{round_of}.{number}"))
        await asyncio.gather(sweep(0), sweep(0))
        await pass_time()
        await asyncio.gather(*(deliver(recipient_id=scene.bob.id, channel="email") for _ in range(5)))

    assert len(mail.received) == 10
    assert await ledger(scene.bob) == [("sent", 1, None)] * 40


async def test_no_transaction_is_open_while_a_server_is_waited_for(
    scene: Scene, mail: MailServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(delivering, "_SEND_SECONDS", 0.5)
    mail.answers["DATA"] = "hang"
    await tell(scene.bob)
    await sweep(0)
    await pass_time()
    sending = asyncio.create_task(deliver(recipient_id=scene.bob.id, channel="email"))
    open_ones = (
        "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND state <> 'idle'"
    )
    await mail.is_hanging.wait()
    assert await rows(open_ones) == []
    await sending

    assert await ledger(scene.bob) == [("created", 1, "It took too long.")]


async def test_a_channel_that_is_off_gets_nothing(scene: Scene, mail: MailServer):
    with configured(SMTP_URL=""):
        await tell(scene.bob)
        await work_off()
        assert await ledger(scene.bob) == []
        assert await rows("SELECT 1 FROM notification_outbox") == []

    await tell(scene.carol)
    await sweep(0)
    await pass_time()
    with configured(SMTP_URL=""):
        await work()

    assert await ledger(scene.carol) == [("created", 1, "SMTP_URL is not set.")]


async def test_what_was_read_in_the_app_is_not_repeated_in_a_digest_and_what_is_urgent_is_sent(
    scene: Scene, mail: MailServer
):
    for notice in (ClaimLost("Mon"), CalledOut("Bob Worker", "Mon", "ill")):
        for person in (scene.bob, scene.carol):
            await tell(person, notice=notice)
        await sweep(0)
        for kind in ("claim_lost", "called_out"):
            # Carol is quick: what is about to be sent anyway is sent.
            await execute(
                "UPDATE notifications SET read_at = now(), created_at = CASE WHEN recipient_id = :bob"
                " THEN now() - interval '1 hour' ELSE now() END WHERE type = :kind",
                bob=scene.bob.id,
                kind=kind,
            )
        await pass_time()
        await work()

    assert await ledger(scene.bob) == [("dropped", 0, "They had read it in the app before."), ("sent", 1, None)]
    assert await ledger(scene.carol) == [("sent", 1, None)] * 2
    assert await told(scene.manager) == []


async def remind(scene: Scene) -> None:
    """Bob is reminded of a shift which waits for his answer, and the mail waits for its time."""
    await make_week(scene, held={0: [scene.bob]}, status="published")
    await execute("UPDATE schedules SET published_at = now() - interval '9 hours'")
    await execute(
        "UPDATE schedule_assignments"
        " SET created_at = now() - interval '9 hours', confirm_by = now() + interval '90 minutes'"
    )
    assert await remind_to_answer() == 1
    await sweep(0)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE schedule_assignments SET status = 'confirmed'",
        "UPDATE schedule_assignments SET status = 'declined'",
        "UPDATE schedule_assignments SET status = 'cancelled'",
        "UPDATE schedule_assignments SET confirm_by = now()",
        "UPDATE schedule_assignments SET confirm_by = confirm_by + interval '1 day'",
        "DELETE FROM schedule_assignments",
    ],
)
async def test_a_reminder_that_does_not_hold_any_more_is_not_sent_and_nobody_minds(
    scene: Scene, mail: MailServer, change: str
):
    await remind(scene)
    await execute(change)
    await pass_time()
    await work()

    assert mail.received == []
    assert await ledger(scene.bob) == [("dropped", 0, "It did not hold any more.")]
    assert await told(scene.manager) == []


async def test_a_reminder_that_holds_is_sent_also_when_its_week_was_published_anew(scene: Scene, mail: MailServer):
    await remind(scene)
    [[schedule_id]] = await rows("SELECT id FROM schedules")
    draft = await revise_schedule(scene.actor("manager"), schedule_id)
    await execute("DELETE FROM procrastinate_jobs")
    for step in (submit_schedule, approve_schedule, publish_schedule):
        [[version]] = await rows("SELECT version FROM schedules WHERE id = :id", id=draft)
        await step(scene.actor("manager"), draft, expected_version=version)
    await pass_time()
    await deliver(recipient_id=scene.bob.id, channel="email")

    assert await ledger(scene.bob) == [("sent", 1, None)]
    assert [got.mail["Subject"] for got in mail.received] == ["A shift waits for your answer"]


async def test_what_has_to_be_known_by_some_time_waits_neither_for_the_digest_nor_for_the_end_of_quiet_hours(
    scene: Scene, mail: MailServer
):
    hour = datetime.now(UTC).hour
    quiet = WishDetails(
        channels={},
        digest_at=time((hour + 4) % 24),
        quiet_from=time((hour - 1) % 24),
        quiet_until=time((hour + 3) % 24),
        time_zone="UTC",
    )
    await save_wishes(actor_of(scene.bob), quiet, expected_version=0)
    await tell(scene.bob, notice=ClaimLost("Mon"))
    await remind(scene)
    await execute(
        "UPDATE notification_deliveries SET due_at = now() WHERE status = 'created' AND due_at < now() + :soon",
        soon=BURST,
    )
    await deliver(recipient_id=scene.bob.id, channel="email")

    assert [got.mail["Subject"] for got in mail.received] == ["A shift waits for your answer"]
    assert await ledger(scene.bob) == [("created", 0, None), ("sent", 1, None)]


async def test_what_another_worker_can_send_is_left_to_it(scene: Scene, mail: MailServer):
    await note_channels(uuid4(), {Channel.IN_APP, Channel.EMAIL})
    with configured(SMTP_URL=""):
        await tell(scene.bob)
        await work_off()

    assert await ledger(scene.bob) == [("created", 0, None)]
    assert await rows("SELECT task_name, scheduled_at > now() FROM procrastinate_jobs") == [("deliver", True)]
    await pass_time()
    await work()
    assert [got.recipients for got in mail.received] == [[scene.bob.email]]


async def test_nothing_is_lost_while_the_worker_that_can_send_it_is_away(scene: Scene, mail: MailServer):
    await note_channels(uuid4(), {Channel.IN_APP, Channel.EMAIL})
    await execute("UPDATE worker_channels SET heard_at = now() - interval '3 hours'")
    with configured(SMTP_URL=""):
        await tell(scene.bob)
        await work_off()

    assert await ledger(scene.bob) == [("created", 0, None)]
    await pass_time()
    await work()
    assert [got.recipients for got in mail.received] == [[scene.bob.email]]


async def test_a_server_that_is_slow_holds_up_no_other_job(scene: Scene, mail: MailServer):
    async with writing() as session:
        many = [await build_employee(session, scene.site) for _ in range(delivering.MOST_AT_ONCE)]
    mail.answers["DATA"] = HANG
    await tell(*many, scene.bob)
    await sweep(0)
    await pass_time()
    await lose_jobs()
    async with asyncio.TaskGroup() as tasks:
        hanging = [tasks.create_task(deliver(recipient_id=each.id, channel="email")) for each in many]
        await mail.is_hanging.wait()

        await deliver(recipient_id=scene.bob.id, channel="email")

        assert not any(each.done() for each in hanging)
        assert await ledger(scene.bob) == [("created", 0, None)]
        assert await rows("SELECT task_name, scheduled_at > now() FROM procrastinate_jobs") == [("deliver", True)]
        for each in hanging:
            each.cancel()
    mail.answers.clear()
    await pass_time()
    await work()
    assert await ledger(scene.bob) == [("sent", 1, None)]


async def test_what_somebody_has_switched_off_meanwhile_is_not_sent(scene: Scene, mail: MailServer):
    await tell(scene.bob, scene.carol, notice=ClaimLost("Mon"))
    await sweep(0)
    off = WishDetails(channels={Category.ASSIGNMENT: {Channel.EMAIL: False}})
    await save_wishes(actor_of(scene.bob), off, expected_version=0)
    await pass_time()
    await work()

    assert await ledger(scene.bob) == [("dropped", 0, "They have switched this off.")]
    assert await ledger(scene.carol) == [("sent", 1, None)]


async def test_whoever_has_taken_an_offered_shift_is_not_asked_any_more(scene: Scene, mail: MailServer):
    _, [shift] = await make_week(scene, {"required_staff": 2}, held={0: [scene.bob]}, status="published")
    async with unit_of_work() as session:
        asked = [scene.bob.id, scene.carol.id]
        await notify(session, asked, ShiftOffered("Mon"), related=("shift", shift.id), action_url="/open")
    await sweep(0)
    await pass_time()
    await work()

    assert await ledger(scene.bob) == [("dropped", 0, "It did not hold any more.")]
    assert await ledger(scene.carol) == [("sent", 1, None)]


async def test_whoever_has_answered_an_offer_is_not_asked_any_more(database: Database, mail: MailServer):
    between = await make_between()
    request_id = await between.offer(between.scene.carol, between.dora)
    await sweep(0)
    await decline_request(actor_of(between.scene.carol), request_id)
    await pass_time()
    await work()

    assert await ledger(between.scene.carol) == [("dropped", 0, "It did not hold any more.")]
    assert await ledger(between.dora) == [("sent", 1, None)]


@pytest.mark.parametrize("renewed", [False, True])
async def test_that_a_qualification_runs_out_is_not_said_of_one_that_was_renewed(
    scene: Scene, mail: MailServer, *, renewed: bool
):
    write = (
        "UPDATE employees SET qualifications = jsonb_build_array(jsonb_build_object('name', 'First aid',"
        " 'expires_on', CAST(CAST(now() + make_interval(days => :days) AS date) AS text))) WHERE id = :id"
    )
    await execute(write, days=20, id=scene.bob.id)
    assert await tell_of_ending_qualifications() == 1
    await sweep(0)
    if renewed:
        await execute(write, days=400, id=scene.bob.id)
    await pass_time()
    await work()

    said = [("dropped", 0, "It did not hold any more.")] if renewed else [("sent", 1, None)]
    assert await ledger(scene.bob) == await ledger(scene.manager) == said


async def test_what_no_worker_has_had_for_a_day_is_off(scene: Scene, mail: MailServer):
    await note_channels(uuid4(), {Channel.IN_APP, Channel.EMAIL})
    await execute("UPDATE worker_channels SET heard_at = now() - interval '25 hours'")
    with configured(SMTP_URL=""):
        await tell(scene.bob)
        await work_off()
    assert await ledger(scene.bob) == []

    await note_channels(uuid4(), {Channel.IN_APP})
    assert await rows("SELECT channel FROM worker_channels") == [("in_app",)]


@pytest.mark.parametrize(
    ("noting", "answers", "status"),
    [("note_sent", {}, "sent"), ("note_failed", {"RCPT": "550 no such user"}, "failed")],
)
async def test_what_became_of_a_mail_is_noted_when_the_database_is_back(
    scene: Scene, mail: MailServer, monkeypatch: pytest.MonkeyPatch, noting: str, answers: dict[str, str], status: str
):
    back = getattr(delivering, noting)

    async def away(*_: object, **__: object) -> None:
        monkeypatch.setattr(delivering, noting, back)
        raise Unavailable

    monkeypatch.setattr(delivering, noting, away)
    mail.answers.update(answers)
    await tell(scene.bob)
    await work_off()

    [(noted, attempts, _)] = await ledger(scene.bob)
    assert (noted, attempts, len(mail.received)) == (status, 1, int(status == "sent"))


async def test_whoever_wishes_for_a_digest_gets_one_message_at_its_time(scene: Scene, mail: MailServer):
    daily = WishDetails(channels={}, digest_at=time(7), time_zone="Asia/Tokyo")
    await save_wishes(actor_of(scene.bob), daily, expected_version=0)
    for number in range(3):
        await tell(scene.bob, notice=ClaimLost(f"Mon {number}"))
        await work()
    [[clocks]] = await rows(
        "SELECT array_agg(DISTINCT (due_at AT TIME ZONE 'Asia/Tokyo')::time) FROM notification_deliveries"
        " WHERE status = 'created'"
    )
    assert (clocks, mail.received) == ([time(7)], [])
    await pass_time()
    await work()

    [got] = mail.received
    assert got.mail["Subject"] == "The shift you asked for is not open any more, and 2 more"


async def test_sms_go_to_those_who_wish_for_them_and_have_a_phone(scene: Scene, mail: MailServer, tmp_path: Path):
    by_sms = WishDetails(channels={Category.ASSIGNMENT: {Channel.SMS: True, Channel.EMAIL: False}})
    for person in (scene.bob, scene.carol, scene.supervisor):
        await save_wishes(actor_of(person), by_sms, expected_version=0)
    await execute("UPDATE employees SET phone = '+1 (555) 0100' WHERE id = :id", id=scene.bob.id)
    await execute("UPDATE employees SET phone = 'ask Carol' WHERE id = :id", id=scene.supervisor.id)
    with configured(SMS_URL="file", DATA_DIR=str(tmp_path)):
        await tell(scene.bob, scene.carol, scene.supervisor)
        await work_off()

    [message] = (tmp_path / "outbox").iterdir()
    assert message.read_text().startswith("To: +15550100\n\nA shift is no longer yours.")
    assert await ledger(scene.bob, "sms") == [("sent", 1, None)]
    assert await ledger(scene.carol, "sms") == []
    assert await ledger(scene.supervisor, "sms") == [("failed", 1, "“ask Carol” is no phone number.")]
    assert await told(scene.manager) == ["delivery_failed"]


async def test_what_the_database_itself_tells_goes_out_as_well(scene: Scene, mail: MailServer):
    between = await make_between()
    await between.offer(between.scene.carol)
    await lose_jobs()
    await execute("DELETE FROM notification_outbox")
    await execute("DELETE FROM schedule_assignments WHERE employee_id = :id", id=between.scene.bob.id)
    await sweep(0)
    await work_off()

    assert {tuple(got.recipients) for got in mail.received} == {
        (between.scene.bob.email,),
        (between.scene.carol.email,),
    }
    assert {got.mail["Subject"] for got in mail.received} == {
        "Your offer is not possible any more",
        "The offer of Bob Worker is not possible any more",
    }


async def announce_fire_drill(scene: Scene) -> int:
    details = AnnouncementDetails(
        audience=Audience.SITE, site_id=scene.site.id, subject="Fire drill", body="Monday at ten."
    )
    await announce(scene.actor("manager"), details)
    [[announcement_id]] = await rows("SELECT id FROM announcements")
    return announcement_id


async def test_what_is_taken_back_before_anybody_looked_over_what_it_goes_out_goes_nowhere(
    scene: Scene, mail: MailServer
):
    announcement_id = await announce_fire_drill(scene)
    await execute("UPDATE notifications SET read_at = now() WHERE recipient_id = :id", id=scene.carol.id)
    await withdraw_announcement(scene.actor("second_manager"), announcement_id)
    await sweep(0)
    await work_off()

    assert mail.received == []
    assert await told(scene.carol) == ["announced"]


async def test_whoever_got_a_mail_of_what_is_taken_back_gets_another_one_and_nobody_else_does(
    scene: Scene, mail: MailServer
):
    announcement_id = await announce_fire_drill(scene)
    await sweep(0)
    await execute("UPDATE notification_deliveries SET due_at = now() WHERE recipient_id = :id", id=scene.bob.id)
    await deliver(recipient_id=scene.bob.id, channel="email")
    # Carol has read it in the app, before the mail; nobody else has seen anything.
    await execute("UPDATE notifications SET read_at = now() WHERE recipient_id = :id", id=scene.carol.id)
    await withdraw_announcement(scene.actor("second_manager"), announcement_id)
    await work()
    assert [got.mail["Subject"] for got in mail.received] == ["Fire drill"]
    await work_off()

    assert [(got.recipients, got.mail["Subject"]) for got in mail.received] == [
        ([scene.bob.email], "Fire drill"),
        ([scene.bob.email], "An announcement was taken back"),
    ]
    first, second = (got.mail["Message-ID"] for got in mail.received)
    assert first != second
    assert "Monday at ten" not in mail.received[1].mail.as_string()
    assert await ledger(scene.bob) == [("sent", 1, None)]
    assert await ledger(scene.carol) == [("dropped", 0, "It was taken back before it was sent.")]
    assert await ledger(scene.supervisor) == []


async def test_what_is_taken_back_while_it_is_being_sent_is_taken_back_there_too(scene: Scene, mail: MailServer):
    announcement_id = await announce_fire_drill(scene)
    await sweep(0)
    await pass_time()
    claimed = await claim_message(scene.bob.id, Channel.EMAIL)
    assert claimed is not None
    await withdraw_announcement(scene.actor("second_manager"), announcement_id)
    await note_sent(claimed)
    await work_off()

    assert [(got.recipients, got.mail["Subject"]) for got in mail.received] == [
        ([scene.bob.email], "An announcement was taken back")
    ]
    assert await ledger(scene.bob) == [("sent", 1, None)]


async def test_a_message_is_claimed_before_it_is_taken_back_or_not_at_all(scene: Scene, mail: MailServer):
    announcement_id = await announce_fire_drill(scene)
    await sweep(0)
    await pass_time()
    people = [scene.bob, scene.carol, scene.supervisor, scene.second_manager]
    *claims, _ = await asyncio.gather(
        *(claim_message(each.id, Channel.EMAIL) for each in people),
        withdraw_announcement(scene.actor("second_manager"), announcement_id),
    )
    kept = {each for [each] in await rows("SELECT recipient_id FROM notifications WHERE type = 'announced'")}

    # Whoever is about to be sent it finds in the inbox that it is not so, and hears of it by mail.
    assert kept == {each.recipient.id for each in claims if each}
    assert all(each.message.subject == "Fire drill" for each in claims if each)
    waiting = await rows("SELECT recipient_id FROM notification_deliveries WHERE status = 'created' AND batch IS NULL")
    assert {each for [each] in waiting} == kept


TELL = """
import asyncio, os, signal, sys
from schedule_app.db.engine import read_session, unit_of_work
from schedule_app.domain.notices import AssignmentRemoved
from schedule_app.services.notifications import notify

async def tell():
    async with unit_of_work() as session:
        await notify(session, [int(sys.argv[1])], AssignmentRemoved("Mon"))
        if sys.argv[2] == "before":
            os.kill(os.getpid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(tell())
"""


@pytest.mark.parametrize(("dies", "mails"), [("before", 0), ("after", 1)])
async def test_a_process_that_dies_when_it_has_told_somebody(
    scene: Scene, mail: MailServer, database: Database, dies: str, mails: int
):
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", TELL, str(scene.bob.id), dies), cwd=ROOT, env=environment(DATABASE_URL=database.url)
    )
    assert await process.wait() == -signal.SIGKILL
    await work_off()

    assert len(mail.received) == len(await told(scene.bob)) == mails
