"""Whatever path an evaluation takes, a null and a rule that does not match leave the reason that FEEL would leave."""

import pytest

from app import feel
from app.dmn import DecisionReasonKind, Decisions, Evaluation
from tests.dmn.notation import decision, inputs, item, knowledge, literal, model, service, table


def evaluated(*parts: object, given: dict[str, object], name: str = "d", explain: bool = False) -> Evaluation:
    decisions = Decisions.read(("m.dmn", model(*parts)))  # type: ignore[arg-type]
    return decisions.evaluate(name, given, explain=explain)


def kinds(evaluation: Evaluation) -> list[str]:
    return [str(reason.kind) for reason in evaluation.reasons]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("> 3", "5"),
        ("[1..3]", "2"),
        ("5", "5"),
        ('"5"', 5),
        ('not("5")', 5),
        ("!= 5", "5"),
        ('< date("2026-01-01")', "2025-01-01"),
        ('date("2026-01-01")', "2026-01-01"),
        ('> duration("P1D")', 1),
        ("true", "true"),
        ("< 10", None),
        ('"a"', None),
        ('not("a")', None),
        ("[1..3]", None),
        ("> 3", {"a": 1}),
        ("> 3", True),
        ("> 3", [1, 2]),
    ],
)
def test_the_index_leaves_the_reason_that_the_unary_test_leaves(cell: str, value: object) -> None:
    """Value and reasons of a column of literals are those of FEEL, with the cell as their place, in both variants."""
    expected: list[feel.Reason] = []
    verdict = feel.compile_unary_tests(cell).test(value, reasons=expected)
    text = f"v || r\n {cell} || 1\n - || 2"
    for explain in (False, True):
        found = evaluated(decision("d", table("FIRST", text)), given={"v": value}, explain=explain)
        assert found.value == (1 if verdict is True else 2)
        assert [(one.kind, one.message) for one in found.reasons] == [(one.kind, one.message) for one in expected]
        assert {one.place.element_id for one in found.reasons} <= {"r1-in1"}


def test_a_column_of_two_kinds_tells_of_the_cells_of_the_other_kind() -> None:
    """A number is none of the texts, though another cell is a number; once for the column, not for every rule."""
    text = 'v || r\n "a" || 1\n "b" || 2\n 5 || 3'
    found = evaluated(decision("d", table("FIRST", text)), given={"v": 5})
    assert (found.value, [one.place.element_id for one in found.reasons]) == (3, ["r1-in1"])


def test_every_column_is_looked_at_whatever_the_others_say() -> None:
    """The index stops at a column that rules everything out; the reason of another one is there all the same."""
    text = "a || r\n 1 || 1".replace("a ||", "a | b ||").replace(" 1 || 1", " 1 | > 2 || 1")
    found = evaluated(decision("d", table("UNIQUE", text)), given={"a": 9, "b": "3"})
    assert kinds(found) == ["not-comparable", "no-rule"]


UNREADABLE = [
    ("v || r\n 'gold' || 1\n - || 2", {}, "r1-in1"),
    ("v || r\n - || 2\n 'gold' || 1", {}, "r2-in1"),
    ("v || r\n - || 1 +", {}, "r1-out1"),
    ("v + || r\n - || 1", {}, ""),
    ("v || r\n - || 1", {"allowed": {"v": "'a','b'"}}, ""),
    ("v || r\n - || 1", {"allowed": {"r": "1;2"}}, ""),
    ('v || r\n "tin" || 1', {"default": {"r": "1 +"}}, ""),
]


@pytest.mark.parametrize("hit_policy", ["FIRST", "UNIQUE", "COLLECT", "ANY"])
@pytest.mark.parametrize(("text", "more", "element"), UNREADABLE)
def test_what_cannot_be_read_makes_its_decision_fail(
    text: str, more: dict[str, dict[str, str]], element: str, hit_policy: str
) -> None:
    """It never counts as "no match", and no other rule is taken instead."""
    for explain in (False, True):
        found = evaluated(decision("d", table(hit_policy, text, **more)), given={"v": "gold"}, explain=explain)  # type: ignore[arg-type]
        assert found.value is None
        assert kinds(found) == ["syntax"]
        assert found.reasons[0].place.element_id == element


def test_an_unreadable_table_inside_a_function_fails_there_only() -> None:
    """The call is null with the cell's reason, and the decision goes on."""
    logic = table("FIRST", "n || r\n 1 + || 1\n - || 2")
    found = evaluated(knowledge("f", "n", logic), decision("d", literal("if f(1) = null then 7 else 8")), given={})
    assert found.value == 7
    assert kinds(found) == ["syntax"]


def test_an_unreadable_type_allows_nothing() -> None:
    """Allowed values that nobody can read are no permission; the reason shows them."""
    found = evaluated(
        item("t", "string", allowed="'a','b'"), inputs("v: t"), decision("d", literal("v")), given={"v": "a"}
    )
    assert found.value is None
    assert found.reasons[0].message == (
        "Expected string (allowed values that cannot be read: 'a','b'), but found the string \"a\"."
    )


