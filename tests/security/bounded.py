"""A process for hostile input: each is read in a child of its own, whose memory and processor time are bounded.

`python -m tests.security.bounded` is the process that forks; it has loaded everything, so that a child costs little.
"""

import gc
import os
import pickle
import resource
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Self

from app import feel
from app.assembly import make_registry
from app.dmn import sheets
from app.errors import BailiwickError
from app.handlers import HandlerRegistry
from app.runtime.messages.hooks import problems_of
from app.runtime.models import InService, analyse_tables, examine
from app.runtime.transaction import HookDocument, read_hook
from app.settings import load_settings
from app.web.studio.comparison import compare

MEMORY_BYTES = 1_500 * 1024 * 1024
SECONDS = 30  # of the processor, for one input; none of them takes three on a machine of today
MODEL = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="x" name="m" id="m">
<decision id="d" name="d"><decisionTable id="t"><input id="i"><inputExpression id="e"><text>x</text></inputExpression>
</input><output id="o"/><rule id="r"><inputEntry id="a"><text>1</text></inputEntry><outputEntry id="b"><text>2</text>
</outputEntry></rule></decisionTable></decision></definitions>"""
HOOK = rb"""name: h
message: m
secret: S
correlation_key: "=id"
schema:
  type: object
  properties: {id: {type: string, pattern: "^(a|aa)+$"}, amount: {type: number, multipleOf: 0.01}, more: {"$ref": "#"}}
"""

Door = Callable[[str, bytes], list[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a door said to an input: a line each. `error` is that of a child that did not end by itself."""

    said: tuple[str, ...]
    error: str
    seconds: float


class Bounded:
    """The forking process while it is needed."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.security.bounded"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def read(self, door: str, path: str, content: bytes) -> Answer:
        """Let the `door` (a name in DOORS) read the content."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        pickle.dump((door, path, content), self._process.stdin)
        self._process.stdin.flush()
        answer = pickle.load(self._process.stdout)  # noqa: S301 - our own child's
        assert isinstance(answer, Answer)
        return answer


@cache
def registry() -> HandlerRegistry:
    return make_registry(load_settings())


def _models(path: str, content: bytes) -> list[str]:
    files = {path: content}
    found = examine(files, InService(), registry()).diagnostics
    said = feel.json_dumps([str(table.to_json()) for _, table in analyse_tables(files)])
    return [*(f"{each.code} {each}" for each in found), f"tables {len(said)}"]


def _json(_path: str, content: bytes) -> list[str]:
    try:
        value = feel.json_loads(content)
    except ValueError as problem:
        return [f"refused {problem}"]
    again = feel.json_loads(feel.json_dumps(value))
    return ["read" if again == value else "changed"]


def _hook(_path: str, content: bytes) -> list[str]:
    hook = read_hook("hooks/h.yaml", HOOK)
    assert isinstance(hook, HookDocument)
    return [f"{place} {text}" for place, text in problems_of(hook, content).items()]


def _sheet(_path: str, content: bytes) -> list[str]:
    try:
        return [str(change) for change in sheets.from_xlsx("m.dmn", MODEL, "m.xlsx", content).changes]
    except BailiwickError as problem:
        return [f"refused {problem}"]


def _compare(_path: str, content: bytes) -> list[str]:
    try:
        found = compare(MODEL, content)
    except BailiwickError as problem:
        return [f"refused {problem}"]
    return [f"{len(found.added)} {len(found.removed)} {len(found.changed)}"]


DOORS: Mapping[str, Door] = {"models": _models, "json": _json, "hook": _hook, "sheet": _sheet, "compare": _compare}


def _in_a_child(door: str, path: str, content: bytes) -> Answer:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        try:
            result: tuple[list[str], str] = DOORS[door](path, content), ""
        except BaseException:  # noqa: BLE001 - the parent says it
            result = [], traceback.format_exc()[-3000:]
        with os.fdopen(writing, "wb") as out:
            pickle.dump(result, out)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        written = answer.read()
    _, status, usage = os.wait4(child, 0)
    said, error = pickle.loads(written) if written else ([], f"ended by signal {status}")  # noqa: S301 - our own
    return Answer(tuple(said), error, usage.ru_utime + usage.ru_stime)


if __name__ == "__main__":
    from tests.security import bounded  # noqa: PLW0406 - the same classes for both ends of the pipe

    bounded.registry()
    gc.freeze()
    while True:
        try:
            order = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent's
        except EOFError:
            break
        pickle.dump(bounded._in_a_child(*order), sys.stdout.buffer)
        sys.stdout.buffer.flush()
