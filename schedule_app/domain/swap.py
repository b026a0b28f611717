"""When two people can take each other's shift, before any rule is asked."""

from typing import Protocol

from schedule_app.domain.assignment import ACTIVE, AssignmentStatus, check_transition
from schedule_app.domain.errors import IllegalTransition, InvalidInput
from schedule_app.domain.schedule import ScheduleStatus


class Held(Protocol):
    """An assignment, as far as it matters here."""

    id: int
    employee_id: int
    shift_id: int
    schedule_id: int
    status: str
    schedule_status: str


def check_swap(one: Held, other: Held) -> None:
    """Refuse what is no swap.

    Raises:
        InvalidInput: They are the same, of the same person, to the same shift, or of two weeks.
        IllegalTransition: One of them is over already, or was declined.
    """
    if one.id == other.id:
        raise InvalidInput("A shift cannot be swapped with itself.")
    if one.employee_id == other.employee_id:
        raise InvalidInput("Both shifts are the same person's; there is nobody to swap with.")
    if one.shift_id == other.shift_id:
        raise InvalidInput("Both work this shift already.")
    if one.schedule_id != other.schedule_id:
        raise InvalidInput("That shift belongs to another week, or to another version of this one.")
    for held in (one, other):
        if held.schedule_status == ScheduleStatus.PUBLISHED:
            check_transition(AssignmentStatus(held.status), AssignmentStatus.CANCELLED)
        if held.status not in ACTIVE:
            raise IllegalTransition("Somebody has declined one of these shifts. Move it instead of swapping it.")
