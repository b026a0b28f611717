"""One search in a process of its own, so that whatever happens to it happens to nobody else.

The problem comes as the first line of the standard input, as JSON. Each better plan goes to the standard output, a line
each, then the answer, and last the reasons for it. A second line on the input asks for an end with the best so far; the
input's end, that is the other side's, ends it at once.
"""

import json
import os
import sys
import threading

from schedule_app.optimizer import codec
from schedule_app.optimizer.problem import Problem
from schedule_app.optimizer.reasons import Reasons, reasons
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
    answer = solve(problem, on_better=lambda better: _say("better", better), should_stop=asked_to_stop.is_set)
    _say("answer", answer)
    _say("reasons", reasons(problem, answer, seconds=_SECONDS_FOR_REASONS))


def _listen(asked_to_stop: threading.Event) -> None:
    if not sys.stdin.readline():
        os._exit(1)
    asked_to_stop.set()
    if not sys.stdin.readline():
        os._exit(1)


def _say(kind: str, told: Solution | Reasons) -> None:
    plain = json.loads(codec.dumps(told))
    sys.stdout.write(json.dumps({"kind": kind, "told": plain}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
