"""Named points at which a chaos test kills this process: BAILIWICK_FAULT=<name> or <name>:<n> (at the n-th pass).

Without the variable a point costs one comparison. The points:

    before-lease, after-lease        around taking a job
    before-handler, after-side-effect, before-commit     in the worker, around the handler
    before-transaction-end, after-commit                 around every commit of the runtime
    before-announcement, after-announcement              around telling the workers
    after-accept, before-delivery-end                    in hooks
"""

import os
import signal
from itertools import count

POINTS = frozenset(
    {
        "before-lease",
        "after-lease",
        "before-handler",
        "after-side-effect",
        "before-commit",
        "before-transaction-end",
        "after-commit",
        "before-announcement",
        "after-announcement",
        "after-accept",
        "before-delivery-end",
    }
)
_NAME, _, _PASS = os.environ.get("BAILIWICK_FAULT", "").partition(":")
_passes = count(1)

if _NAME and _NAME not in POINTS:
    raise SystemExit(f"Expected BAILIWICK_FAULT to be one of {', '.join(sorted(POINTS))}, but found {_NAME}.")


def reach(point: str) -> None:
    """Die here, at once and without cleaning up, if this is the point that the environment names."""
    if point == _NAME and next(_passes) == int(_PASS or 1):
        os.kill(os.getpid(), signal.SIGKILL)
