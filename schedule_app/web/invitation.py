"""The page behind an invitation's link: the invited set their own password there, and are signed in."""

from html import escape
from pathlib import Path
from string import Template
from typing import Final

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import InvalidInput, NotFound, ScheduleError, Throttled
from schedule_app.queries.invitations import Invited, find_invited
from schedule_app.services.invitations import NO_LONGER_GOOD, accept_invitation
from schedule_app.services.sign_in import hash_token
from schedule_app.web.cookies import session_token, set_session_cookie
from schedule_app.web.forms import is_same_origin, small_form

log = structlog.get_logger(__name__)

_TEMPLATES: Final = Path(__file__).parent / "templates"
_PAGE: Final = Template((_TEMPLATES / "invitation.html").read_text(encoding="utf-8"))
_FORM: Final = Template((_TEMPLATES / "invitation_form.html").read_text(encoding="utf-8"))
#: The address is the secret. A policy of no referrer at all would have browsers hide where our own form comes from.
_SECRET: Final = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}


async def invitation_page(request: Request) -> Response:
    """Show the form, as long as the link is good."""
    try:
        invited = await _find(request)
    except ScheduleError as outage:
        return _page(_alert(outage.message), 503)
    return _form(invited) if invited else _page(_alert(NO_LONGER_GOOD), 404)


async def set_password(request: Request) -> Response:
    """Check the form, set the password, and send the browser on its way, signed in."""
    if not is_same_origin(request):
        return PlainTextResponse("This form was sent from another site.", 403)
    try:
        form = await small_form(request)
    except ValueError:
        return PlainTextResponse("That is not what the form sends.", 413)
    except ClientDisconnect:
        return Response(status_code=400)
    ip = request.client.host if request.client else ""
    invited = None
    try:
        invited = await _find(request)
        opened = await accept_invitation(
            request.path_params["token"],
            form.get("password", ""),
            form.get("again", ""),
            ip=ip,
            user_agent=request.headers.get("user-agent", ""),
            replaces=session_token(request.scope["headers"]),
        )
    except InvalidInput as refused:
        return _form(invited, refused.problems) if invited else _page(_alert(NO_LONGER_GOOD), 404)
    except NotFound as refused:
        log.warning("invitation refused", ip=ip)
        return _page(_alert(refused.message), 404)
    except Throttled as refused:
        log.warning("invitation throttled", ip=ip)
        response = _page(_alert(refused.message), 429)
        response.headers["Retry-After"] = str(refused.retry_after_seconds)
        return response
    except ScheduleError as outage:
        return _page(_alert(outage.message), 503)
    response = RedirectResponse("/", 303, headers=_SECRET)
    set_session_cookie(response, opened.token)
    return response


async def _find(request: Request) -> Invited | None:
    async with read_session() as session:
        return await find_invited(session, hash_token(request.path_params["token"]))


def _form(invited: Invited, problems: dict[str, str] | None = None) -> HTMLResponse:
    problems = problems or {}
    content = _FORM.substitute(
        name=escape(invited.name),
        email=escape(invited.email),
        site=escape(invited.site_name),
        password_invalid="true" if "password" in problems else "false",
        again_invalid="true" if "again" in problems else "false",
        password_error=escape(problems.get("password", "")),
        again_error=escape(problems.get("again", "")),
    )
    return _page(content, 422 if problems else 200)


def _alert(message: str) -> str:
    return (
        f'<p class="alert alert-error" role="alert">{escape(message)}</p>'
        '<p class="muted small"><a href="/login">To the sign-in page</a></p>'
    )


def _page(content: str, status: int) -> HTMLResponse:
    return HTMLResponse(_PAGE.substitute(content=content), status, headers=_SECRET)


routes: Final = [
    Route("/invitation/{token}", invitation_page, methods=["GET"]),
    Route("/invitation/{token}", set_password, methods=["POST"]),
]
