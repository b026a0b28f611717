"""Plain HTTP routes: sign-in, sign-out, health, metrics."""

import hmac
from html import escape
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import urlsplit

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotSignedIn, ScheduleError, Throttled
from schedule_app.live.principals import principals
from schedule_app.queries.operation import KEEPING_UP, read_figures
from schedule_app.services.sign_in import hash_token, sign_in, sign_out
from schedule_app.settings import get_settings
from schedule_app.web import device, invitation
from schedule_app.web.cookies import clear_session_cookie, session_token, set_session_cookie
from schedule_app.web.figures import exposition
from schedule_app.web.forms import is_same_origin, small_form

log = structlog.get_logger(__name__)

_LOGIN_PAGE: Final = Template((Path(__file__).parent / "templates" / "login.html").read_text(encoding="utf-8"))


async def login_page(request: Request) -> Response:
    """Show the sign-in form, or go on when already signed in."""
    target = own_path(request.query_params.get("next", ""))
    try:
        is_signed_in = await _is_signed_in(request)
    except ScheduleError as outage:
        return _login_form(target, error=outage.message, status=503)
    return RedirectResponse(target, 303) if is_signed_in else _login_form(target)


async def login(request: Request) -> Response:
    """Check the form, open a session, and send the browser on its way."""
    if not is_same_origin(request):
        return PlainTextResponse("This form was sent from another site.", 403)
    try:
        form = await small_form(request)
    except ValueError:
        return PlainTextResponse("That is not what the sign-in form sends.", 413)
    except ClientDisconnect:
        return Response(status_code=400)
    email, password = form.get("email", ""), form.get("password", "")
    target = own_path(form.get("next", ""))
    ip = request.client.host if request.client else ""
    try:
        opened = await sign_in(
            email,
            password,
            ip=ip,
            user_agent=request.headers.get("user-agent", ""),
            replaces=session_token(request.scope["headers"]),
        )
    except NotSignedIn as refused:
        log.warning("sign-in refused", ip=ip)
        return _login_form(target, email=email, error=refused.message, status=401)
    except Throttled as refused:
        log.warning("sign-in throttled", ip=ip)
        response = _login_form(target, email=email, error=refused.message, status=429)
        response.headers["Retry-After"] = str(refused.retry_after_seconds)
        return response
    except ScheduleError as outage:
        return _login_form(target, email=email, error=outage.message, status=503)
    response = RedirectResponse(target, 303)
    set_session_cookie(response, opened.token)
    return response


async def logout(request: Request) -> Response:
    """End this browser's session."""
    if not is_same_origin(request):
        return PlainTextResponse("This form was sent from another site.", 403)
    token = session_token(request.scope["headers"])
    try:
        if token:
            await sign_out(token)
    except ScheduleError as outage:
        return PlainTextResponse(outage.message, 503)
    response = RedirectResponse("/login", 303)
    clear_session_cookie(response)
    return response


async def session_state(request: Request) -> Response:
    """Tell a page that has lost its socket whether it is still signed in."""
    try:
        status = 204 if await _is_signed_in(request) else 401
    except ScheduleError:
        status = 503
    return Response(status_code=status, headers={"Cache-Control": "no-store"})


async def healthz(_request: Request) -> Response:
    """Whether the process serves."""
    return JSONResponse({"status": "ok"})


async def readyz(_request: Request) -> Response:
    """Whether the database answers too; with how the workers keep up, which does not make this process less ready."""
    try:
        async with read_session() as session:
            keeping_up = (await session.execute(KEEPING_UP)).one()
    except ScheduleError:
        return JSONResponse({"status": "database unreachable"}, 503)
    return JSONResponse({"status": "ok", "workers": keeping_up.workers, "queue_lag_seconds": int(keeping_up.lag)})


async def metrics(request: Request) -> Response:
    """Figures for Prometheus, for who knows METRICS_TOKEN; without one set there is nothing here."""
    token = get_settings().metrics_token
    given = request.headers.get("authorization", "")
    if token is None or not hmac.compare_digest(given.encode(), f"Bearer {token.get_secret_value()}".encode()):
        return PlainTextResponse("Not found.", 404)
    own = await run_in_threadpool(generate_latest)
    try:
        async with read_session() as session:
            figures = await read_figures(session)
    except ScheduleError:
        # What the process knows of itself is told all the same.
        return Response(own, media_type=CONTENT_TYPE_LATEST)
    return Response(own + exposition(figures), media_type=CONTENT_TYPE_LATEST)


def own_path(wanted: str) -> str:
    """A path on this site to go to, or "/" for anything that could lead elsewhere."""
    if not wanted.startswith("/") or wanted.startswith("//") or any(ord(char) < 32 or char == "\\" for char in wanted):
        return "/"
    parts = urlsplit(wanted)
    return "/" if parts.scheme or parts.netloc or parts.path in {"/login", "/logout"} else wanted


async def _is_signed_in(request: Request) -> bool:
    token = session_token(request.scope["headers"])
    return bool(token) and await principals.find(hash_token(token or "").hex()) is not None


def _login_form(target: str, *, email: str = "", error: str = "", status: int = 200) -> HTMLResponse:
    notice = f'<p class="alert alert-error" role="alert">{escape(error)}</p>' if error else ""
    page = _LOGIN_PAGE.substitute(next=escape(target), email=escape(email), error_html=notice)
    return HTMLResponse(page, status, headers={"Cache-Control": "no-store"})


routes: Final = [
    Route("/login", login_page, methods=["GET"]),
    Route("/login", login, methods=["POST"]),
    Route("/logout", logout, methods=["POST"]),
    *invitation.routes,
    *device.routes,
    Route("/session", session_state, methods=["GET"]),
    Route("/healthz", healthz, methods=["GET"]),
    Route("/readyz", readyz, methods=["GET"]),
    Route("/metrics", metrics, methods=["GET"]),
]
