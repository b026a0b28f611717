"""The life of an assignment."""

from enum import StrEnum

from schedule_app.domain.errors import IllegalTransition


class AssignmentStatus(StrEnum):
    """Where an assignment stands; one that nobody answered in time has expired, and its place is open again."""

    ASSIGNED = "assigned"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    COMPLETED = "completed"


# The statuses in which the employee's time is taken.
ACTIVE: frozenset[AssignmentStatus] = frozenset(
    {
        AssignmentStatus.ASSIGNED,
        AssignmentStatus.PENDING,
        AssignmentStatus.CONFIRMED,
        AssignmentStatus.COMPLETED,
    }
)

# The statuses in which the employee has been asked, and may answer or change their answer.
ASKED: frozenset[AssignmentStatus] = frozenset({AssignmentStatus.PENDING, AssignmentStatus.CONFIRMED})

TRANSITIONS: frozenset[tuple[AssignmentStatus, AssignmentStatus]] = frozenset(
    {
        (AssignmentStatus.ASSIGNED, AssignmentStatus.PENDING),
        (AssignmentStatus.ASSIGNED, AssignmentStatus.DECLINED),
        (AssignmentStatus.ASSIGNED, AssignmentStatus.CANCELLED),
        (AssignmentStatus.PENDING, AssignmentStatus.CONFIRMED),
        (AssignmentStatus.PENDING, AssignmentStatus.DECLINED),
        (AssignmentStatus.PENDING, AssignmentStatus.EXPIRED),
        (AssignmentStatus.PENDING, AssignmentStatus.CANCELLED),
        (AssignmentStatus.CONFIRMED, AssignmentStatus.DECLINED),
        (AssignmentStatus.CONFIRMED, AssignmentStatus.CANCELLED),
        (AssignmentStatus.CONFIRMED, AssignmentStatus.COMPLETED),
        (AssignmentStatus.DECLINED, AssignmentStatus.PENDING),
        (AssignmentStatus.DECLINED, AssignmentStatus.CANCELLED),
        (AssignmentStatus.EXPIRED, AssignmentStatus.CANCELLED),
    }
)


def check_transition(current: AssignmentStatus, new: AssignmentStatus) -> None:
    """Refuse a status change the table does not have.

    Raises:
        IllegalTransition: An assignment cannot go from the one to the other.
    """
    if (current, new) not in TRANSITIONS:
        raise IllegalTransition(f"This assignment is {current.value} and cannot become {new.value}.")
