import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.notices import (
    NOTICES,
    Announced,
    AnswerDue,
    AnswerMissed,
    AssignmentAdded,
    AssignmentConfirmed,
    AssignmentDeclined,
    AssignmentObjected,
    AssignmentRemoved,
    AssignmentsConfirmed,
    AvailabilityChanged,
    CalledOut,
    ClaimAccepted,
    ClaimLost,
    ClaimRejected,
    ClaimWaiting,
    ClaimWithdrawn,
    DeliveryFailed,
    Moment,
    NamedDay,
    NamedShift,
    NamedTimeOff,
    NamedWeek,
    Notice,
    OffersEnded,
    PersonLeft,
    PlaceReopened,
    QualificationEnds,
    ScheduleApproved,
    SchedulePublished,
    ScheduleRejected,
    ScheduleSubmitted,
    ShiftAhead,
    ShiftClaimed,
    ShiftInDoubt,
    ShiftOffered,
    ShiftsPublished,
    SwapAccepted,
    SwapAsked,
    SwapDecided,
    SwapEnded,
    SwapWaiting,
    TheirQualificationEnds,
    TimeOffDecided,
    TimeOffRequested,
    TimeOffRequestWithdrawn,
    TimeOffWithdrawn,
    Wording,
    deadline,
    parse,
    payload,
    subject,
    word,
)

