"""The page of what to write instead says what the language says."""

import re
from pathlib import Path

import pytest

from app import feel
from tests.feel.test_mistakes import NAMES

PAGE = Path(__file__).parents[2] / "docs" / "feel-instead.md"


def rows() -> list[tuple[str, str, str]]:
    """Chapter, mistake and what to write, line by line."""
    found: list[tuple[str, str, str]] = []
    chapter = ""
    for line in PAGE.read_text(encoding="utf-8").split("\n"):
        if line.startswith("## "):
            chapter = line[3:]
        match = re.fullmatch(r"\| `(.+)` \| `(.+)` \|", line)
        if match is not None:
            found.append((chapter, match[1].replace("\\|", "|"), match[2]))
    return found


@pytest.mark.parametrize(("chapter", "text", "instead"), rows(), ids=lambda one: one)
def test_the_language_says_so(chapter: str, text: str, instead: str) -> None:
    """The first message about the left column ends with, or shows in full, the right one; and that one is sound."""
    compile_ = feel.compile_unary_tests if "cell" in chapter else feel.compile
    try:
        remedies = [one.remedy for one in feel.advice(compile_(text, NAMES))]
    except feel.FeelSyntaxError as error:
        remedies = [one.remedy for one in error.diagnostics]
    assert f"`{instead}`" in remedies[0]
    assert feel.advice(compile_(instead, NAMES)) == ()


def test_the_page_has_its_lines() -> None:
    """The lines are found: a changed table would make all of the above pass without one."""
    assert len(rows()) >= 80


def test_differences_to_camunda_are_as_the_manual_says() -> None:
    """Each line of the table has the value that it says, and a paragraph or the word that there is none."""
    text = (PAGE.parent / "feel.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| `(.+)` \| .+ \| `(.+)` \| (.+) \|$", text, re.MULTILINE)
    assert len(lines) >= 10
    for expression, here, because in lines:
        assert feel.literal(feel.evaluate(expression)) == feel.literal(feel.evaluate(here)), expression
        assert re.search(r"10\.3|no paragraph|no function of DMN|as above", because)
