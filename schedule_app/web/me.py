"""The page of a person's own shifts, with the next one written into it."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from schedule_app import frontend
from schedule_app.db.engine import read_session
from schedule_app.domain.errors import ScheduleError
from schedule_app.queries.me import MyShift, my_week
from schedule_app.web.exports import actor_of


def me_routes(slot: str, card: Callable[[MyShift], str]) -> list[Route]:
    """Routes of the page.

    Args:
        slot: What in the built page the next shift is written in place of.
        card: A shift as HTML.
    """

    async def page(request: Request) -> Response:
        try:
            actor = await actor_of(request)
            async with read_session() as session:
                shift = (await my_week(session, actor.employee_id, now=datetime.now(UTC))).next
        except (ScheduleError, SQLAlchemyError):
            # The page needs nothing of this, and says itself what is wrong.
            shift = None
        # It was built for the address with a slash at the end, and a link to a part of another page skips nothing.
        html = frontend.page("me").replace('"/me/#', f'"{request.url.path}#')
        html = html.replace(slot, card(shift) if shift else "")
        return HTMLResponse(html, headers={"Cache-Control": "no-store"})

    packed = [Middleware(GZipMiddleware, compresslevel=4)]
    return [Route(path, page, methods=["GET"], middleware=packed) for path in ("/me", "/me/")]
