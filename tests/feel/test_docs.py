"""The examples of the manual."""

import ast
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


def blocks(text: str) -> list[str]:
    """The Python code of a page, block by block."""
    return [part.split("```")[0] for part in text.split("```python\n")[1:]]


def comment(lines: list[str], after: int) -> str:
    """What the comment behind a statement says, which may go on in lines of its own; `after` is its last line."""
    said = [lines[after].rpartition("  # ")[2]] if "  # " in lines[after] else []
    for line in lines[after + 1 :]:
        if not line.startswith("# "):
            break
        said.append(line[2:])
    return " ".join(part.strip() for part in said)


@pytest.mark.parametrize("page", ["feel.md", "decisions.md"])
def test_examples_answer_what_they_say(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each block runs after those before it, and an expression's value is what the comment behind it says."""
    monkeypatch.chdir(DOCS.parent)
    names: dict[str, object] = {}
    compared = 0
    for block in blocks((DOCS / page).read_text()):
        lines = block.splitlines()
        for statement in ast.parse(block).body:
            text = ast.unparse(statement)
            if not isinstance(statement, ast.Expr):
                exec(text, names)  # noqa: S102 - our own manual
                continue
            value = eval(text, names)  # noqa: S307 - as above
            said = comment(lines, statement.end_lineno - 1)  # type: ignore[operator]
            if said:
                compared += 1
                assert " ".join(repr(value).split()) == said
    assert compared >= 3
