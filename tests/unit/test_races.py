"""The races say by how they end whether anything was wrong."""

import os
import sys
from pathlib import Path

import pytest

from bench import races

FINE = {"wrong": 0, "overlaps": 0, "deadlocks": 0}


@pytest.mark.parametrize(("found", "code"), [({}, 0), ({"wrong": 1}, 1), ({"overlaps": 1}, 1), ({"deadlocks": 1}, 1)])
def test_whatever_was_wrong_is_an_end_other_than_zero(
    monkeypatch: pytest.MonkeyPatch, found: dict[str, int], code: int
):
    outcomes = [FINE | found, *[FINE] * (len(races.RACES) - 1)]

    async def ended(*_: object) -> dict[str, int]:
        return outcomes.pop(0)

    def start(folder: Path) -> str:
        return f"postgresql:///{folder}"

    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.setattr(sys, "argv", ["races"])
    monkeypatch.setattr(races.embedded, "start", start)
    monkeypatch.setattr(races.embedded, "stop", lambda _folder: None)
    monkeypatch.setattr(races, "run_migrations", lambda _url: None)
    monkeypatch.setattr(races, "_run", ended)

    assert races.main() == code
    assert outcomes == []
