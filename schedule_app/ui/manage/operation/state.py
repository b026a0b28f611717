"""Workers, the queue, what failed, and what was given up; and trying it again."""

from dataclasses import dataclass

import reflex as rx
from pydantic import Field

from schedule_app.channels import states
from schedule_app.db.engine import read_session
from schedule_app.domain.delivery import Channel
from schedule_app.domain.errors import ScheduleError
from schedule_app.domain.permissions import Permission
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.operation import CHANNELS, DeadLetter, FailedJob, OperationView, WorkerLine, operation_view
from schedule_app.services.operating import resend, retry_jobs
from schedule_app.settings import get_settings
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch


class OneJob(Payload):
    """A job, by its number."""

    job_id: int = Field(gt=0, lt=2**63)


class OneLetter(Payload):
    """A line of the ledger, by its number."""

    delivery_id: int = Field(gt=0, lt=2**63)


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """A way to reach people, whether messages go out over it or why not, and how many.

    Attributes:
        warning: That not every worker can send over it; "" where all of them can, or none.
    """

    name: str
    is_on: bool
    words: str
    warning: str
    counts: str


class OperationState(rx.State):
    """How it goes, and what was done about it last."""

    is_ready: bool = False
    site_id: int = 0
    channels: list[ChannelLine] = []
    workers: list[WorkerLine] = []
    alive: int = 0
    waiting: int = 0
    due: int = 0
    doing: int = 0
    lag: str = ""
    failed: list[FailedJob] = []
    failed_total: int = 0
    letters: list[DeadLetter] = []
    letters_total: int = 0
    done: str = ""
    problem: str = ""

    @guarded(Permission.OPERATE)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the page."""
        watch(self, {topics.operation()})
        self.site_id, self.done, self.problem = signed_in.actor.site_id, "", ""
        await self._read(signed_in)
        self.is_ready = True

    @guarded(Permission.OPERATE, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Something has failed, was given up, or is tried again."""
        await self._read(signed_in)

    @guarded(Permission.OPERATE)
    async def look_again(self, signed_in: SignedIn) -> None:
        """See how it goes now: nobody tells that time passes."""
        self.done = self.problem = ""
        await self._read(signed_in)

    @guarded(Permission.OPERATE, OneJob)
    async def retry(self, signed_in: SignedIn, data: OneJob) -> None:
        """Have a job done again."""
        await self._retry(signed_in, [data.job_id])

    @guarded(Permission.OPERATE)
    async def retry_all(self, signed_in: SignedIn) -> None:
        """Have everything that failed done again."""
        await self._retry(signed_in, None)

    @guarded(Permission.OPERATE, OneLetter)
    async def resend(self, signed_in: SignedIn, data: OneLetter) -> None:
        """Have a message sent again."""
        await self._resend(signed_in, [data.delivery_id])

    @guarded(Permission.OPERATE)
    async def resend_all(self, signed_in: SignedIn) -> None:
        """Have everything that was given up sent again."""
        await self._resend(signed_in, None)

    async def _retry(self, signed_in: SignedIn, job_ids: list[int] | None) -> None:
        self.done = self.problem = ""
        try:
            count = await retry_jobs(signed_in.actor, job_ids)
        except ScheduleError as refused:
            self.problem = refused.message
        else:
            self.done = f"{count} {'job is' if count == 1 else 'jobs are'} in the queue again."
        await self._read(signed_in)

    async def _resend(self, signed_in: SignedIn, delivery_ids: list[int] | None) -> None:
        self.done = self.problem = ""
        try:
            count = await resend(signed_in.actor, delivery_ids)
        except ScheduleError as refused:
            self.problem = refused.message
        else:
            self.done = f"{count} {'message is' if count == 1 else 'messages are'} on the way again."
        await self._read(signed_in)

    async def _read(self, signed_in: SignedIn) -> None:
        async with read_session() as session:
            view = await operation_view(session, signed_in.actor.site_id)
        self._show(view)

    def _show(self, view: OperationView) -> None:
        """Set only what differs: what is set is sent, equal or not."""
        values = {
            "channels": [
                ChannelLine(
                    CHANNELS[channel.value],
                    state.is_on,
                    state.words,
                    _warning(channel, view.able, is_on=state.is_on),
                    view.sent.get(channel.value, ""),
                )
                for channel, state in states(get_settings()).items()
            ],
            "workers": view.workers,
            "alive": sum(each.is_alive for each in view.workers),
            "waiting": view.waiting,
            "due": view.due,
            "doing": view.doing,
            "lag": view.lag,
            "failed": view.failed,
            "failed_total": view.failed_total,
            "letters": view.letters,
            "letters_total": view.letters_total,
        }
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)


def _warning(channel: Channel, able: dict[str, int], *, is_on: bool) -> str:
    """That what goes out over a channel has to wait for some of the workers, or for one that is not there."""
    workers, count = able.get(Channel.IN_APP, 0), able.get(channel, 0)
    if count == workers or not (count or is_on):
        return ""
    if not count:
        return "No worker has the settings for it."
    return f"Only {count} of {workers} workers {'has' if count == 1 else 'have'} the settings for it."
