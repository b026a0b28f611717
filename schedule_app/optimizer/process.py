"""One search in a process of its own, so that whatever happens to it happens to nobody else.

The problem comes as the first line of the standard input, as JSON. Each better plan goes to the standard output, a line
each, then the answer, which is a list: one plan, or with the argument "repair" the ways to put right what stands. Last
come the reasons of each, a line each in the same order. A second line on the input asks for an end with the best so
far; the input's end, that is the other side's, ends it at once.
"""

import json
import os
import sys
import threading

from schedule_app.optimizer import codec
from schedule_app.optimizer.problem import Problem
from schedule_app.optimizer.reasons import reasons
from schedule_app.optimizer.repair import repair
from schedule_app.optimizer.search import OnBetter, ShouldStop
from schedule_app.optimizer.solution import Solution
from schedule_app.optimizer.solve import solve

_SECONDS_FOR_REASONS = 8.0


def main() -> None:
    """Read, search, answer."""
    if sys.platform != "win32":
        # Pages come first.
        os.nice(10)
    problem = codec.loads(Problem, sys.stdin.readline())
    asked_to_stop = threading.Event()
    threading.Thread(target=_listen, args=(asked_to_stop,), daemon=True).start()
    search = _repair if "repair" in sys.argv[1:] else _solve
    answer = search(problem, lambda better: _say("better", better), asked_to_stop.is_set)
    _say("answer", answer)
    for each in answer:
        _say("reasons", reasons(problem, each, seconds=_SECONDS_FOR_REASONS / len(answer)))


def _solve(problem: Problem, on_better: OnBetter, should_stop: ShouldStop) -> list[Solution]:
    return [solve(problem, on_better=on_better, should_stop=should_stop)]


def _repair(problem: Problem, on_better: OnBetter, should_stop: ShouldStop) -> list[Solution]:
    found = repair(problem, on_better=on_better, should_stop=should_stop)
    return [way.solution for way in found.ways] or [Solution(found.status)]


def _listen(asked_to_stop: threading.Event) -> None:
    if not sys.stdin.readline():
        os._exit(1)
    asked_to_stop.set()
    if not sys.stdin.readline():
        os._exit(1)


def _say(kind: str, told: object) -> None:
    plain = json.loads(codec.dumps(told))
    sys.stdout.write(json.dumps({"kind": kind, "told": plain}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
