"""What goes wrong in known ways ends in one line and exit code 1."""

import os
import signal
import sys

import pytest

from schedule_app import cli, frontend
from schedule_app.domain.errors import Conflict
from schedule_app.frontend import FrontendError


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (FrontendError("npm failed"), "schedule-app: npm failed\n"),
        (Conflict("There is data."), "schedule-app: There is data.\n"),
        (OSError(28, os.strerror(28), "/srv/.web/built-from"), "/srv/.web/built-from: No space left on device.\n"),
        (OSError(12, os.strerror(12)), "schedule-app: Cannot allocate memory.\n"),
    ],
)
def test_fault_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fault: Exception, line: str
):
    def fail() -> bool:
        raise fault

    monkeypatch.setattr(frontend, "is_built", fail)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(sys, "argv", ["schedule-app", "build"])
    monkeypatch.chdir(frontend.ROOT)

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 1
    assert capsys.readouterr().err.endswith(line)
