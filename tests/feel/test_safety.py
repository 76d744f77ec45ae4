"""A decision is untrusted input: whatever its text, an evaluation ends soon, with an answer, a null or a diagnostic."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import feel

DEEP = 100_000


@pytest.mark.parametrize(
    "text",
    [
        "(" * DEEP + "1" + ")" * DEEP,
        "[" * DEEP + "1" + "]" * DEEP,
        "{a:" * DEEP + "1" + "}" * DEEP,
        "-" * DEEP + "1",
        "if true then 1 else " * DEEP + "1",
        "x" + ".a" * (DEEP // 4),
        "x" + "[1]" * (DEEP // 4),
        "f" + "(1)" * (DEEP // 4),
        "1" + " = 1" * (DEEP // 4),
        "not(" * DEEP,
        "x" * 1_000_001,
        "1" + "+1" * 499_999,
        "[1" + ",1" * 499_998 + "]",
    ],
    ids=lambda text: str(text)[:12],
)
def test_what_nests_too_deeply_is_refused(text: str) -> None:
    """Depth and length are bounded; the diagnostic says where."""
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.evaluate(text)
    assert caught.value.diagnostics[0].code in {"feel.too-deep", "feel.too-long"}


@pytest.mark.parametrize(
    ("wrap", "core"),
    [
        ("x in ({})+1", "1"),
        ("x in (({})..2)", "1"),
        ("x in ({}, 1)", "1"),
        ("a[{}]", "a.day of week"),
        ("a[({}).day of week]", "a"),
        ("({})[item > 1]", "a"),
        ("{{a: {}, b: a, c: b.day of week}}.c", "a.day of week"),
        ("(function(x) x.day of week)({})", "a"),
    ],
)
def test_nothing_is_read_twice_at_each_level(wrap: str, core: str) -> None:
    """Time grows with the length of a text, not with two to the power of its depth."""
    text = core
    for _ in range(36):
        text = wrap.format(text)
    feel.evaluate(text, {"x": 1, "a": [{"day of week": 1}]})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 in (1)", True),
        ("3 in (1) + 2", True),
        ("2 in (1..3)", True),
        ("1 in (1..3)", False),
        ("2 in (1..3) and true", True),
        ("2 in (< 3)", True),
        ("2 in (< 3, > 5)", True),
        ("2 in (1, 2) and 3 in ((2 + 1))", True),
        ('@"2020-01-02" in (@"2020-01-01"..@"2020-01-03"[', True),
        ("(1..3) in (1..3)", None),
        ("1 in ([1, 2])[1] + 0", True),
    ],
)
def test_what_a_parenthesis_after_in_begins(text: str, expected: object) -> None:
    """Tests, a range, or an expression that goes on behind the parenthesis."""
    assert feel.evaluate(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1" + "+1" * 49_998, 49_999),
        ("1" + " and true" * 100, None),
        ("-".join(f"v{i}" for i in range(20_000)), None),
        ("count([" + ",".join(f"v{i}" for i in range(20_000)) + "])", 20_000),
        ("{" + "a+" * 20_000 + "b: 1, c: " + "a+" * 20_000 + "a}.c", None),
    ],
    ids=["sum", "conjunction", "difference", "names", "long name"],
)
def test_the_longest_expressions_are_read_once(text: str, expected: object) -> None:
    """Just below the bound on tokens, an expression is compiled once, with care."""
    assert feel.evaluate(text, {"a": None}) == expected


def test_a_for_of_thousands_of_iterations_is_refused() -> None:
    """Each is a scope inside the one before."""
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.evaluate("for " + ", ".join(f"i{i} in 1..1" for i in range(10_000)) + " return 1")
    assert caught.value.diagnostics[0].code == "feel.too-deep"


def test_names_of_a_hundred_words_need_backticks() -> None:
    """A longer one is a name only where it is marked as one."""
    for length, known in ((100, True), (101, False)):
        name = " ".join(["w"] * length)
        assert feel.evaluate(f"`{name}` + 1", {name: 1}) == 2
        if known:
            assert feel.evaluate(f"{name} + 1", {name: 1}) == 2
        else:
            with pytest.raises(feel.FeelSyntaxError):
                feel.evaluate(f"{name} + 1", {name: 1})


_TEXT = "{" + 's0: "0123456789abcdef", ' + ", ".join(f"s{i}: s{i - 1} + s{i - 1}" for i in range(1, 19)) + ", r: "
_LIST = "{l: for i in 1..100000 return i, m: for i in 1..100000 return i, r: "
_SHARED = "{l0: [1], " + ", ".join(f"l{i}: [l{i - 1}, l{i - 1}]" for i in range(1, 60)) + ", r: "


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1000000 return " + "1 + " * 1000 + "i",
        "for i in 1..1000000 return [" + "1, " * 1000 + "i]",
        "for i in 1..1000000 return {" + ", ".join(f"k{i}: i" for i in range(300)) + "}",
        "count((for i in 1..900000 return i)[item + " + "1 + " * 1000 + "0 > 0])",
        "some i in 1..1000000 satisfies i < 0 - (" + "1 + " * 1000 + "0)",
        "for i in 1..900000 return (function(x) " + "1 + " * 1000 + "x)(i)",
        "for i in 1..900000 return 1.000001 ** (i + 0.5)",
        "for i in 1..900000 return exp(i / 1000)",
        *(
            _TEXT + f"for i in 1..100000 return {piece}" + "}.r"
            for piece in (
                "s18 + string(i)", "upper case(s18)", "substring(s18, 2)", 'replace(s18, "0", "1")', 'split(s18, "0")',
                'string join([s18, "a"])', "string([s18])", 'extract(s18, "0")', "to base64(s18)", "to json(s18)",
                'contains(s18, "zz")', 'matches(s18, "zz")',
            )
        ),
        *(
            _LIST + f"for i in 1..300000 return {piece}" + "}.r"
            for piece in (
                "l = m", "l != m", "0 in l", "l in (m, m)", "l instance of list<number>", "reverse(l)", "remove(l, 1)",
                "append(l, 1)", "partition(l, 1)", "index of(l, 0)", "list contains([l], m)", "flatten(l)", "sum(l)",
                "distinct values([l, m])", "duplicate values(l)", "(function(x: list<number>) 1)(l)", "sublist(l, 2)",
                'context put({}, "a", l).a = m', "get entries(context(l))", "string(l)", "sort(l)", "union(l, m)",
            )
        ),
        _SHARED + "l59 instance of " + "list<" * 60 + "number" + ">" * 60 + "}.r",
        _SHARED + "for i in 1..100 return string(l59)}.r",
        _SHARED + "for i in 1..100 return to json(l59)}.r",
        'for i in 1..1000000 return matches("' + "a" * 60 + '!", "^(a|a|aa)+$")',
        _LIST + 'for i in 1..300000 return from json("[" + string join(for j in 1..2000 return "[]", ",") + "]")}.r',
    ],
    ids=lambda text: str(text)[-50:],
)  # fmt: skip
def test_work_in_a_loop_is_paid_for(text: str) -> None:
    """Long bodies, long values and slow functions take more of the budget than one step: the evaluation ends soon, and
    has not built more than fits into memory. Where it is not null, it was cheap."""
    reasons: list[feel.Reason] = []
    value = feel.evaluate(text, reasons=reasons)
    assert value is True or (value is None and feel.ReasonKind.LIMIT in {reason.kind for reason in reasons})


def test_a_limit_has_its_place() -> None:
    """The reason of an evaluation that was stopped is the whole expression."""
    reasons: list[feel.Reason] = []
    assert feel.evaluate(" for i in 1..1000000000 return i ", reasons=reasons) is None
    assert [(reason.kind, reason.start, reason.end) for reason in reasons] == [(feel.ReasonKind.LIMIT, 1, 32)]


def test_an_expression_without_loops_is_never_stopped() -> None:
    """Whatever the caller brings: it takes time in proportion to the data, which the caller has chosen."""
    many: list[object] = [Decimal(1)] * 5_000_000
    variables: dict[str, object] = {"l": many, "m": [*many, None], "t": "x" * 2_000_000}
    for text in ("l = m", "1 in l", "l instance of list<string>", "[" + ", ".join(["t + t"] * 20) + "] = null"):
        reasons: list[feel.Reason] = []
        assert feel.evaluate(text, variables, reasons=reasons) == feel.evaluate(text, variables)
        assert feel.ReasonKind.LIMIT not in {reason.kind for reason in reasons}


def test_a_hundred_levels_are_no_problem() -> None:
    """The bound is far beyond what people write."""
    assert feel.evaluate("(" * 100 + "1" + ")" * 100) == 1
    assert feel.evaluate("[" * 100 + "]" * 100) is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1" + "+1" * 3000, 3001), ("true" + " and true" * 3000, True), ('string length("a"' + '+"a"' * 3000 + ")", 3001)],
    ids=["sum", "conjunction", "text"],
)
def test_long_chains_are_not_deep(text: str, expected: object) -> None:
    """Operators in a row cost no depth."""
    assert feel.evaluate(text) == expected


def test_types_of_shared_parts_are_computed_once() -> None:
    """Where a name ends may depend on types; a context that doubles with each entry does not double the work."""
    entries = ", ".join(f"k{i}: {{day of week: k{i - 1}, y: k{i - 1}}}" for i in range(1, 60))
    assert feel.evaluate("{k0: {day of week: 1}, " + entries + ", r: k59" + ".day of week" * 60 + "}.r") == 1


def test_thousands_of_names_are_known_at_once() -> None:
    """Each entry of a context is a name for the following ones, also with spaces."""
    text = "{" + ", ".join(f"key {i}: {i}" for i in range(3000)) + ", sum: key 2998 + key 2999}.sum"
    assert feel.evaluate(text) == 5997


def test_the_callers_stack_does_not_matter() -> None:
    """Reading and compiling find room even where the caller has used up most of the stack."""

    def deeper(levels: int) -> object:
        return deeper(levels - 1) if levels else feel.evaluate("abs(" * 110 + "1" + ")" * 110)

    assert deeper(600) == 1


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|aa)+$", "(a|a|b)*c", "^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_a_catastrophic_pattern_ends(pattern: str) -> None:
    """A match that would take for ever is null with a reason, if it is not simply false."""
    reasons: list[feel.Reason] = []
    answer = feel.evaluate("matches(text, pattern)", {"text": "a" * 60 + "!", "pattern": pattern}, reasons=reasons)
    assert answer is False or [reason.kind for reason in reasons] == [feel.ReasonKind.LIMIT]


@pytest.mark.parametrize(
    "text",
    ["[1, 2][n]", "substring(s, n)", "date(n, 1, 1)", "decimal(1.5, n)", "partition([1], n)", "odd(n)", "modulo(n, 7)",
     "string(n)", "for i in 1..n return i", "sublist([1], 1, n)", "@\"P1D\" * n", "n ** n", "floor(n)", "n = n + 1"],
)  # fmt: skip
def test_a_number_beyond_all_measure_costs_nothing(text: str) -> None:
    """A caller may bring a decimal with a billion digits; no function writes it out."""
    for number in (Decimal("1e999999999"), Decimal("1e-999999999")):
        feel.evaluate(text, {"n": number, "s": "abc"}, reasons=[])


def _inside_itself() -> list[object]:
    values: list[object] = []
    values.append(values)
    return values


@pytest.mark.parametrize("declared", [None, {"x": feel.types.NUMBER}], ids=["undeclared", "declared"])
@pytest.mark.parametrize(
    "value",
    [
        Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("-Infinity"), float("nan"), float("inf"),
        10**7000, [Decimal("NaN")], {"a": [Decimal("Infinity")]}, _inside_itself(), {1: 2}, b"x", 1j, object(), int,
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_feel_cannot_hold_is_refused_at_the_door(value: object, declared: dict[str, feel.types.Type]) -> None:
    """Whatever an expression does with it, and in whichever code: TypeError says what was expected."""
    for text in ("x", "x + 1", "x > 1", "-x", "[x]", "x.a", "for i in 1..x return i", "string(x)", "is defined(x)"):
        expression = feel.compile(text, types=declared)
        for reasons in (None, []):
            with pytest.raises(TypeError, match="Expected"):
                expression.evaluate({"x": value}, reasons=reasons)
            with feel.arithmetic(), pytest.raises(TypeError, match="Expected"):
                feel.compile(text, types=declared).evaluate({"x": value}, reasons=reasons)
    with pytest.raises(TypeError, match="Expected"):
        feel.unary_test("> 1", value)
    with pytest.raises(TypeError, match="Expected"):
        feel.from_python(value)


def test_numbers_beyond_feels_own_are_null_where_they_are_used() -> None:
    """A finite decimal of any size may come in; what it yields is one of FEEL's numbers, or null with a reason."""
    for text in ("-x", "x + 1", "x * 10"):
        reasons: list[feel.Reason] = []
        assert feel.evaluate(text, {"x": Decimal("1e9999")}, reasons=reasons) is None
        assert [reason.kind for reason in reasons] == [feel.ReasonKind.OUT_OF_RANGE]


