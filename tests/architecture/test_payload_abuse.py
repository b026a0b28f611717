"""Whatever is sent as the payload of an event: words for the person, no change, and no accident in the log."""

import math
from collections.abc import AsyncIterator, Iterator
from itertools import groupby
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.architecture.probing import Answer, ask, example, fingerprint, kinds, properties, sample
from tests.db.services.scene import WEEK, Scene, make_scene, make_week
from tests.support.database import Database
from tests.support.handlers import own_handlers
from tests.support.reflex_events import Tab, browser_of

MARK = "confided-to-the-payload"
UNDERSTOOD = "could not be understood"

WITH_PAYLOAD = [name for name, handler in own_handlers().items() if handler.policy.payload]
WITHOUT = [
    name
    for name, handler in own_handlers().items()
    if not handler.policy.payload and name not in {"AccountState.end_all", "HomeState.go"}
]


def by_state(names: list[str]) -> pytest.MarkDecorator:
    """One test for all handlers of a state: the database and the log are looked at once for them all."""
    states = [[*group] for _, group in groupby(sorted(names), key=lambda name: name.split(".")[0])]
    return pytest.mark.parametrize("names", states, ids=[names[0].split(".")[0] for names in states])


def nested(depth: int) -> list[Any]:
    """Lists in lists."""
    inner: list[Any] = []
    for _ in range(depth):
        inner = [inner]
    return inner


NO_VALUES: list[Any] = [[], {}, [1], {"a": 1}, nested(200), {"__reflex_form_data__": []}, math.nan, math.inf, -math.inf]
NO_NUMBERS: list[Any] = ["", "abc", MARK, "1e3", "0x10", "1;DROP TABLE employees", "9" * 5000, 1.5, True]
BAD: dict[str, list[Any]] = {
    "integer": [*NO_VALUES, *NO_NUMBERS, -1, 2**63, 10**30],
    "string": [*NO_VALUES, 5, True, MARK * 200, "\ud800"],
    "date": [*NO_VALUES, "", MARK, "2026-13-01", "2026-02-30", "23.11.2026", True, 10**30, -(10**30), "9" * 5000],
    "boolean": [*NO_VALUES, "maybe", MARK, 2, -1],
    # Of numbers.
    "array": [
        "",
        MARK,
        5,
        True,
        {},
        {"a": 1},
        nested(200),
        [[]],
        [MARK],
        ["1"],
        [1.5],
        [True],
        [0],
        [2**63],
        [1] * 501,
    ],
}
#: Well formed, and of no good whatever.
EXTREME: dict[str, list[Any]] = {
    "integer": [0, 2**31 - 1, 2**63 - 1, " 777777777 ", "7" * 18],
    "string": [
        "",
        " ",
        "x" * 500,
        "x" * 2000,
        "🦄" * 500,
        "null\0byte",
        "\x1b[31m",
        "\u202e",
        "a,b;c\n,,",
        "0٧:0٧",
        "24:00",
    ],
    "date": ["0001-01-01", "9999-12-31", "1582-10-15", "2026-03-29", "2026-11-23T00:00:00", "0", 0, 86400],
    "boolean": [True, False, "yes", "off", 0, 1],
    "array": [[], [1], [2**63 - 1] * 500, list(range(1, 501))],
}
NO_PAYLOADS: list[Any] = [None, [], [1], "", MARK, 7, 1.5, True, math.nan, nested(200), [{"a": 1}], [["a", 1]]]
BAD_NAMES = [MARK, "role", "site_id", "version", "status", "__class__", "self", "\ud800", "x" * 5000, ""]


def bad_values(schema: dict[str, Any]) -> Iterator[Any]:
    """Values that a field does not take."""
    yield from BAD[type_of(schema)]
    if not any(kind.get("type") == "null" for kind in kinds(schema)):
        yield None
    if any("enum" in kind or "pattern" in kind for kind in kinds(schema)):
        yield from (MARK, "\0")
    if any(kind.get("minLength", 0) > 0 for kind in kinds(schema)):
        yield from ("", "   ")


def type_of(schema: dict[str, Any]) -> str:
    """What a field takes, besides nothing at all."""
    types = {"date" if kind.get("format") == "date" else kind.get("type", "string") for kind in kinds(schema)}
    [type_] = types - {"null"}
    return type_


