"""Reads `cases/*.txt`: an expression, a blank line, what it yields, a blank line.

Before the expression there may be lines that begin with ``# `` (the claim that the cases below prove), ``given `` (a
context of variables) and ``input `` (then the expression is unary tests for that input). What it yields is an
expression itself, or ``null (reason kind)``, or ``syntax error code at line:column``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True, slots=True)
class FeelCase:
    file: str
    line: int
    claim: str
    given: str
    input: str | None
    text: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def read_cases(path: Path) -> Iterator[FeelCase]:
    claim, head, start = "", [], 0
    for line_number, paragraph in _paragraphs(path.read_text(encoding="utf-8")):
        if not head:
            head, start = paragraph, line_number
            continue
        given, tested = "", None
        while head[0].startswith(("# ", "given ", "input ")):
            kind, _, rest = head.pop(0).partition(" ")
            if kind == "given":
                while rest.count("{") > rest.count("}"):
                    rest += "\n" + head.pop(0)
                given = rest
            elif kind == "input":
                tested = rest
            else:
                claim = rest
        yield FeelCase(path.stem, start, claim, given, tested, "\n".join(head), "\n".join(paragraph))
        head = []


def _paragraphs(text: str) -> Iterator[tuple[int, list[str]]]:
    """Groups of lines with blank lines between, each with the number of its first line."""
    lines: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip():
            lines.append(line)
        elif lines:
            yield number - len(lines), lines
            lines = []
