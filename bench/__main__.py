"""Run every benchmark of this folder, each in a process of its own so that none warms the next one's caches.

The long ones run by name only.
"""

import pkgutil
import subprocess
import sys

import bench

LONG = frozenset({"scale"})


def main(names: list[str]) -> int:
    worst = 0
    for module in pkgutil.iter_modules(bench.__path__):
        if module.name.startswith("_") or (module.name not in names if names else module.name in LONG):
            continue
        print(f"\n== {module.name}", flush=True)
        worst = max(worst, subprocess.run([sys.executable, "-m", f"bench.{module.name}"], check=False).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
