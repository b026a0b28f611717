"""What people are told is put into words in `domain.notices` alone; everywhere else there are only typed payloads."""

import ast
from collections.abc import Iterator
from pathlib import Path

import schedule_app
from schedule_app.domain.notices import NOTICES

ROOT = Path(schedule_app.__file__).parent
HOME = ROOT / "domain" / "notices"
#: Names that stand for something and are no words: what became of a request, what kind it is.
CODES = {
    *("", "added", "begun", "changed", "declined", "expired", "removed", "replaced", "taken", "taken back", "void"),
    "withdrawn",
}
NAMES = {notice.__name__ for notice in NOTICES.values()}


def worded(source: str) -> list[str]:
    """Words that are put into a notice, or made into a wording, by a module."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        if name == "Wording":
            found.append(ast.unparse(node))
        if name in NAMES:
            arguments = [*node.args, *(each.value for each in node.keywords)]
            found += [ast.unparse(each) for argument in arguments for each in _words_in(argument)]
    return found


def _words_in(argument: ast.AST) -> Iterator[ast.AST]:
    if isinstance(argument, ast.JoinedStr):
        yield argument
        return
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value not in CODES:
        yield argument
    for node in ast.iter_child_nodes(argument):
        yield from _words_in(node)


def test_no_other_module_puts_notices_into_words():
    modules = [path for path in ROOT.rglob("*.py") if HOME not in path.parents]
    found = {str(path.relative_to(ROOT)): words for path in modules if (words := worded(path.read_text()))}

    assert len(modules) > 200
    assert found == {}


def test_words_in_a_notice_would_be_noticed():
    assert worded('notify(x, AssignmentDeclined(name, shift, f"Ill since {day}"))') == ["f'Ill since {day}'"]
    assert worded('notices.SwapEnded("was taken away", name, shift=shift)') == ["'was taken away'"]
    assert worded('SwapEnded("void", name, shift, note or "")') == []
    assert worded('Wording("A title", body)') == ["Wording('A title', body)"]


def test_nothing_but_the_notifications_service_writes_them():
    writers = {
        str(path.relative_to(ROOT)) for path in ROOT.rglob("*.py") if "INSERT INTO notifications" in path.read_text()
    }

    assert writers <= {"services/notifications.py"}
