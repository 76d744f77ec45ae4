"""Prepare the services, run pytest on all cores, and say last what had to be left out."""

import os
import subprocess
import sys
from contextlib import ExitStack

from tests.services import provide


def main(arguments: list[str]) -> int:
    with ExitStack() as stack:
        environment, left_out = provide(stack)
        command = [sys.executable, "-m", "pytest", "--numprocesses=auto", "--dist=worksteal", *arguments]
        done = subprocess.run(command, check=False, env={**os.environ, **environment})
    for line in left_out:
        print(line)
    return done.returncode or (1 if left_out and os.environ.get("CI") else 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