ZONE = "Europe/Berlin"
DAY = NamedShift("2026-06-08T05:00:00+00:00", "2026-06-08T13:00:00+00:00", ZONE)
NIGHT = NamedShift("2026-06-09T20:00:00+00:00", "2026-06-10T04:00:00+00:00", ZONE, "Night")
DAY_OFF = NamedTimeOff("2026-06-07T22:00:00+00:00", "2026-06-08T22:00:00+00:00", ZONE)
FRIDAY = Moment("2026-06-05T12:00:00+00:00", ZONE)
MONDAY = NamedDay("2026-06-08")
# As in payloads that were stored in words.
SHIFT = "Mon 8 Jun, 07:00–15:00"
LONG_BEFORE = datetime(2026, 6, 1, tzinfo=UTC)
WEEK = "8–14 Jun 2026"
MARKUP = "<script>alert(1)</script> **Bob** [x](javascript:1) &amp; {{ 1 }}"
# Each type with its category, its priority and the words it makes.
EXAMPLES: list[tuple[str, Notice, str, str, Wording]] = [
    (
        "shifts_published",
        ShiftsPublished(NamedWeek("2026-06-08"), added=2, removed=1, changed=3, shifts=(DAY, NIGHT), confirm_by=FRIDAY),
        "schedule",
        "high",
        Wording(
            "Your shifts for 8–14 Jun 2026 are published",
            "Your shifts: 2 new, 1 removed, 3 changed. Mon 8 Jun, 07:00–15:00;"
            " Tue 9 Jun, 22:00–06:00 +1 (Night). Please confirm by Fri 5 Jun, 14:00.",
        ),
    ),
    (
        "shifts_published",
        ShiftsPublished(WEEK, added=0, removed=0, changed=0),
        "schedule",
        "high",
        Wording("Your shifts for 8–14 Jun 2026 are published", "Your shifts are unchanged."),
    ),
    (
        "assignment_added",
        AssignmentAdded(DAY, confirm_by=FRIDAY),
        "assignment",
        "high",
        Wording("You have a new shift", "Mon 8 Jun, 07:00–15:00. Please confirm by Fri 5 Jun, 14:00."),
    ),
    (
        "assignment_added",
        AssignmentAdded(DAY),
        "assignment",
        "high",
        Wording("You have a new shift", "Mon 8 Jun, 07:00–15:00."),
    ),
    (
        "assignment_removed",
        AssignmentRemoved(DAY),
        "assignment",
        "high",
        Wording("A shift is no longer yours", "You do not work Mon 8 Jun, 07:00–15:00 any more."),
    ),
    (
        "assignment_confirmed",
        AssignmentConfirmed("Bob Worker", DAY, "I bring the keys"),
        "assignment",
        "low",
        Wording("Bob Worker confirmed a shift", "Mon 8 Jun, 07:00–15:00. Note: I bring the keys"),
    ),
    (
        "assignments_confirmed",
        AssignmentsConfirmed("Bob Worker", (DAY, NIGHT)),
        "assignment",
        "low",
        Wording("Bob Worker confirmed 2 shifts", "Mon 8 Jun, 07:00–15:00; Tue 9 Jun, 22:00–06:00 +1 (Night)."),
    ),
    (
        "assignment_declined",
        AssignmentDeclined("Bob Worker", DAY, " "),
        "assignment",
        "high",
        Wording("Bob Worker declined a shift", "Mon 8 Jun, 07:00–15:00."),
    ),
    (
        "assignment_objected",
        AssignmentObjected("Bob Worker", DAY, "My course is then"),
        "assignment",
        "normal",
        Wording("Bob Worker objects to a shift", f"{SHIFT}. Reason: My course is then"),
    ),
    (
        "person_left",
        PersonLeft("Bob Worker", (DAY, NIGHT), 3),
        "assignment",
        "high",
        Wording(
            "Bob Worker does not work here any more",
            "Now without them: Mon 8 Jun, 07:00–15:00; Tue 9 Jun, 22:00–06:00 +1 (Night) and 1 more.",
        ),
    ),
    (
        "person_left",
        PersonLeft("Bob Worker", (DAY,), 1),
        "assignment",
        "high",
        Wording("Bob Worker does not work here any more", "Now without them: Mon 8 Jun, 07:00–15:00."),
    ),
    (
        "time_off_requested",
        TimeOffRequested("Bob Worker", DAY_OFF, "vacation", 2),
        "approval",
        "high",
        Wording("Bob Worker asks for time off", "Vacation: Mon 8 Jun 2026. It touches 2 planned shifts."),
    ),
    (
        "time_off_requested",
        TimeOffRequested("Bob Worker", DAY_OFF, "sick", 0),
        "approval",
        "high",
        Wording("Bob Worker asks for time off", "Sick: Mon 8 Jun 2026. It touches no planned shift."),
    ),
    (
        "time_off_decided",
        TimeOffDecided("approved", DAY_OFF, "John Manager", "Enjoy", (DAY, NIGHT), 3),
        "approval",
        "high",
        Wording(
            "Your time off was approved",
            "Mon 8 Jun 2026, by John Manager. No longer yours: Mon 8 Jun, 07:00–15:00;"
            " Tue 9 Jun, 22:00–06:00 +1 (Night) and 1 more. Note: Enjoy",
        ),
    ),
    (
        "time_off_decided",
        TimeOffDecided("taken back", DAY_OFF, "John Manager"),
        "approval",
        "high",
        Wording("Your time off was taken back", "Mon 8 Jun 2026, by John Manager."),
    ),
    (
        "time_off_withdrawn",
        TimeOffWithdrawn("Bob Worker", DAY_OFF),
        "approval",
        "normal",
        Wording("Bob Worker withdrew approved time off", "Mon 8 Jun 2026. They can be given shifts then."),
    ),
    (
        "time_off_request_withdrawn",
        TimeOffRequestWithdrawn("Bob Worker", DAY_OFF),
        "approval",
        "low",
        Wording("Bob Worker does not ask for time off any more", "Mon 8 Jun 2026."),
    ),
    (
        "availability_changed",
        AvailabilityChanged("Bob Worker", "from Mon 8 Jun 2026", (DAY, NIGHT), 3),
        "assignment",
        "normal",
        Wording(
            "Bob Worker changed when they can work",
            "It holds from Mon 8 Jun 2026. Not available any more for Mon 8 Jun, 07:00–15:00;"
            " Tue 9 Jun, 22:00–06:00 +1 (Night) and 1 more.",
        ),
    ),
    (
        "availability_changed",
        AvailabilityChanged("Bob Worker", "on Mon 8 Jun 2026"),
        "assignment",
        "normal",
        Wording("Bob Worker changed when they can work", "It holds on Mon 8 Jun 2026. It touches no planned shift."),
    ),
    (
        "availability_changed",
        AvailabilityChanged("Bob Worker", begins=(MONDAY,), dates=(MONDAY, MONDAY), date_count=3),
        "assignment",
        "normal",
        Wording(
            "Bob Worker changed when they can work",
            "Another week from Mon 8 Jun 2026. Something else on Mon 8 Jun 2026; Mon 8 Jun 2026 and 1 more."
            " It touches no planned shift.",
        ),
    ),
    (
        "schedule_submitted",
        ScheduleSubmitted("Harbour", WEEK, "Alice"),
        "approval",
        "high",
        Wording("Harbour, 8–14 Jun 2026: waiting for approval", "Alice submitted this week for approval."),
    ),
    (
        "schedule_approved",
        ScheduleApproved("Harbour", WEEK, "John"),
        "approval",
        "normal",
        Wording("Harbour, 8–14 Jun 2026: approved", "John approved this week. It can be published now."),
    ),
    (
        "schedule_rejected",
        ScheduleRejected("Harbour", WEEK, "John", "Sunday is empty."),
        "approval",
        "high",
        Wording("Harbour, 8–14 Jun 2026: rejected", "John sent this week back to draft. Reason: Sunday is empty."),
    ),
    (
        "schedule_published",
        SchedulePublished("Harbour", WEEK, "John"),
        "schedule",
        "normal",
        Wording("Harbour, 8–14 Jun 2026: published", "John published this week."),
    ),
    (
        "shift_claimed",
        ShiftClaimed("Bob", DAY),
        "assignment",
        "normal",
        Wording("Bob took an open shift", f"{SHIFT}."),
    ),
    (
        "claim_waiting",
        ClaimWaiting("Bob", DAY),
        "approval",
        "high",
        Wording("Bob asks for an open shift", f"{SHIFT}."),
    ),
    (
        "claim_withdrawn",
        ClaimWithdrawn("Bob", DAY),
        "approval",
        "low",
        Wording("Bob does not ask for an open shift any more", f"{SHIFT}."),
    ),
    (
        "claim_accepted",
        ClaimAccepted(DAY, "Thank you"),
        "assignment",
        "high",
        Wording("The shift you asked for is yours", f"{SHIFT}. Note: Thank you"),
    ),
    (
        "claim_rejected",
        ClaimRejected(DAY),
        "assignment",
        "high",
        Wording("You do not get the shift you asked for", f"{SHIFT}."),
    ),
    (
        "claim_lost",
        ClaimLost(DAY),
        "assignment",
        "normal",
        Wording("The shift you asked for is not open any more", f"{SHIFT}. Somebody else has the last place."),
    ),
    (
        "claim_lost",
        ClaimLost(DAY, "replaced"),
        "assignment",
        "normal",
        Wording(
            "The shift you asked for is not open any more",
            f"{SHIFT}. The week was published anew without it.",
        ),
    ),
    (
        "called_out",
        CalledOut("Bob", DAY, "Fever", ("Carol", "Dora"), is_offered=True),
        "assignment",
        "urgent",
        Wording(
            "Bob cannot come",
            f"{SHIFT}. Could take it: Carol, Dora. It is being offered to them. Note: Fever",
        ),
    ),
    (
        "called_out",
        CalledOut("Bob", DAY),
        "assignment",
        "urgent",
        Wording("Bob cannot come", f"{SHIFT}. Nobody can take it without breaking a rule."),
    ),
    (
        "shift_offered",
        ShiftOffered(DAY),
        "assignment",
        "high",
        Wording("Can you take a shift?", f"{SHIFT}. Who says yes first has it."),
    ),
    (
        "offers_ended",
        OffersEnded(DAY, 1),
        "assignment",
        "high",
        Wording("A shift is still open", f"{SHIFT}. 1 person was asked; nobody took it."),
    ),
    (
        "swap_asked",
        SwapAsked("Bob Worker", DAY, note="My sister marries"),
        "assignment",
        "high",
        Wording("Bob Worker offers you a shift", "Mon 8 Jun, 07:00–15:00. Note: My sister marries"),
    ),
    (
        "swap_asked",
        SwapAsked("Bob Worker", DAY, NIGHT),
        "assignment",
        "high",
        Wording(
            "Bob Worker would like to swap a shift with you",
            "You would work Mon 8 Jun, 07:00–15:00 instead of Tue 9 Jun, 22:00–06:00 +1 (Night).",
        ),
    ),
    (
        "swap_accepted",
        SwapAccepted("Carol Cook", DAY),
        "assignment",
        "normal",
        Wording(
            "Carol Cook would take your shift",
            "Mon 8 Jun, 07:00–15:00. It stays yours until a manager has approved.",
        ),
    ),
    (
        "swap_accepted",
        SwapAccepted("Carol Cook", DAY, NIGHT),
        "assignment",
        "normal",
        Wording(
            "Carol Cook agrees to swap with you",
            "Mon 8 Jun, 07:00–15:00, for Tue 9 Jun, 22:00–06:00 +1 (Night)."
            " It stays yours until a manager has approved.",
        ),
    ),
    (
        "swap_waiting",
        SwapWaiting("Bob Worker", "Carol Cook", DAY),
        "approval",
        "high",
        Wording("Carol Cook would take a shift of Bob Worker", "Mon 8 Jun, 07:00–15:00. It waits for your decision."),
    ),
    (
        "swap_waiting",
        SwapWaiting("Bob Worker", "Carol Cook", DAY, NIGHT),
        "approval",
        "high",
        Wording(
            "Bob Worker and Carol Cook would like to swap shifts",
            "Mon 8 Jun, 07:00–15:00, for Tue 9 Jun, 22:00–06:00 +1 (Night). It waits for your decision.",
        ),
    ),
    (
        "swap_decided",
        SwapDecided(True, "Carol Cook", gives=DAY),
        "assignment",
        "high",
        Wording("Carol Cook has your shift now", "Mon 8 Jun, 07:00–15:00."),
    ),
    (
        "swap_decided",
        SwapDecided(True, "Bob Worker", gets=DAY, note="Thank you"),
        "assignment",
        "high",
        Wording("A shift of Bob Worker is yours now", "Mon 8 Jun, 07:00–15:00. Note: Thank you"),
    ),
    (
        "swap_decided",
        SwapDecided(True, "Carol Cook", DAY, NIGHT),
        "assignment",
        "high",
        Wording(
            "You and Carol Cook have swapped",
            "You work Tue 9 Jun, 22:00–06:00 +1 (Night) instead of Mon 8 Jun, 07:00–15:00.",
        ),
    ),
    (
        "swap_decided",
        SwapDecided(False, "Carol Cook", DAY, NIGHT, "Too few on Tuesday"),
        "assignment",
        "high",
        Wording(
            "Your agreement with Carol Cook was not approved",
            "Everything stays as it was: Mon 8 Jun, 07:00–15:00 for Tue 9 Jun, 22:00–06:00 +1 (Night)."
            " Note: Too few on Tuesday",
        ),
    ),
    (
        "swap_ended",
        SwapEnded("expired", "Bob Worker", DAY, is_own=True),
        "assignment",
        "normal",
        Wording("Your offer has run out of time", "Mon 8 Jun, 07:00–15:00. It stays yours."),
    ),
    (
        "swap_ended",
        SwapEnded("taken back", "Bob Worker", DAY, is_own=True, taker_name="Carol Cook"),
        "assignment",
        "normal",
        Wording(
            "Carol Cook does not take your shift after all",
            "Mon 8 Jun, 07:00–15:00. It stays yours. You can ask somebody again.",
        ),
    ),
    (
        "swap_ended",
        SwapEnded("taken", "Bob Worker", DAY),
        "assignment",
        "normal",
        Wording(
            "The offer of Bob Worker was taken by a colleague",
            "Mon 8 Jun, 07:00–15:00. Your shifts stay as they are.",
        ),
    ),
    (
        "swap_ended",
        SwapEnded("void", "Bob Worker", DAY, NIGHT, is_own=True),
        "assignment",
        "normal",
        Wording(
            "Your swap is not possible any more",
            "Mon 8 Jun, 07:00–15:00, for Tue 9 Jun, 22:00–06:00 +1 (Night)."
            " A shift or a rule has changed since. Please look at your shifts.",
        ),
    ),
    (
        "announced",
        Announced("John Manager", "Fire drill", "On Monday at ten.", "high", "Harbour"),
        "announcement",
        "high",
        Wording("Fire drill", "John Manager to everybody at Harbour: On Monday at ten."),
    ),
    (
        "announced",
        Announced("John Manager", "Stock", "First line.  \n\nSecond.\n", "normal", "Harbour", "Kitchen"),
        "announcement",
        "normal",
        Wording(
            "Stock",
            "John Manager to everybody in Kitchen: First line. Second.",
            "John Manager to everybody in Kitchen:\nFirst line.\n\nSecond.",
        ),
    ),
    (
        "announced",
        Announced("John Manager", "Keys", "At the desk.", "urgent", "Harbour", shift=DAY),
        "announcement",
        "urgent",
        Wording("Keys", f"John Manager to those who work {SHIFT}: At the desk."),
    ),
    (
        "announced",
        Announced("John Manager", "Keys", "", "urgent", "Harbour", withdrawn_by="Joan Manager"),
        "announcement",
        "urgent",
        Wording("An announcement was taken back", "Joan Manager took back “Keys”."),
    ),
    (
        "shift_ahead",
        ShiftAhead(NIGHT, "Clinic"),
        "assignment",
        "normal",
        Wording("Reminder of your next shift", "Tue 9 Jun, 22:00–06:00 +1 (Night), Clinic."),
    ),
    (
        "answer_due",
        AnswerDue(DAY, FRIDAY),
        "assignment",
        "high",
        Wording(
            "A shift waits for your answer",
            f"{SHIFT}. Please answer by Fri 5 Jun, 14:00; after that it is open to others.",
        ),
    ),
    (
        "answer_missed",
        AnswerMissed(DAY),
        "assignment",
        "high",
        Wording(
            "A shift is no longer yours",
            f"You do not work {SHIFT}: there was no answer in time."
            " As long as nobody else has it, you can take it under Open shifts.",
        ),
    ),
    (
        "place_reopened",
        PlaceReopened("Bob Worker", DAY),
        "assignment",
        "high",
        Wording("Bob Worker did not answer in time", f"{SHIFT} is open to others now."),
    ),
    (
        "qualification_ends",
        QualificationEnds("Forklift", NamedDay("2026-06-08")),
        "system",
        "normal",
        Wording(
            "Your qualification Forklift runs out",
            "It holds until Mon 8 Jun 2026. Shifts that need it cannot be yours after that.",
        ),
    ),
    (
        "their_qualification_ends",
        TheirQualificationEnds("Bob Worker", "Forklift", NamedDay("2026-06-08")),
        "system",
        "normal",
        Wording(
            "Bob Worker's qualification Forklift runs out",
            "It holds until Mon 8 Jun 2026. After that they cannot be given shifts that need it.",
        ),
    ),
    (
        "shift_in_doubt",
        ShiftInDoubt("Bob Worker", DAY, ("Bob Worker has time off: Mon 8 Jun.",)),
        "assignment",
        "high",
        Wording("Bob Worker may need to be replaced", f"{SHIFT}. Bob Worker has time off: Mon 8 Jun."),
    ),
    (
        "delivery_failed",
        DeliveryFailed("Bob Worker", "email", "You have a new shift", "550 no such user"),
        "system",
        "high",
        Wording(
            "Bob Worker could not be reached by e-mail",
            "Not told there: You have a new shift. 550 no such user."
            " It is in their inbox; please ask whether they have seen it.",
        ),
    ),
    (
        "delivery_failed",
        DeliveryFailed("Bob Worker", "sms"),
        "system",
        "high",
        Wording(
            "Bob Worker could not be reached by SMS",
            "A message was not told there. It is in their inbox; please ask whether they have seen it.",
        ),
    ),
    (
        "delivery_failed",
        DeliveryFailed("", "email", "", "The mail server cannot be reached."),
        "system",
        "high",
        Wording("Messages do not arrive by e-mail", "The mail server cannot be reached. They are in people's inboxes."),
    ),
    (
        "delivery_failed",
        DeliveryFailed("Bob Worker", "push", "", "It cannot be put into words. "),
        "system",
        "high",
        Wording(
            "Bob Worker could not be reached on their devices",
            "Not told there: a message that cannot be read. It cannot be put into words."
            " It is in their inbox; please ask whether they have seen it.",
        ),
    ),
]


