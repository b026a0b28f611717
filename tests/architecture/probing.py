"""Sending events that should not do anything, and seeing whether they did."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from reflex_base.event import Event
from sqlalchemy import text

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotAllowed
from schedule_app.models.base import Model
from schedule_app.ui.guard import AlertState
from tests.support.handlers import own_handlers
from tests.support.reflex_events import Tab

#: A number that nothing has.
MISSING = 2**40

#: The last one, by the transactions that had ended.
_fingerprints: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser got for an event.

    Attributes:
        alert: The message that it raised; empty when it raised none.
        redirects: Where it was sent.
        changes: The variables it was sent, but for the message.
    """

    alert: str
    redirects: list[str]
    changes: dict[str, dict[str, Any]]

    @property
    def is_denied(self) -> bool:
        """Whether the role was not enough."""
        return self.alert == NotAllowed.default_message

    @property
    def is_sent_away(self) -> bool:
        """Whether the browser has to sign in first."""
        return self.redirects == ["/login"]


async def ask(tab: Tab, handler: str, **arguments: object) -> Answer:
    """Send an event with any arguments, whatever the handler expects."""
    alerts = AlertState.get_full_name()
    # What a tab was sent it replaces and never changes.
    before, redirected = {state: dict(values) for state, values in tab._vars.items()}, len(tab.redirects)
    event = Event(name=own_handlers()[handler].full_name, payload=arguments, router_data=dict(tab._router_data))
    await tab._run(event)
    changes = {
        state: changed
        for state, values in tab._vars.items()
        if (changed := {name: value for name, value in values.items() if before.get(state, {}).get(name) != value})
        and not state.endswith("reflex___state____state")
    }
    # A message told again has a new nonce, so it is seen here even when its words are the same.
    alert = tab.shows(AlertState)["message"] if alerts in changes else ""
    return Answer(alert, tab.redirects[redirected:], {state: new for state, new in changes.items() if state != alerts})


async def fingerprint() -> str:
    """One value that differs as soon as any row of the database does; being seen alone makes no session another one.

    Whatever writes a row is given a number by the server and ends: as long as the same transactions have ended, no row
    is another one, and they need not be read again.
    """
    async with read_session() as session:
        ended = (await session.execute(text("SELECT current_database() || ' ' || pg_current_snapshot()"))).scalar_one()
        if ended not in _fingerprints:
            _fingerprints.clear()
            _fingerprints[ended] = str((await session.execute(text(_fingerprint_sql()))).all())
        return _fingerprints[ended]


@cache
def _fingerprint_sql() -> str:
    parts = (
        f"SELECT '{table}', count(*), md5(string_agg(row, '' ORDER BY row))"
        f" FROM (SELECT md5((to_jsonb(t) - 'last_seen_at')::text) AS row FROM {table} AS t) AS rows"
        for table in sorted(Model.metadata.tables)
    )
    return " UNION ALL ".join(parts)


def sample(handler: str, **values: object) -> dict[str, Any]:
    """A payload that the handler's model accepts and that fits nothing in the database."""
    model = own_handlers()[handler].policy.payload
    assert model is not None
    filled = {name: example(schema) for name, schema in properties(handler).items()} | values
    model.model_validate(filled)
    return filled


@cache
def properties(handler: str) -> dict[str, dict[str, Any]]:
    """The fields of a handler's payload, as JSON Schema has them."""
    model = own_handlers()[handler].policy.payload
    return model.model_json_schema()["properties"] if model else {}


def kinds(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The types a field may have."""
    return schema.get("anyOf", [schema])


def example(schema: dict[str, Any]) -> Any:
    """A value of a field."""
    kind = kinds(schema)[0]
    if kind.get("type") == "array":
        return []
    if "enum" in kind:
        return kind["enum"][-1]
    if "examples" in kind:
        return kind["examples"][0]
    match kind["type"], kind.get("format"), kind.get("pattern"):
        case "integer", _, _:
            return min(MISSING, *_bounds(kind))
        case "string", "date", _:
            return "2026-11-23"
        case "string", "uuid", _:
            return "00000000-0000-4000-8000-000000000000"
        case "string", _, str():
            return "0123abcd"
        case "string", _, _:
            return "some words"
        case "boolean", _, _:
            return True
    raise AssertionError(f"No example of {schema} is known; add one.")


def _bounds(kind: dict[str, Any]) -> Iterable[int]:
    return [kind[name] - step for name, step in (("maximum", 0), ("exclusiveMaximum", 1)) if name in kind] or [MISSING]