@pytest.mark.parametrize(
    ("hit_policy", "more", "value", "expected"),
    [
        ("UNIQUE", {}, None, ["no-rule"]),
        ("FIRST", {}, None, ["no-rule"]),
        ("ANY", {}, None, ["no-rule"]),
        ("PRIORITY", {}, None, ["no-rule"]),
        ("COLLECT", {"aggregation": "SUM"}, None, ["no-rule"]),
        ("COLLECT", {"aggregation": "COUNT"}, 0, []),
        ("COLLECT", {}, [], []),
        ("RULE ORDER", {}, [], []),
        ("FIRST", {"default": {"r": "null"}}, None, []),
        ("FIRST", {"default": {"r": "9"}}, 9, []),
    ],
)
def test_no_rule_is_a_reason_where_it_is_a_null(
    hit_policy: str, more: dict[str, object], value: object, expected: list[str]
) -> None:
    """An empty list and a default output are answers; a null that a rule states is none of this either."""
    logic = table(hit_policy, "n: number || r\n < 5 || 1\n 9 || null", **more)  # type: ignore[arg-type]
    found = evaluated(inputs("n: number"), decision("d", logic), given={"n": 7})
    assert (found.value, kinds(found)) == (value, expected)
    assert evaluated(inputs("n: number"), decision("d", logic), given={"n": 7}, explain=True).reasons == found.reasons
    assert "no-rule" not in kinds(evaluated(inputs("n: number"), decision("d", logic), given={"n": 9}))


def test_no_rule_shows_what_was_asked() -> None:
    """Every column with its value, long ones shortened."""
    text = 'n | s || r\n 1 | "a" || 1'
    (reason,) = evaluated(decision("d", table("UNIQUE", text)), given={"n": 2, "s": "b" * 100}).reasons
    assert reason.message == f'Expected a rule that matches, but found none for n = 2, s = "{"b" * 58}….'


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, "none"),
        ({"Order Total": 5}, "only Order Total"),
        ({"order_total": 5}, "only order_total"),
        ({"order totl": 5}, "only order totl"),
        ({"weather": 5}, "none"),
    ],
)
def test_a_missing_input_says_so_and_names_a_near_one(given: dict[str, object], found: str) -> None:
    """Decisions, services and knowledge models alike; one that is null is given."""
    text = "Expected the input order total, but found"
    parts = (
        inputs("order total"),
        decision("d", literal("order total")),
        service("s", outputs=["d"], takes=["order total"]),
        knowledge("f", "order total", literal("order total")),
    )
    for name in ("d", "s", "f"):
        reasons = evaluated(*parts, given=given, name=name).reasons
        assert (reasons[0].kind, reasons[0].message) == (DecisionReasonKind.INPUT_MISSING, f"{text} {found}.")
        assert evaluated(*parts, given={"order total": None}, name=name).reasons == ()


@pytest.mark.parametrize("name", ["count", "date", "min", "number"])
def test_an_input_called_like_a_function_is_an_input(name: str) -> None:
    """Given, it has its value; missing, it is null with a reason, and not the function, which is not null."""
    parts = decision("d", table("FIRST", f'{name} || r\n not(null) || "there"\n - || "not there"'))
    assert evaluated(parts, given={name: 5}).value == "there"
    missing = evaluated(parts, given={})
    assert (missing.value, kinds(missing)) == ("not there", ["input-missing"])


def test_the_explanation_has_each_decision_s_reasons() -> None:
    """With the decision in which they arose, and with the rule whose cell could not be compared."""
    parts = (
        decision("a", table("FIRST", "v || r\n > 3 || 1\n - || 2")),
        decision("d", literal("a / 0")),
    )
    trace = evaluated(*parts, given={"v": "5"}, explain=True).trace
    assert trace is not None
    assert [[str(reason.kind) for reason in one.reasons] for one in trace.decisions] == [
        ["not-comparable"],
        ["division-by-zero"],
    ]
    (miss,) = trace.decisions[0].tables[0].misses()
    assert [str(reason.kind) for reason in miss.reasons] == ["not-comparable"]


def test_a_table_that_cannot_be_asked_is_in_the_trace_without_rules() -> None:
    """Its inputs are shown, and no rule is said to have failed."""
    for more in ({"allowed": {"v": "1,2"}}, {"default": {"r": "9"}}):
        text = "v || r\n 1 || 1" if "allowed" in more else "v || r\n 'x' || 1"
        trace = evaluated(decision("d", table("FIRST", text, **more)), given={"v": 5}, explain=True).trace  # type: ignore[arg-type]
        assert trace is not None
        (seen,) = trace.decisions[0].tables
        assert (seen.inputs, seen.matched, list(seen.misses())) == ({"v": 5}, (), [])