def test_every_type_is_known_and_has_an_example():
    assert list(NOTICES) == list(dict.fromkeys(name for name, *_ in EXAMPLES))
    assert set(NOTICES.values()) == set(get_args(Notice))


@pytest.mark.parametrize(("name", "notice", "category", "priority", "wording"), EXAMPLES)
def test_notice_has_its_type_category_priority_and_words(
    name: str, notice: Notice, category: str, priority: str, wording: Wording
):
    assert (notice.type, notice.category, notice.priority) == (name, category, priority)
    assert NOTICES[name] is type(notice)
    assert word(notice, clock_24h=True) == wording


@pytest.mark.parametrize(("name", "notice"), [example[:2] for example in EXAMPLES])
def test_notice_survives_being_stored(name: str, notice: Notice):
    stored = json.loads(json.dumps(payload(notice)))

    assert parse(name, stored) == notice


def test_times_are_told_by_the_clock_of_the_readers_site():
    notice = ShiftsPublished(WEEK, 1, 1, 0, (replace(DAY, is_gone=True), NIGHT), FRIDAY)

    assert word(notice, clock_24h=False).body.replace("\u00a0", " ") == (
        "Your shifts: 1 new, 1 removed. Mon 8 Jun, 7:00 AM–3:00 PM, no longer yours;"
        " Tue 9 Jun, 10:00 PM–6:00 AM +1 (Night). Please confirm by Fri 5 Jun, 2:00 PM."
    )


