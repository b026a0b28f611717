"""The one decorator of every event handler: who is acting, may they, and is what they sent well formed.

Every public method of a state can be called by anybody who can open a socket, with any arguments. So a handler never
sees a request that has not passed here: the session is looked up anew, the permission checked, the payload parsed into
its model. Scope (whose shift, which site) is checked again in the service.
"""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http.cookies import SimpleCookie
from inspect import Parameter, Signature, iscoroutinefunction
from typing import Any, Final

import reflex as rx
import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from schedule_app.domain.errors import InvalidInput, NotAllowed, NotSignedIn, ScheduleError, Unavailable
from schedule_app.domain.permissions import Permission, can
from schedule_app.live.principals import principals
from schedule_app.queries.actors import SignedIn
from schedule_app.services.sign_in import touch_session

log = structlog.get_logger(__name__)

_SESSION_HASH_COOKIE: Final = "session_hash"
TO_SIGN_IN: Final = "location.assign('/login?next=' + encodeURIComponent(location.pathname + location.search))"
Handler = Callable[..., Awaitable[Any]]


class Payload(BaseModel):
    """What a browser sends with an event. Strict about types and about fields nobody asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, str_max_length=2000)

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_as_number(cls, value: object, info: ValidationInfo) -> object:
        """Python takes True for 1; nobody who sends it means that."""
        if isinstance(value, bool) and cls.model_fields[info.field_name or ""].annotation is not bool:
            raise PydanticCustomError("not_truth", "should not be true or false")
        return value


@dataclass(frozen=True, slots=True)
class Policy:
    """What a handler demands; read by the test that walks every handler."""

    permission: Permission
    payload: type[BaseModel] | None
    is_push: bool


def guarded(
    permission: Permission, payload: type[BaseModel] | None = None, *, is_push: bool = False
) -> Callable[[Handler], Any]:
    """Make an event handler, guarded.

    The handler is called as `handler(self, signed_in)` or, with a payload model, `handler(self, signed_in, data)`, and
    returns events or None. The browser sends at most one argument, `payload`.

    Args:
        permission: without it the handler does not run.
        payload: model of the argument.
        is_push: the server calls it to refresh a view; it then counts as no sign of the person's activity.
    """
    policy = Policy(permission, payload, is_push)

    def decorate(handler: Handler) -> Any:  # noqa: ANN401 - Reflex makes something of its own of it
        if not iscoroutinefunction(handler):
            raise TypeError(
                f"{handler.__qualname__} must be an `async def` that returns; guarded handlers neither block nor yield."
            )

        # Whatever arguments are sent, the call succeeds and the refusal is ours. Reflex is shown the right ones.
        async def chosen(self: rx.State, /, **arguments: object) -> Any:  # noqa: ANN401
            return await _run(self, handler, policy, arguments)

        own = Parameter("self", Parameter.POSITIONAL_ONLY)
        sent = Parameter("payload", Parameter.POSITIONAL_OR_KEYWORD, annotation=dict)
        chosen.__annotations__ = {} if payload is None else {"payload": dict}
        chosen.__signature__ = Signature([own] if payload is None else [own, sent])
        for attribute in ("__name__", "__qualname__", "__doc__", "__module__"):
            setattr(chosen, attribute, getattr(handler, attribute))
        chosen.policy = policy  # pyright: ignore[reportFunctionMemberAccess]
        return rx.event(chosen)

    return decorate


async def _run(state: rx.State, handler: Handler, policy: Policy, arguments: dict[str, object]) -> Any:  # noqa: ANN401
    signed_in = None
    try:
        signed_in = await _signed_in(state)
        if not can(signed_in.actor, policy.permission):
            raise NotAllowed
        if signed_in.is_touch_due and not policy.is_push:
            await touch_session(signed_in.actor)
        return await handler(state, signed_in, *_parsed(policy, arguments))
    except NotSignedIn:
        return leave()
    except ValidationError as error:
        await show_alert(state, _words(error))
    except ScheduleError as error:
        if isinstance(error, NotAllowed):
            who = signed_in.actor.employee_id if signed_in else None
            log.warning("denied", handler=handler.__qualname__, permission=policy.permission.value, employee_id=who)
        # A refresh that finds no database is made up for when the database is back.
        if not (policy.is_push and isinstance(error, Unavailable)):
            await show_alert(state, error.message)
    return None


def _parsed(policy: Policy, arguments: dict[str, object]) -> tuple[BaseModel, ...]:
    if arguments.keys() - {"payload"} or (arguments and policy.payload is None):
        raise InvalidInput("That could not be understood.")
    return () if policy.payload is None else (policy.payload.model_validate(arguments.get("payload")),)


def leave() -> rx.event.EventSpec:
    """Send the browser to the sign-in page, and from there back here. The page is none of Reflex's."""
    return rx.call_script(TO_SIGN_IN)


async def show_alert(state: rx.State, message: str) -> None:
    """Show a message at the top of the page until it is closed, the next one comes or the page is left."""
    alert = await state.get_state(AlertState)
    alert.message = message
    alert.nonce = uuid.uuid4().hex[:8]


async def clear_alert(state: rx.State) -> None:
    """Take the message away, if there is one."""
    alert = await state.get_state(AlertState)
    if alert.message:
        alert.message = ""


async def _signed_in(state: rx.State) -> SignedIn:
    cookie = SimpleCookie(state.router.headers.cookie).get(_SESSION_HASH_COOKIE)
    found = await principals.find(cookie.value) if cookie else None
    if found is None:
        raise NotSignedIn
    return found


def _words(error: ValidationError) -> str:
    parts = []
    for detail in error.errors(include_url=False, include_context=False, include_input=False)[:3]:
        if detail["type"] == "extra_forbidden":
            # Its name is the sender's, and may be anything.
            parts.append("there is a field that does not belong here")
        else:
            field = " ".join(str(part) for part in detail["loc"]).replace("_", " ") or "input"
            parts.append(f"{field}: {detail['msg'][:1].lower()}{detail['msg'][1:]}")
    return "That could not be understood. " + "; ".join(parts) + "."


class Incident(Payload):
    """The number an unforeseen error was logged under."""

    incident: str = Field(pattern=r"^[0-9a-f]{8}$")


class AlertState(rx.State):
    """The message at the top of the page."""

    message: str = ""
    nonce: str = ""

    @guarded(Permission.VIEW_OWN)
    async def dismiss(self, _signed_in: SignedIn) -> None:
        """Close the message."""
        self.message = ""

    @guarded(Permission.VIEW_OWN, Incident)
    async def show_incident(self, _signed_in: SignedIn, data: Incident) -> None:
        """Say that something went wrong that nobody foresaw."""
        self.message = f"Something went wrong on our side. Nothing was changed. Please report incident {data.incident}."
        self.nonce = data.incident
