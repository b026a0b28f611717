"""How quickly an installation that has run before is up again: from the command to the answer of /readyz.

`python -m bench.start` prints one line of JSON.
"""

import argparse
import json
import shutil
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.support.app import free_port, running_app


def main() -> None:
    """Run it and print one JSON line."""
    parser = argparse.ArgumentParser(description="Starting again")
    parser.add_argument("--starts", type=int, default=3)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="schedule-app-bench-"))
    try:
        first = _seconds(folder)
        again = [_seconds(folder) for _ in range(options.starts)]
    finally:
        shutil.rmtree(folder)
    figures = {"first_s": round(first, 2), "again_s": round(median(again), 2), "again_max_s": round(max(again), 2)}
    print(json.dumps({"bench": "start", "starts": options.starts, **figures}))


def _seconds(folder: Path) -> float:
    started = time.monotonic()
    with running_app(None, folder / "log", port=free_port(), DATA_DIR=str(folder / "data")):
        return time.monotonic() - started


if __name__ == "__main__":
    main()