def test_a_shift_keeps_the_time_of_its_place_and_a_deadline_takes_the_readers_and_each_says_so_where_they_differ():
    notice = AssignmentAdded(NIGHT, FRIDAY)

    assert word(notice, clock_24h=True, zone="America/New_York").body == (
        "Tue 9 Jun, 22:00–06:00 +1, Berlin time (Night). Please confirm by Fri 5 Jun, 08:00, New York time."
    )
    # Another name for a clock that shows the same needs no saying.
    assert word(notice, clock_24h=True, zone="Europe/Paris") == word(notice, clock_24h=True, zone=ZONE)
    assert word(notice, clock_24h=True, zone=ZONE) == word(notice, clock_24h=True)


def test_a_place_is_named_only_while_its_clock_differs():
    # Lagos has no summer time, Berlin has: they agree until the end of March.
    winter = NamedShift("2026-03-27T06:00:00+00:00", "2026-03-27T14:00:00+00:00", ZONE)
    # It begins before the change and ends after it.
    across = NamedShift("2026-03-28T21:00:00+00:00", "2026-03-29T05:00:00+00:00", ZONE)

    assert "time" not in word(AssignmentAdded(winter), clock_24h=True, zone="Africa/Lagos").body
    assert "Berlin time" in word(AssignmentAdded(across), clock_24h=True, zone="Africa/Lagos").body


