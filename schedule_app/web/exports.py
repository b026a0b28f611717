"""Tables to download: plain HTTP, with the permissions of whoever is signed in."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import Final, get_args

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import InvalidInput, NotAllowed, NotFound, NotSignedIn, ScheduleError, Unavailable
from schedule_app.domain.insight import weeks_between
from schedule_app.domain.permissions import Actor
from schedule_app.live.principals import principals
from schedule_app.queries.insight import insight
from schedule_app.queries.insight_tables import Cell, Part, Table, insight_table
from schedule_app.queries.sites import get_site
from schedule_app.services.sign_in import hash_token
from schedule_app.web.cookies import session_token

_STATUS: Final[dict[type[ScheduleError], int]] = {
    NotSignedIn: 401,
    NotAllowed: 403,
    NotFound: 404,
    InvalidInput: 400,
    Unavailable: 503,
}
#: A spreadsheet would take what begins so for a formula.
_NOT_INERT: Final = ("=", "+", "-", "@", "\t", "\r")


async def insight_csv(request: Request) -> Response:
    """The numbers behind one part of the insight page, of the weeks from one day to another."""
    try:
        name, table = await _insight(await actor_of(request), request)
    except ScheduleError as refused:
        return PlainTextResponse(refused.message, _STATUS.get(type(refused), 409))
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(csv_of(table), media_type="text/csv; charset=utf-8", headers=headers)


def csv_of(table: Table) -> bytes:
    """A table as spreadsheets read it: UTF-8 and said so, every cell inert."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_inert(table.headings))
    writer.writerows(_inert(row) for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def _inert(row: Iterable[Cell]) -> list[str]:
    cells = (str(cell) for cell in row)
    return [f"'{cell}" if cell.startswith(_NOT_INERT) else cell for cell in cells]


async def _insight(actor: Actor, request: Request) -> tuple[str, Table]:
    part = _part(request.path_params["part"])
    first, last = _day(request, "from"), _day(request, "to")
    drafts = request.query_params.get("drafts") == "1"
    async with read_session() as session:
        site = await get_site(session, actor, number_in(request.path_params["site"]))
        weeks = weeks_between(first, last, site.week_starts_on)
        view = await insight(session, actor, site.id, weeks, drafts=drafts)
    return f"{part}-{first}-to-{last}", insight_table(view, part)


def _part(name: str) -> Part:
    for part in get_args(Part):
        if part == name:
            return part
    raise NotFound


def number_in(text: str) -> int:
    """A number that an address names.

    Raises:
        NotFound: It is none.
    """
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise NotFound
    return int(text)


def _day(request: Request, name: str) -> date:
    try:
        return date.fromisoformat(request.query_params.get(name, ""))
    except ValueError:
        raise InvalidInput("The address does not say from which day to which.", name) from None


async def actor_of(request: Request) -> Actor:
    """Whoever is signed in.

    Raises:
        NotSignedIn: Nobody is.
    """
    token = session_token(request.scope["headers"])
    signed_in = await principals.find(hash_token(token).hex()) if token else None
    if signed_in is None:
        raise NotSignedIn
    return signed_in.actor


routes: Final = [Route("/insight/{site}/{part}.csv", insight_csv, methods=["GET"])]
