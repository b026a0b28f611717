"""Runs the benchmarks named, or all of them, one after the other; each prints one line of JSON.

python -m bench [storm] [live] [board] [phone] [copies] [time_off] [swap_races] [inbox] [crash] [start]
python -m bench races [claim] [call_out] [missed_answer] [--runs 1000]
python -m bench crash [--jobs 10000] [--workers 4] [--kills 100]
"""

import subprocess
import sys

NAMES = ("storm", "live", "board", "phone", "copies", "time_off", "swap_races", "inbox", "crash", "start")


def main() -> int:
    """Run each in a process of its own, so that none finds the ground warmed by another."""
    if sys.argv[1:2] in (["races"], ["crash"]):
        return subprocess.run([sys.executable, "-m", f"bench.{sys.argv[1]}", *sys.argv[2:]], check=False).returncode
    wanted = sys.argv[1:] or NAMES
    unknown = set(wanted) - set(NAMES)
    if unknown:
        print(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    results = [subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode for name in wanted]
    return max(results)


if __name__ == "__main__":
    sys.exit(main())