@pytest.mark.parametrize(
    "shift",
    [replace(DAY, starts_at="yesterday"), replace(DAY, zone="Mars/Olympus"), replace(DAY, ends_at=DAY.starts_at)],
)
def test_times_that_make_no_sense_are_refused_like_a_payload_that_does_not(shift: NamedShift):
    with pytest.raises(InvalidInput):
        word(AssignmentRemoved(shift), clock_24h=True)


def test_older_payload_without_newer_fields_is_read():
    assert parse("shifts_published", {"week_label": WEEK, "added": 1, "removed": 0, "changed": 0}) == ShiftsPublished(
        WEEK, 1, 0, 0, shifts=(), confirm_by=None
    )
    assert parse("assignment_added", {"shift_label": SHIFT}) == AssignmentAdded(SHIFT)
    assert parse("schedule_approved", {"site_name": "Harbour", "week_label": WEEK, "actor_name": "John"}) == (
        ScheduleApproved("Harbour", WEEK, "John")
    )
    assert parse("availability_changed", {"employee_name": "Bob", "since": "from Mon 8 Jun 2026"}) == (
        AvailabilityChanged("Bob", "from Mon 8 Jun 2026")
    )
    assert parse("assignment_declined", {"employee_name": "Bob", "shift_label": SHIFT}) == AssignmentDeclined(
        "Bob", SHIFT
    )


