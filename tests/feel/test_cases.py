"""The language, case by case: each file of `cases` is a chapter, each paragraph pair of it an expression and its
value."""

import re

import pytest

from app import feel
from tests.feel.case_files import FOLDER, FeelCase, read_cases

CASES = [case for path in sorted(FOLDER.glob("*.txt")) for case in read_cases(path)]


def _yields(case: FeelCase, given: dict[str, object], reasons: list[feel.Reason]) -> object:
    if case.input is None:
        return feel.evaluate(case.text, given, reasons=reasons)
    return feel.unary_test(case.text, feel.evaluate(case.input), given, reasons=reasons)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_expression_yields_what_its_case_says(case: FeelCase) -> None:
    """Every expression of the case files has the value, the reason or the syntax error beside it."""
    given = feel.evaluate(case.given) if case.given else {}
    assert isinstance(given, dict)
    reasons: list[feel.Reason] = []
    problem = re.fullmatch(r"syntax error (\S+) at (\d+):(\d+)", case.expected)
    if problem is not None:
        with pytest.raises(feel.FeelSyntaxError) as caught:
            _yields(case, given, reasons)
        (diagnostic,) = caught.value.diagnostics
        assert (diagnostic.code, diagnostic.line, diagnostic.column) == (problem[1], int(problem[2]), int(problem[3]))
        return
    value = _yields(case, given, reasons)
    null = re.fullmatch(r"null \((.+)\)", case.expected)
    if null is not None:
        assert (value, reasons[-1].kind) == (None, null[1]), case.claim
        return
    assert feel.literal(value) == feel.literal(feel.evaluate(case.expected)), case.claim


def test_there_are_cases_for_every_chapter() -> None:
    """The case files are found: a wrong folder would make all of the above pass without a case."""
    assert {case.file for case in CASES} >= {"numbers", "comparisons", "ranges", "iteration", "temporal", "unary_tests"}
    assert len(CASES) > 700
