"""Over which channels the workers can send, as each of them says every few seconds."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.delivery import Channel

#: A worker that had a channel may be away for so long before what is told is not written down for it any more.
FORGOTTEN: Final = "heard_at < now() - interval '1 day'"
_IS_ALIVE: Final = "heard_at > now() - interval '1 minute'"

_KNOWN = text(f"SELECT DISTINCT channel FROM worker_channels WHERE NOT {FORGOTTEN}")  # noqa: S608 - a constant

_IS_ON = text(f"SELECT EXISTS (SELECT FROM worker_channels WHERE channel = :channel AND {_IS_ALIVE})")  # noqa: S608

_COUNTED = text(f"""
    SELECT channel, count(*) AS workers FROM worker_channels WHERE {_IS_ALIVE} GROUP BY channel
""")  # noqa: S608 - constants


async def known_channels(session: AsyncSession) -> frozenset[Channel]:
    """Those over which some worker can send, or could not long ago."""
    return frozenset(map(Channel, await session.scalars(_KNOWN)))


async def is_on_somewhere(session: AsyncSession, channel: Channel) -> bool:
    """Whether a worker that is alive can send over a channel."""
    return (await session.execute(_IS_ON, {"channel": channel.value})).scalar_one()


async def workers_with(session: AsyncSession) -> dict[Channel, int]:
    """How many workers that are alive can send over each channel; the inbox is one that all of them have."""
    return {Channel(each.channel): each.workers for each in await session.execute(_COUNTED)}
