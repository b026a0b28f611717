"""What goes wrong in known ways ends in one line and exit code 1."""

import os
import signal
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

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


def test_problem_in_a_file_becomes_a_plan_in_a_file(tmp_path: Path):
    (tmp_path / "problem.json").write_text("{}")

    ended = CliRunner().invoke(
        cli.commands, ["solve", str(tmp_path / "problem.json"), "-o", str(tmp_path / "plan.json")]
    )

    assert ended.exit_code == 0
    assert '"status": "optimal"' in (tmp_path / "plan.json").read_text()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "line 1: This is no JSON"),
        ('{"people": 1}', "people: Here a list is expected."),
        ("\udcff", "no text file"),
    ],
)
def test_problem_that_cannot_be_read_is_refused_with_its_place(tmp_path: Path, text: str, complaint: str):
    (tmp_path / "problem.json").write_bytes(text.encode(errors="surrogateescape"))

    ended = CliRunner().invoke(
        cli.commands, ["solve", str(tmp_path / "problem.json"), "-o", str(tmp_path / "plan.json")]
    )

    assert complaint in str(ended.exception)
    assert not (tmp_path / "plan.json").exists()
