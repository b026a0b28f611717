"""Browser tabs without a browser: the socket, the first event, and every delta that arrives."""

import asyncio
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

NAMESPACE = "/_event"
BOOT = "reflex___state____state.hydrate_and_load"
ROUTES = ("/schedule/[site]/[week]", "/coverage/[site]/[week]")


@dataclass(slots=True)
class Arrival:
    """A message from the server: when it was there, and what it said."""

    at: float
    text: str


@dataclass(slots=True)
class Tab:
    """One tab of a signed-in browser on one page. Times are of the machine's monotonic clock."""

    origin: str
    cookie: str
    path: str
    arrivals: list[Arrival] = field(default_factory=list)
    loaded: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Stay connected until cancelled."""
        address = f"{self.origin.replace('http', 'ws', 1)}{NAMESPACE}/?EIO=4&transport=websocket&token={uuid.uuid4()}"
        async with connect(
            address,
            origin=Origin(self.origin),
            additional_headers={"Cookie": self.cookie},
            max_size=None,
            open_timeout=60,
        ) as socket:
            await socket.recv()
            await socket.send(f"40{NAMESPACE},{json.dumps({'event': self._boot_event()})}")
            await self._listen(socket)

    async def _listen(self, socket: ClientConnection) -> None:
        async for message in socket:
            text = str(message)
            if text == "2":
                await socket.send("3")
            elif text.startswith("42"):
                self.arrivals.append(Arrival(time.monotonic(), text))
                if '"is_ready' in text:
                    self.loaded.set()

    def _boot_event(self) -> dict[str, Any]:
        parts = self.path.strip("/").split("/")
        route = next((route for route in ROUTES if len(parts) == 3 and route.startswith(f"/{parts[0]}/")), self.path)
        query = {"site": parts[1], "week": parts[2]} if len(parts) == 3 else {}
        return {
            "name": BOOT,
            "payload": {},
            "router_data": {"pathname": route, "asPath": self.path, "query": query},
        }
