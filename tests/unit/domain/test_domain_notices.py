import json
from typing import Any, get_args

import pytest

from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.notices import (
    NOTICES,
    AssignmentAdded,
    AssignmentConfirmed,
    AssignmentDeclined,
    AssignmentRemoved,
    Notice,
    PersonLeft,
    ScheduleApproved,
    SchedulePublished,
    ScheduleRejected,
    ScheduleSubmitted,
    ShiftsPublished,
    Wording,
    parse,
    payload,
    word,
)

SHIFT = "Mon 8 Jun 2026, 07:00–15:00"
WEEK = "8–14 Jun 2026"
MARKUP = "<script>alert(1)</script> **Bob** [x](javascript:1) &amp; {{ 1 }}"
# Each type with its category, its priority and the words it makes.
EXAMPLES: list[tuple[str, Notice, str, str, Wording]] = [
    (
        "shifts_published",
        ShiftsPublished(WEEK, added=2, removed=1, changed=3, shift_labels=(SHIFT, "Tue"), confirm_by_label="Fri 14:00"),
        "schedule",
        "high",
        Wording(
            "Your shifts for 8–14 Jun 2026 are published",
            "Your shifts: 2 new, 1 removed, 3 changed. Mon 8 Jun 2026, 07:00–15:00; Tue. Please confirm by Fri 14:00.",
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
        AssignmentAdded(SHIFT, confirm_by_label="Fri 14:00"),
        "assignment",
        "high",
        Wording("You have a new shift", "Mon 8 Jun 2026, 07:00–15:00. Please confirm by Fri 14:00."),
    ),
    (
        "assignment_added",
        AssignmentAdded(SHIFT),
        "assignment",
        "high",
        Wording("You have a new shift", "Mon 8 Jun 2026, 07:00–15:00."),
    ),
    (
        "assignment_removed",
        AssignmentRemoved(SHIFT),
        "assignment",
        "high",
        Wording("A shift is no longer yours", "You do not work Mon 8 Jun 2026, 07:00–15:00 any more."),
    ),
    (
        "assignment_confirmed",
        AssignmentConfirmed("Bob Worker", SHIFT, "I bring the keys"),
        "assignment",
        "low",
        Wording("Bob Worker confirmed a shift", "Mon 8 Jun 2026, 07:00–15:00. Note: I bring the keys"),
    ),
    (
        "assignment_declined",
        AssignmentDeclined("Bob Worker", SHIFT, " "),
        "assignment",
        "high",
        Wording("Bob Worker declined a shift", "Mon 8 Jun 2026, 07:00–15:00."),
    ),
    (
        "person_left",
        PersonLeft("Bob Worker", (SHIFT, "Tue"), 3),
        "assignment",
        "high",
        Wording(
            "Bob Worker does not work here any more", "Now without them: Mon 8 Jun 2026, 07:00–15:00; Tue and 1 more."
        ),
    ),
    (
        "person_left",
        PersonLeft("Bob Worker", (SHIFT,), 1),
        "assignment",
        "high",
        Wording("Bob Worker does not work here any more", "Now without them: Mon 8 Jun 2026, 07:00–15:00."),
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
    assert word(notice) == wording


@pytest.mark.parametrize(("name", "notice"), [example[:2] for example in EXAMPLES])
def test_notice_survives_being_stored(name: str, notice: Notice):
    stored = json.loads(json.dumps(payload(notice)))

    assert parse(name, stored) == notice


def test_older_payload_without_newer_fields_is_read():
    assert parse("shifts_published", {"week_label": WEEK, "added": 1, "removed": 0, "changed": 0}) == ShiftsPublished(
        WEEK, 1, 0, 0, shift_labels=(), confirm_by_label=None
    )
    assert parse("assignment_added", {"shift_label": SHIFT}) == AssignmentAdded(SHIFT)
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
        ("assignment_added", {}, "shift_label"),
        ("assignment_added", {"confirm_by_label": "Fri"}, "shift_label"),
        ("assignment_added", {"shift_label": 5}, "shift_label"),
        ("assignment_added", {"shift_label": None}, "shift_label"),
        ("assignment_added", {"shift_label": ["Mon"]}, "shift_label"),
        ("assignment_added", {"shift_label": SHIFT, "confirm_by_label": 5}, "confirm_by_label"),
        ("assignment_added", {"shift_label": SHIFT, "colour": "red"}, "colour"),
        ("assignment_added", {"shift_label": SHIFT, "type": "schedule_published"}, "type"),
        ("assignment_added", {"shift_label": SHIFT, "priority": "urgent"}, "priority"),
        ("assignment_declined", {"employee_name": "Bob", "shift_label": SHIFT, "note": None}, "note"),
        ("shifts_published", PUBLISHED | {"added": "1"}, "added"),
        ("shifts_published", PUBLISHED | {"added": True}, "added"),
        ("shifts_published", PUBLISHED | {"added": 1.0}, "added"),
        ("shifts_published", PUBLISHED | {"shift_labels": "Mon"}, "shift_labels"),
        ("shifts_published", PUBLISHED | {"shift_labels": [SHIFT, 5]}, "shift_labels"),
        ("shifts_published", PUBLISHED | {"shift_labels": None}, "shift_labels"),
    ],
)
def test_payload_with_wrong_fields_is_refused_by_field(name: str, stored: dict[str, Any], field: str):
    with pytest.raises(InvalidInput) as refused:
        parse(name, stored)
    assert refused.value.field == field


def test_markup_stays_text_as_it_was_typed():
    notice = parse("assignment_declined", {"employee_name": MARKUP, "shift_label": SHIFT, "note": MARKUP})

    assert word(notice) == Wording(f"{MARKUP} declined a shift", f"{SHIFT}. Note: {MARKUP}")


@pytest.mark.parametrize("breaking", ["\n", "\r\n", "\t", "\u2028", "\x85", "\x0b"])
def test_words_stay_on_one_line(breaking: str):
    wording = word(AssignmentDeclined(f"Bob{breaking}Bcc: all@company.com", SHIFT, f"sick{breaking}{breaking}today"))

    assert wording.title == "Bob Bcc: all@company.com declined a shift"
    assert wording.body == f"{SHIFT}. Note: sick today"