@pytest.mark.parametrize("name", ["", "shift_published", "SHIFTS_PUBLISHED", "__class__"])
def test_unknown_type_is_refused(name: str):
    with pytest.raises(InvalidInput) as refused:
        parse(name, {})
    assert refused.value.field == "type"


PUBLISHED: dict[str, Any] = {"week_label": WEEK, "added": 1, "removed": 0, "changed": 0}


@pytest.mark.parametrize(
    ("name", "stored", "field"),
    [
        ("assignment_added", {}, "shift"),
        ("assignment_added", {"confirm_by": "Fri"}, "shift"),
        ("assignment_added", {"shift_label": 5}, "shift"),
        ("assignment_added", {"shift_label": None}, "shift"),
        ("assignment_added", {"shift_label": ["Mon"]}, "shift"),
        ("assignment_added", {"shift_label": SHIFT, "confirm_by_label": 5}, "confirm_by"),
        ("assignment_added", {"shift_label": SHIFT, "colour": "red"}, "colour"),
        ("assignment_added", {"shift_label": SHIFT, "type": "schedule_published"}, "type"),
        ("assignment_added", {"shift_label": SHIFT, "priority": "urgent"}, "priority"),
        ("assignment_declined", {"employee_name": "Bob", "shift_label": SHIFT, "note": None}, "note"),
        ("assignment_added", {"shift": asdict(DAY) | {"zone": None}}, "zone"),
        ("assignment_added", {"shift": asdict(DAY) | {"colour": "red"}}, "colour"),
        ("assignment_added", {"shift": asdict(FRIDAY)}, "starts_at"),
        ("assignment_added", {"shift": SHIFT, "confirm_by": {"at": FRIDAY.at}}, "zone"),
        ("shifts_published", PUBLISHED | {"shifts": [asdict(DAY), {}]}, "starts_at"),
        ("shifts_published", PUBLISHED | {"added": "1"}, "added"),
        ("shifts_published", PUBLISHED | {"added": True}, "added"),
        ("shifts_published", PUBLISHED | {"added": 1.0}, "added"),
        ("shifts_published", PUBLISHED | {"shift_labels": "Mon"}, "shifts"),
        ("shifts_published", PUBLISHED | {"shift_labels": [SHIFT, 5]}, "shifts"),
        ("shifts_published", PUBLISHED | {"shift_labels": None}, "shifts"),
    ],
)
def test_payload_with_wrong_fields_is_refused_by_field(name: str, stored: dict[str, Any], field: str):
    with pytest.raises(InvalidInput) as refused:
        parse(name, stored)
    assert refused.value.field == field


