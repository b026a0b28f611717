"""The app without Reflex: gate, headers and routes around a page that says it was reached."""

from collections.abc import AsyncIterator, Callable
from functools import partial

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from schedule_app.services import passwords
from schedule_app.services.passwords import hash_password
from schedule_app.settings import get_settings
from schedule_app.web import calendar, exports
from schedule_app.web.gate import Gate
from schedule_app.web.headers import Headers
from schedule_app.web.routes import routes
from tests.db.services.scene import Scene, execute, make_scene
from tests.support.database import Database

ORIGIN = "http://localhost:8000"
PASSWORD = "correct horse battery staple"

#: Makes a browser of its own, at an address of its own.
Browsers = Callable[..., httpx.AsyncClient]


@pytest.fixture
async def scene(database: Database, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """People who all have the same password, hashed in next to no time."""
    monkeypatch.setattr(passwords, "COST", 4)
    monkeypatch.setenv("SECRET_KEY", "only-for-tests-only-for-tests")
    get_settings.cache_clear()
    scene = await make_scene()
    await execute("UPDATE employees SET password_hash = :hash", hash=await hash_password(PASSWORD))
    return scene


def make_app() -> ASGIApp:
    """What uvicorn is given, with the present settings."""

    async def reached(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"reached {request.url.path}")

    pages = Mount("", app=Starlette(routes=[Route("/{path:path}", reached, methods=["GET", "POST", "PUT", "DELETE"])]))
    inner = Starlette(routes=[*routes, *exports.routes, *calendar.routes, pages])
    return Headers(partial(Gate, knows_event=lambda _name, _arguments: True)(inner))


@pytest.fixture
async def browsers(scene: Scene) -> AsyncIterator[Browsers]:
    """Browsers at the app, each with its own cookies."""
    made: list[httpx.AsyncClient] = []

    def make(ip: str = "192.0.2.1", origin: str | None = ORIGIN, **options: object) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(make_app(), client=(ip, 40_000))
        headers = {"origin": origin} if origin else {}
        made.append(httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for browser in made:
        await browser.aclose()


async def sign_in(browser: httpx.AsyncClient, email: str, password: str = PASSWORD, **form: str) -> httpx.Response:
    """Fill in the form."""
    return await browser.post("/login", data={"email": email, "password": password, **form})
