"""The public BPMN conformance suite, against the committed score, which only goes up."""

import json
import os
from pathlib import Path

import pytest

from app.bpmn.conformance import rejections
from app.engine.conformance import runs

SHARED = Path(os.environ.get("BAILIWICK_SHARED", Path(__file__).parents[3] / "shared"))
SUITE = SHARED / "bpmn-conformance"
SCORE = Path(__file__).with_name("bpmn-score.json")

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not SUITE.exists(), reason=f"the public suite is not in {SUITE} (BAILIWICK_SHARED names its folder)"
    ),
]


def test_the_runs_score_what_is_committed() -> None:
    """Every run passes except those that the score file argues against, each with the reason."""
    score = json.loads(SCORE.read_text())
    results = list(runs(SUITE))
    failed = {result.name for result in results if not result.passed}
    assert failed == set(score["argued"])
    assert (len(results) - len(failed), len(failed)) == (score["runs"]["passed"], score["runs"]["failed"])


def test_the_refusals_score_what_is_committed() -> None:
    """Every invalid file is refused by its rule, judged strictly: warnings count."""
    score = json.loads(SCORE.read_text())
    verdicts = [result.passed for result in rejections(SUITE)]
    assert (verdicts.count(True), verdicts.count(False)) == (
        score["rejections"]["passed"],
        score["rejections"]["failed"],
    )