def test_compiled_code_has_no_builtins_of_python() -> None:
    """The code that the compiler makes reaches only the runtime of FEEL."""
    expression = feel.compile("a + 1")
    expression.evaluate({"a": 1})
    assert expression.evaluate.__globals__["__builtins__"] == {}  # type: ignore[attr-defined]


TOKENS = """1 2.5 x y item partial null true "a" @"2020-01-01" + - * / ** = != < >= and or not( ( ) [ ] { } , . .. :
    in between if then else for return some every satisfies function( instance of number list< > sum( count( string(
    date( ? ]1..2["""
PIECES = st.sampled_from(TOKENS.split())


@given(st.lists(PIECES, max_size=14))
def test_no_text_makes_the_engine_fail(pieces: list[str]) -> None:
    """Any sequence of tokens is a value or a syntax error, never another exception; and the careful code agrees."""
    text = " ".join(pieces)
    try:
        expression = feel.compile(text)
    except feel.FeelSyntaxError:
        return
    value = expression.evaluate({"x": 1, "y": [1, {"x": 2}]})
    again = expression.evaluate({"x": 1, "y": [1, {"x": 2}]}, reasons=[])
    assert feel.literal(value) == feel.literal(again)


@given(st.text(max_size=30))
def test_no_characters_make_the_reader_fail(text: str) -> None:
    """Any text is an expression or a syntax error with a place."""
    places: list[int | None] = []
    try:
        feel.compile(text)
    except feel.FeelSyntaxError as error:
        places = [diagnostic.line for diagnostic in error.diagnostics]
    assert None not in places
