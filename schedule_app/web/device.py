"""What a browser's service worker asks once messages are shown there: it runs without a page, so without a socket."""

from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from schedule_app.channels import server_key
from schedule_app.channels.devices import Device
from schedule_app.domain.errors import InvalidInput, NotSignedIn, ScheduleError
from schedule_app.services.push_subscriptions import keep_device, switch_on_device
from schedule_app.settings import get_settings
from schedule_app.web.exports import actor_of
from schedule_app.web.forms import is_same_origin, small_form


async def device(request: Request) -> Response:
    """Answer whether a browser, by its endpoint, is one of the person's; or, given its keys, take it as one.

    An answer tells whose browser it is and by which key push services know this installation.
    """
    if not is_same_origin(request):
        return PlainTextResponse("This was sent from another site.", 403)
    try:
        actor = await actor_of(request)
        form = await small_form(request)
        endpoint, p256dh, auth = (form.get(name, "") for name in ("endpoint", "p256dh", "auth"))
        if p256dh:
            await switch_on_device(actor, Device(endpoint, p256dh, auth), former=form.get("former", ""))
        is_theirs = bool(p256dh) or await keep_device(actor, endpoint)
    except NotSignedIn as refused:
        return PlainTextResponse(refused.message, 401)
    except InvalidInput as refused:
        return PlainTextResponse(refused.message, 400)
    except ScheduleError as outage:
        return PlainTextResponse(outage.message, 503)
    except ValueError:
        return PlainTextResponse("That is not what a browser tells.", 413)
    except ClientDisconnect:
        return Response(status_code=400)
    answer = {"person": actor.employee_id, "is_theirs": is_theirs, "key": server_key(get_settings())}
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


routes: Final = [Route("/device", device, methods=["POST"])]
