"""The half of the public conformance suite that needs no engine: the files that must be refused, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.bpmn.checker import check
from app.bpmn.reader import read
from app.errors import ModelError


@dataclass(frozen=True, slots=True)
class Result:
    """`name` is the path in the suite; `expected` and `found` are rules, such as "EXT107" or "EXT107; REF"."""

    name: str
    passed: bool
    expected: str
    found: str


def rejections(folder: Path) -> Iterator[Result]:
    """Judge every file under ``must-be-rejected`` of `folder`, in the order of their names.

    They are judged strictly, where warnings count: a file passes if the rule after which its folder is named says why.
    """
    for path in sorted((folder / "must-be-rejected").glob("*/*.bpmn")):
        expected = path.parent.name
        try:
            diagnostics = check(read(path.name, path.read_bytes()))
        except ModelError as refusal:
            diagnostics = list(refusal.diagnostics)
        rules = sorted({diagnostic.rule or diagnostic.code for diagnostic in diagnostics})
        yield Result(
            name=path.relative_to(folder).as_posix(),
            passed=expected in rules,
            expected=expected,
            found="; ".join(rules) or "accepted",
        )