def test_markup_stays_text_as_it_was_typed():
    notice = parse("assignment_declined", {"employee_name": MARKUP, "shift_label": SHIFT, "note": MARKUP})

    assert word(notice, clock_24h=True) == Wording(f"{MARKUP} declined a shift", f"{SHIFT}. Note: {MARKUP}")


@pytest.mark.parametrize("breaking", ["\n", "\r\n", "\t", "\u2028", "\x85", "\x0b"])
def test_words_stay_on_one_line(breaking: str):
    wording = word(
        AssignmentDeclined(f"Bob{breaking}Bcc: all@company.com", SHIFT, f"sick{breaking}{breaking}today"),
        clock_24h=True,
    )

    assert wording.title == "Bob Bcc: all@company.com declined a shift"
    assert wording.body == f"{SHIFT}. Note: sick today"


@pytest.mark.parametrize(
    ("notice", "at"),
    [
        (AnswerDue(DAY, FRIDAY), FRIDAY.at),
        (AssignmentAdded(DAY, FRIDAY), FRIDAY.at),
        *((notice, DAY.starts_at) for notice in (AssignmentAdded(DAY), ShiftAhead(DAY, "Clinic"), ShiftOffered(DAY))),
        (SwapAsked("Bob Worker", DAY, NIGHT), DAY.starts_at),
        (SwapDecided(True, "Bob Worker", None, NIGHT), NIGHT.starts_at),
        # Whoever hears too late that it is not theirs any more goes there.
        (AssignmentRemoved(DAY), DAY.starts_at),
        (ShiftsPublished(WEEK, 2, 0, 0, (DAY, NIGHT), FRIDAY), FRIDAY.at),
        # What was stored in words, and what is news and nothing to act on.
        *((notice, None) for notice in (AssignmentAdded(SHIFT), SwapAsked("Bob Worker", SHIFT), ClaimLost(DAY))),
    ],
)
def test_what_has_to_be_known_by_some_time_says_by_when(notice: Notice, at: str | None):
    assert deadline(notice, LONG_BEFORE) == (at and datetime.fromisoformat(at))


