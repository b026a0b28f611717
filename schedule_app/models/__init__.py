"""Tables, one file per aggregate. Importing this package registers all of them."""

from schedule_app.models.announcement import Announcement
from schedule_app.models.assignment import ScheduleAssignment
from schedule_app.models.audit import AuditEntry
from schedule_app.models.auth import AuthSession, LoginAttempt
from schedule_app.models.base import Model
from schedule_app.models.calendar_feed import CalendarFeed
from schedule_app.models.call_out import CallOut
from schedule_app.models.claim import Claim
from schedule_app.models.command_key import CommandKey
from schedule_app.models.department import Department
from schedule_app.models.employee import Employee, WatchedPerson
from schedule_app.models.invitation import Invitation
from schedule_app.models.job_failure import JobFailure
from schedule_app.models.notification import Notification, NotificationDelivery, NotificationOutbox
from schedule_app.models.notification_preference import NotificationPreference
from schedule_app.models.push_subscription import PushSubscription
from schedule_app.models.removed_assignment import RemovedAssignment
from schedule_app.models.rule import Rule, RuleViolation
from schedule_app.models.schedule import Schedule
from schedule_app.models.shift import Shift
from schedule_app.models.shift_offer import OfferWave, ShiftOffer
from schedule_app.models.site import Site
from schedule_app.models.solve_run import SolveRun
from schedule_app.models.swap_request import SwapInvitee, SwapRequest
from schedule_app.models.template import Template
from schedule_app.models.time_off import TimeOffRequest
from schedule_app.models.worker_channel import WorkerChannel

__all__ = [
    "Announcement",
    "AuditEntry",
    "AuthSession",
    "CalendarFeed",
    "CallOut",
    "Claim",
    "CommandKey",
    "Department",
    "Employee",
    "Invitation",
    "JobFailure",
    "LoginAttempt",
    "Model",
    "Notification",
    "NotificationDelivery",
    "NotificationOutbox",
    "NotificationPreference",
    "OfferWave",
    "PushSubscription",
    "RemovedAssignment",
    "Rule",
    "RuleViolation",
    "Schedule",
    "ScheduleAssignment",
    "Shift",
    "ShiftOffer",
    "Site",
    "SolveRun",
    "SwapInvitee",
    "SwapRequest",
    "Template",
    "TimeOffRequest",
    "WatchedPerson",
    "WorkerChannel",
]
