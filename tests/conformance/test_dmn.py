"""The public DMN kit against the committed score, which only goes up; and the runner itself on small kits."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.dmn.conformance import run, score
from tests.dmn.notation import decision, inputs, literal, model

SHARED = Path(os.environ.get("BAILIWICK_SHARED") or Path(__file__).parents[3] / "shared")
KIT = SHARED / "dmn-tck"
SCORE = Path(__file__).with_name("dmn-score.txt")


@pytest.mark.shared
@pytest.mark.skipif(not KIT.is_dir(), reason=f"the public kit is not in {KIT} (BAILIWICK_SHARED names its folder)")
def test_the_kit_scores_what_is_committed() -> None:
    """Every visible case passes, and so does every case that expects anything but null."""
    found = score(KIT)
    failures = [failure for folder in found.folders for result in folder.results for failure in result.failures]
    assert failures == []
    passed, total = found.with_value
    assert SCORE.read_text().splitlines() == [
        f"{found.passed} passed, {found.total - found.passed} failed",
        f"{passed} of {total} with a value other than null",
    ]


HEAD = (
    '<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
)


def kit(folder: Path, *cases: str) -> Path:
    """A kit of one feature folder, whose decision d doubles its input n."""
    feature = folder / "level" / "0001-double"
    feature.mkdir(parents=True)
    (feature / "double.dmn").write_bytes(model(inputs("n: number"), decision("d", literal("n * 2"))))
    body = "".join(f'<testCase id="{number:03}">{case}</testCase>' for number, case in enumerate(cases, start=1))
    (feature / "double-test-01.xml").write_text(f"{HEAD}<modelName>double.dmn</modelName>{body}</testCases>")
    return folder


def case(given: str, expected: str, *, error: bool = False) -> str:
    attribute = ' errorResult="true"' if error else ""
    return (
        f'<inputNode name="n"><value xsi:type="xsd:decimal">{given}</value></inputNode>'
        f'<resultNode name="d"{attribute}><expected>{expected}</expected></resultNode>'
    )


def decimal(text: str) -> str:
    return f'<value xsi:type="xsd:decimal">{text}</value>'


NIL = '<value xsi:nil="true"/>'


def test_a_run_prints_a_line_a_folder_and_the_score_last(tmp_path: Path) -> None:
    """The pass rate of the cases that expect a value stands before it."""
    out = io.StringIO()
    folder = kit(tmp_path, case("1", decimal("2")), case("1", decimal("3")), case("1", NIL, error=True))
    assert run(folder, out=out) == (1, 2)
    assert out.getvalue().splitlines() == [
        "level/0001-double: 1/3",
        "1 of 2 cases that expect a value other than null passed (50.00 %)",
        "1 passed, 2 failed",
    ]


def test_a_verbose_run_shows_expression_expected_and_found(tmp_path: Path) -> None:
    """Each failure with its case."""
    out = io.StringIO()
    run(kit(tmp_path, case("1", decimal("3"))), verbose=True, out=out)
    assert "  001: d: n * 2\n    expected 3\n    found    2\n" in out.getvalue()


@pytest.mark.parametrize(("expected", "passed"), [("2.000000009", True), ("2.00000002", False)])
def test_numbers_may_differ_by_a_hundred_millionth(tmp_path: Path, expected: str, passed: bool) -> None:
    """The tolerance is 1e-8."""
    assert run(kit(tmp_path, case("1", decimal(expected))), out=io.StringIO()) == (int(passed), int(not passed))


def test_a_list_must_have_the_same_size(tmp_path: Path) -> None:
    """One element is not a list of one."""
    listed = f"<list><item>{decimal('2')}</item></list>"
    assert run(kit(tmp_path, case("1", listed)), out=io.StringIO()) == (0, 1)


def test_values_of_cases_have_their_type(tmp_path: Path) -> None:
    """A string where a date is declared is null, although the public door would read it as a date."""
    folder = kit(tmp_path)
    feature = folder / "level" / "0001-double"
    (feature / "double.dmn").write_bytes(model(inputs("n: date"), decision("d", literal("string(n)"))))
    string = '<value xsi:type="xsd:string">2024-01-01</value>'
    date = '<value xsi:type="xsd:date">2024-01-01</value>'
    cases = "".join(
        f'<testCase id="{number}"><inputNode name="n">{given}</inputNode>'
        f'<resultNode name="d"><expected>{expected}</expected></resultNode></testCase>'
        for number, (given, expected) in enumerate([(string, NIL), (date, string)])
    )
    (feature / "double-test-01.xml").write_text(f"{HEAD}<modelName>double.dmn</modelName>{cases}</testCases>")
    assert run(folder, out=io.StringIO()) == (2, 0)


def test_a_kit_whose_model_is_missing_fails_its_cases(tmp_path: Path) -> None:
    """The run goes on, and each case says why."""
    folder = kit(tmp_path, case("1", decimal("2")), case("2", decimal("4")))
    (folder / "level" / "0001-double" / "double.dmn").unlink()
    assert run(folder, out=io.StringIO()) == (0, 2)


@pytest.mark.parametrize("missing", ["no-such-folder-below", "models-only"])
def test_a_folder_without_cases_says_so_and_shows_nothing(tmp_path: Path, missing: str) -> None:
    """One clear line, and the last line is the score as always: nothing passed, which the command counts as failure."""
    (tmp_path / missing).mkdir()
    if missing == "models-only":
        (tmp_path / missing / "m.dmn").write_bytes(model(decision("d", literal("1"))))
    out = io.StringIO()
    assert run(tmp_path, out=out) == (0, 0)
    first, *_, last = out.getvalue().splitlines()
    assert first.startswith("Expected test cases")
    assert last == "0 passed, 0 failed"


def _folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _link_to_nowhere_instead(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("nowhere"))


def _replace(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text().replace(old, new))


DAMAGES: dict[str, Callable[[Path, Path], object]] = {
    "model-not-xml": lambda dmn, _: dmn.write_text("<definitions"),
    "model-not-dmn": lambda dmn, _: dmn.write_text("<html/>"),
    "model-is-a-folder": lambda dmn, _: _folder_instead(dmn),
    "model-is-a-dangling-link": lambda dmn, _: _link_to_nowhere_instead(dmn),
    "cases-not-xml": lambda _, cases: _replace(cases, "</testCases>", ""),
    "cases-empty": lambda _, cases: cases.write_text(""),
    "cases-are-a-dangling-link": lambda _, cases: _link_to_nowhere_instead(cases),
    "cases-with-a-document-type": lambda _, cases: _replace(cases, "<testCases", "<!DOCTYPE testCases><testCases"),
    "no-such-decision": lambda _, cases: _replace(cases, 'name="d"', 'name="e"'),
    "no-result-node": lambda _, cases: _replace(cases, "resultNode", "extensionElements"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_case_that_cannot_run_has_failed(tmp_path: Path, damage: str) -> None:
    """Whatever is broken, the run goes on, counts it as failed and says why, even where null is expected."""
    feature = kit(tmp_path, case("1", NIL, error=True)) / "level" / "0001-double"
    DAMAGES[damage](feature / "double.dmn", feature / "double-test-01.xml")
    kit(tmp_path / "sound", case("1", decimal("2")))
    out = io.StringIO()
    assert run(tmp_path, verbose=True, out=out) == (1, 1)
    assert "level/0001-double: 0/1\n  " in out.getvalue()
    assert out.getvalue().splitlines()[-1] == "1 passed, 1 failed"


def test_other_xml_is_no_case(tmp_path: Path) -> None:
    """A page or a process beside the cases is passed over."""
    folder = kit(tmp_path, case("1", decimal("2")))
    (folder / "level" / "0001-double" / "page.xml").write_text("<html/>")
    assert run(folder, out=io.StringIO()) == (1, 0)


@pytest.mark.parametrize(("models", "score_of_it"), [(1, (1, 0)), (2, (0, 1))])
def test_cases_that_name_no_model_mean_the_only_one(tmp_path: Path, models: int, score_of_it: tuple[int, int]) -> None:
    """The schema lets the name be absent; of two models, none is guessed."""
    folder = kit(tmp_path, case("1", decimal("2")))
    cases = folder / "level" / "0001-double" / "double-test-01.xml"
    cases.write_text(cases.read_text().replace("<modelName>double.dmn</modelName>", ""))
    if models == 2:
        cases.with_name("other.dmn").write_bytes(model(decision("e", literal("1"))))
    assert run(folder, out=io.StringIO()) == score_of_it


def test_files_are_known_whatever_the_case_of_their_suffix(tmp_path: Path) -> None:
    """Kits come from systems that do not distinguish them."""
    folder = kit(tmp_path, case("1", decimal("2")))
    feature = folder / "level" / "0001-double"
    (feature / "double-test-01.xml").rename(feature / "DOUBLE-TEST-01.XML")
    assert run(folder, out=io.StringIO()) == (1, 0)