@pytest.fixture(scope="module")
async def scene(shared_database: Database) -> Scene:
    return await make_scene()


@pytest.fixture(scope="module")
async def tab(scene: Scene) -> AsyncIterator[Tab]:
    """The board of somebody who may do everything."""
    await make_week(scene)
    async with browser_of(scene.admin.id) as tab:
        await tab.open(f"/versions/{scene.site.id}/{WEEK}")
        await tab.open(f"/coverage/{scene.site.id}/{WEEK}")
        await tab.open(f"/schedule/{scene.site.id}/{WEEK}")
        yield tab


@pytest.fixture(autouse=True)
async def nothing_happens(tab: Tab, caplog: pytest.LogCaptureFixture) -> AsyncIterator[None]:
    """After each test the database is what it was, and nothing of what was sent was logged."""
    before = await fingerprint()
    with capture_logs() as logs:
        yield
    assert await fingerprint() == before
    assert logs == []
    assert caplog.messages == []


@by_state(WITH_PAYLOAD)
async def test_values_of_the_wrong_kind_are_refused_in_words(tab: Tab, names: list[str]):
    for name in names:
        for field, schema in properties(name).items():
            for value in bad_values(schema):
                answer = await ask(tab, name, payload={**sample(name), field: value})
                assert_refused(answer, (name, field, value))
                # The words name the field, and repeat nothing.
                assert field.replace("_", " ") in answer.alert, (name, field, value)


@by_state(WITH_PAYLOAD)
async def test_missing_fields_are_refused_in_words(tab: Tab, names: list[str]):
    for name in names:
        for field, schema in properties(name).items():
            rest = {other: value for other, value in sample(name).items() if other != field}
            if "default" not in schema:
                assert_refused(await ask(tab, name, payload=rest), (name, field))


@by_state(WITH_PAYLOAD)
async def test_fields_nobody_asked_for_are_refused_in_words(tab: Tab, names: list[str]):
    for name in names:
        for field in BAD_NAMES:
            if field not in properties(name):
                assert_refused(await ask(tab, name, payload={**sample(name), field: MARK}), (name, field))


@by_state(WITH_PAYLOAD)
async def test_what_is_no_payload_is_refused_in_words(tab: Tab, names: list[str]):
    for name in names:
        for payload in NO_PAYLOADS:
            assert_refused(await ask(tab, name, payload=payload), (name, payload))
        # Nothing at all is a payload to those handlers that have a default for each field.
        if any("default" not in schema for schema in properties(name).values()):
            assert_refused(await ask(tab, name, payload={}), name)
            assert_refused(await ask(tab, name), name)


@by_state([*WITH_PAYLOAD, *WITHOUT])
async def test_arguments_nobody_asked_for_are_refused_in_words(tab: Tab, names: list[str]):
    for name in names:
        own = {"payload": sample(name)} if name in WITH_PAYLOAD else {}
        for argument in ("self", "state", "signed_in", "data", "actor", "_", "arguments", "payload ", "\ud800", MARK):
            assert_refused(await ask(tab, name, **own, **{argument: {"role": "admin"}}), (name, argument))
        if name in WITHOUT:
            for payload in ({}, None, {"id": 1}):
                assert_refused(await ask(tab, name, payload=payload), (name, payload))


@by_state(WITH_PAYLOAD)
async def test_values_at_the_edge_of_sense_are_no_accident(tab: Tab, names: list[str]):
    for name in names:
        for field, schema in properties(name).items():
            for value in EXTREME[type_of(schema)]:
                answer = await ask(tab, name, payload={**sample(name), field: value})
                assert "report incident" not in answer.alert


async def test_every_kind_of_field_has_an_example_and_abuses(tab: Tab):
    for name in WITH_PAYLOAD:
        for schema in properties(name).values():
            example(schema)
            assert len(list(bad_values(schema))) > 10


def assert_refused(answer: Answer, context: object) -> None:
    assert UNDERSTOOD in answer.alert, (answer, context)
    assert answer.changes == {}, context
    assert answer.redirects == [], context
    assert MARK not in answer.alert, context
    assert len(answer.alert) < 600, context
