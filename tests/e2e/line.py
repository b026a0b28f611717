"""The line between a browser and the app, which can be cut, or lead to an app without its database, and be mended."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit


class Line:
    """A TCP relay. While it is cut it drops what is connected and whoever tries to connect.

    Attributes:
        origin: Where browsers reach the app through it.
    """

    def __init__(self) -> None:
        self.origin = ""
        self._refusals = asyncio.Semaphore(0)
        self._target = ("", 0)
        self._is_cut = self._is_answered = False
        self._ends: set[asyncio.StreamWriter] = set()

    def lead_to(self, origin: str) -> None:
        """Say where the app is."""
        parts = urlsplit(origin)
        self._target = (parts.hostname or "", parts.port or 80)

    def cut(self) -> None:
        """Drop every connection and take no new one."""
        self._is_cut, self._refusals = True, asyncio.Semaphore(0)
        for end in self._ends:
            end.transport.abort()

    def lose_database(self) -> None:
        """Answer in the app's place as it does without its database: it is alive, and nothing can be read."""
        self.cut()
        self._is_cut, self._is_answered = False, True

    async def refuse(self, attempts: int) -> None:
        """Wait until so many attempts to connect were made in vain."""
        for _ in range(attempts):
            await self._refusals.acquire()

    def mend(self) -> None:
        """Let connections through again."""
        self._is_cut = self._is_answered = False

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            self._refusals.release()
            writer.transport.abort()
            return
        if self._is_answered:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                asked = (await reader.readuntil(b"\r\n\r\n")).split()[1]
                status = b"200 OK" if asked == b"/healthz" else b"503 Service Unavailable"
                writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                await writer.drain()
            writer.close()
            return
        onward_reader, onward_writer = await asyncio.open_connection(*self._target)
        ends = {writer, onward_writer}
        self._ends |= ends
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_relay(reader, onward_writer))
                group.create_task(_relay(onward_reader, writer))
        finally:
            self._ends -= ends


async def _relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextlib.asynccontextmanager
async def open_line() -> AsyncIterator[Line]:
    """A whole line; it leads nowhere until `lead_to` is called."""
    line = Line()
    server = await asyncio.start_server(line._connect, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    line.origin = f"http://127.0.0.1:{port}"
    try:
        yield line
    finally:
        line.cut()
        server.close()
        await server.wait_closed()