def test_what_is_over_is_no_deadline():
    published = ShiftsPublished(WEEK, 2, 0, 0, (DAY, NIGHT))
    first, second = sorted(each.begins for each in (DAY, NIGHT))

    assert deadline(published, first - timedelta(seconds=1)) == first
    assert deadline(published, first) == second
    assert deadline(published, second) is None


@pytest.mark.parametrize("text", ["when?", "2026-06-08T05:00"])
def test_a_time_that_cannot_be_read_is_said_to_be_none(text: str):
    with pytest.raises(InvalidInput):
        deadline(AssignmentAdded(NamedShift(text, DAY.ends_at, ZONE)), LONG_BEFORE)


ADDED, REMOVED = [
    (notice.type, word(notice, clock_24h=True)) for notice in (AssignmentAdded(DAY), AssignmentRemoved(DAY))
]
DECLINED, CONFIRMED = [
    (notice.type, word(notice, clock_24h=True))
    for notice in (AssignmentDeclined("Bob Worker", DAY), AssignmentConfirmed("Carol Worker", DAY))
]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ([ADDED], "You have a new shift"),
        ([ADDED, REMOVED, ADDED, ADDED, ADDED], "5 of your shifts changed"),
        ([DECLINED, DECLINED], "2 shifts were declined"),
        ([DECLINED, CONFIRMED, CONFIRMED], "Bob Worker declined a shift, and 2 more"),
    ],
)
def test_several_notices_have_one_subject(told: list[tuple[str, Wording]], words: str):
    assert subject(told) == words
