"""Hearing what the database tells."""

import contextlib
import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import psycopg

CHANNEL = "schedule_app"


@dataclass(frozen=True, slots=True)
class Ear:
    """A connection that listens on the application's channel."""

    connection: psycopg.AsyncConnection[Any]

    async def messages(self) -> list[dict[str, Any]]:
        """Every message committed since the last call, in order."""
        # Messages arrive in the order of their commits, so one of our own marks the end.
        mark = str(uuid.uuid4())
        await self.connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, mark])
        heard: list[dict[str, Any]] = []
        async for notice in self.connection.notifies(timeout=20):
            if notice.payload == mark:
                return heard
            heard.append(json.loads(notice.payload))
        raise AssertionError("The database did not deliver the mark.")

    async def topics(self) -> set[str]:
        """Every topic told since the last call."""
        return {topic for message in await self.messages() for topic in message["topics"]}


@contextlib.asynccontextmanager
async def listening(dsn: str) -> AsyncIterator[Ear]:
    """Listen from now on, to a psycopg `dsn`."""
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        yield Ear(connection)
