"""What is let through the socket of what a page says of its address."""

import json
from typing import Any

import pytest

from schedule_app.web.frames import fault


def greeting(query: Any) -> str:
    """How a page opens its socket."""
    page = {"pathname": "/nowhere/at/all", "asPath": "/nowhere/at/all", "query": query}
    return "40/_event," + json.dumps({"event": {"name": "load", "payload": {}, "router_data": page}})


@pytest.mark.parametrize(
    "query", [{}, {"site": "1"}, {"person": None}, pytest.param({"splat": ["nowhere", "at", "all"]}, id="no page")]
)
def test_every_address_that_a_page_may_have_gets_by(query: dict[str, Any]):
    assert fault(greeting(query), lambda _name, _payload: True) == ""


@pytest.mark.parametrize("query", [{"site": 1}, {"splat": [1]}, {"splat": ["x"] * 3000}, {"splat": [["x"]]}, []])
def test_no_other_does(query: Any):
    assert fault(greeting(query), lambda _name, _payload: True) == "malformed frame"
