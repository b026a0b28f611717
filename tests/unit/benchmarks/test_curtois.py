"""The instances' format, the second opinion on a roster, and the run of a folder."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from schedule_app.benchmarks.curtois.checker import faults, objective
from schedule_app.benchmarks.curtois.problem import as_problem, as_roster
from schedule_app.benchmarks.curtois.reader import FormatError, Instance, read_instance
from schedule_app.cli import commands
from schedule_app.optimizer.solve import solve

TEXT = """\
SECTION_HORIZON
# The horizon length in days:
7
SECTION_SHIFTS
E,480,
N,600,E
SECTION_STAFF
A,E=7|N=2,2400,960,3,2,2,1
B,E=7|N=0,2400,960,3,2,2,0
SECTION_DAYS_OFF
A,0
SECTION_SHIFT_ON_REQUESTS
A,1,E,5
A,0,E,3
SECTION_SHIFT_OFF_REQUESTS
B,2,E,7
SECTION_COVER
0,E,1,100,1
1,E,1,100,1
2,N,1,50,2
"""


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return read_instance(written(tmp_path, TEXT))


def written(folder: Path, text: str) -> Path:
    path = folder / "Instance1.txt"
    path.write_text(text)
    return path


def roster(a: str, b: str) -> dict[str, list[str]]:
    return {"A": a.split(), "B": b.split()}


def test_objective_is_the_sum_of_the_paid_weights(instance: Instance):
    assert objective(instance, roster("- E N - - - -", "E E - - - - -")) == 3 + 1
    assert objective(instance, roster("- - - - - E E", "- - E E - - -")) == 3 + 100 + 100 + 50 + 5 + 7


@pytest.mark.parametrize(
    ("a", "b", "fault"),
    [
        ("- E N - - - -", "E E - - - - -", None),
        ("E E - - - - -", "E E - - - - -", "A: works on day 0, a day off."),
        ("- N E - - - -", "E E - - - - -", "A: E on the day after N."),
        ("- N N N - - -", "E E - - - - -", "A: 3 shifts of type N, at most 2."),
        ("- E - - - - -", "E E - - - - -", "A: 480 minutes, not from 960 to 2400."),
        ("- E - - - - E", "E E - - - - -", "A: 1 days of work in a row from day 1, at least 2."),
        ("- E E - E E -", "E E - - - - -", "A: 1 days off in a row from day 3, at least 2."),
        ("- E E E E - -", "E E - - - - -", "A: 4 days of work in a row from day 1, at most 3."),
        ("- E E - - - -", "- - - - E E -", "B: 1 weekends, at most 0."),
        ("- E N - - -", "E E - - - - -", "A: 6 days instead of 7."),
        ("- E X - - - -", "E E - - - - -", "A: there is no shift type 'X'."),
    ],
)
def test_checker_finds_each_fault(instance: Instance, a: str, b: str, fault: str | None):
    found = faults(instance, roster(a, b))

    assert fault in found if fault else found == []


def test_roster_of_others_is_refused(instance: Instance):
    assert faults(instance, {"A": ["-", "E", "E", "-", "-", "-", "-"], "C": []}) == [
        "B is not in the roster.",
        "C is no employee.",
    ]


def test_plan_of_the_optimiser_passes_and_costs_what_it_says(instance: Instance):
    solution = solve(as_problem(instance), seconds=10, workers=1)
    found = as_roster(instance, solution)

    assert solution.status == "optimal"
    assert faults(instance, found) == []
    assert objective(instance, found) == solution.score


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("\n7\n", "\nseven\n", "line 3: 'seven' is no whole number"),
        ("\n7\n", "\n0\n", "line 3: the horizon has at least one day"),
        ("E,480,", "E,-480,", "line 5: '-480' is no whole number"),
        ("N,600,E", "N,600", "line 6: SECTION_SHIFTS has 3 fields in each line, here are 2"),
        ("N,600,E", "N,600,Q", "shift type 'N' names 'Q', which is none"),
        ("A,E=7|N=2", "A,E=7|Q=2", "line 8: there is no shift type 'Q'"),
        ("A,E=7|N=2", "A,E=7|N", "line 8: 'N' is not of the form type=number"),
        ("B,E=7", "A,E=7", "line 9: employee 'A' is given twice"),
        ("A,0\n", "A,9\n", "line 11: '9' is no whole number from 0 to 6"),
        ("A,1,E,5", "Z,1,E,5", "line 13: there is no employee 'Z'"),
        ("1,E,1,100,1", "0,E,1,100,1", "line 19: the cover of day 0 and type 'E' is given twice"),
        ("SECTION_COVER", "SECTION_COVERS", "line 17: there is no section SECTION_COVERS"),
        ("SECTION_HORIZON\n", "", "line 2: this stands before the first section"),
        ("SECTION_DAYS_OFF\nA,0\n", "", "the section SECTION_DAYS_OFF is missing"),
    ],
)
def test_malformed_file_is_refused_with_line_and_reason(tmp_path: Path, old: str, new: str, complaint: str):
    with pytest.raises(FormatError) as refused:
        read_instance(written(tmp_path, TEXT.replace(old, new, 1)))

    assert complaint in str(refused.value)


def test_file_that_is_no_text_is_refused(tmp_path: Path):
    (tmp_path / "Instance1.txt").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(FormatError, match="no text file"):
        read_instance(tmp_path / "Instance1.txt")


def test_command_prints_a_line_for_each_search_and_a_table_and_writes_the_roster(tmp_path: Path):
    written(tmp_path, TEXT)
    (tmp_path / "best_known.csv").write_text("instance,best_known\nInstance1,3\n")

    ended = CliRunner().invoke(
        commands,
        ["bench", "curtois", str(tmp_path), "--seconds", "5", "--workers", "1", "--out", str(tmp_path / "out")],
    )
    lines = ended.stdout.splitlines()
    results = [json.loads(line) for line in lines[:2]]

    assert ended.exit_code == 0
    assert [(each["search"], each["objective"], each["gap_percent"]) for each in results] == [
        ("search", 3, 0.0),
        ("plain", 3, 0.0),
    ]
    assert "mean gap 0.00 %" in lines[-1]
    tokens = (tmp_path / "out" / "Instance1.roster.txt").read_text().splitlines()[0].split()
    assert tokens[0] == "A:"
    assert len(tokens) == 8


@pytest.mark.parametrize(
    ("only", "complaint"), [("", "is no whole number"), ("7", "there is no Instance7.txt")]
)  # fmt: skip
def test_command_says_what_is_wrong_with_the_folder(tmp_path: Path, only: str, complaint: str):
    written(tmp_path, TEXT.replace("E,480,", "E,x,"))

    ended = CliRunner().invoke(commands, ["bench", "curtois", str(tmp_path), "--only", only])

    assert complaint in str(ended.exception)
