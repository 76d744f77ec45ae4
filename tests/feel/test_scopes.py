"""Declared scopes, as DMN brings them: names, members and item definitions decide where a name ends."""

import pytest

from app import feel
from app.feel import types

PERSON = types.ContextType({"First Name": types.STRING, "age-group": types.NUMBER})
SCOPE = feel.Scope(
    {
        "Person": PERSON,
        "People": types.ListType(PERSON),
        "Monthly Fee": types.NUMBER,
        "age": types.NUMBER,
        "group": types.NUMBER,
        "find": types.FunctionType((types.NUMBER,), PERSON),
    },
    types={"tPerson": PERSON, "lib.tPeople": types.ListType(PERSON), "t Even": types.NUMBER},
)
ANN = {"First Name": "Ann", "age-group": feel.from_python(5)}
VARIABLES: dict[str, object] = {
    "Person": ANN,
    "People": [ANN],
    "Monthly Fee": feel.from_python(10),
    "age": feel.from_python(7),
    "group": feel.from_python(2),
    "find": feel.Function("find", (feel.Parameter("id", types.NUMBER),), lambda _frame, _id: ANN, types.ANY),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Person.First Name", "Ann"),
        ("Person.age-group", 5),
        ("Person.age-group - 1", 4),
        ("age-group", 5),
        ("People[age-group > 1].First Name", ["Ann"]),
        ("People[1].age-group", 5),
        ("for p in People return p.age-group", [5]),
        ("some p in People satisfies p.age-group = 5", True),
        ("find(1).age-group", 5),
        ("(function(p: tPerson) p.age-group)(Person)", 5),
        ("{other: Person, r: other.age-group}.r", 5),
        ("Monthly Fee*2", 20),
        ("Person instance of tPerson", True),
        ("People instance of lib.tPeople", True),
        ("4 instance of t Even", True),
        ("[People][1][1].First Name", "Ann"),
        ("(if true then Person else null).age-group", 5),
    ],
)
def test_the_type_says_where_the_name_of_a_member_ends(text: str, expected: object) -> None:
    """``age-group`` is one name after a dot, in a filter and in an iteration where the type has it, and elsewhere
    two."""
    assert feel.compile(text, SCOPE).run(feel.Frame(), VARIABLES) == expected


def test_an_unknown_name_of_a_closed_scope_is_reported() -> None:
    """The checker sees what the scope does not declare; built-in functions are known."""
    assert feel.compile("Monthly Fee + tax + count(People)", SCOPE).unknown == {"tax"}
    assert feel.compile("missing(1)", SCOPE).unknown == {"missing"}


def test_the_type_of_a_path_is_inferred() -> None:
    """`Expression.type` is what the declared types say about the value."""
    assert feel.compile("People.First Name", SCOPE).type == types.ListType(types.STRING)
    assert feel.compile("Person", SCOPE).type == PERSON


def test_a_recursive_type_is_no_trap() -> None:
    """An item definition may refer to itself."""
    tree = types.Reference("tree", lambda: types.ContextType({"left branch": tree, "leaf": types.NUMBER}))
    scope = feel.Scope({"t": tree}, types={"tree": tree})
    value = {"left branch": {"left branch": None, "leaf": None}, "leaf": None}
    assert feel.compile("t.left branch.left branch = null", scope).run(feel.Frame(), {"t": value}) is True
    assert types.conforms(value, tree)
    assert not types.conforms({"leaf": None}, tree)


def test_an_evaluation_shares_its_frame() -> None:
    """Several expressions of one decision share reasons, moment and budget."""
    reasons: list[feel.Reason] = []
    frame = feel.Frame(reasons)
    feel.compile("1 / 0").run(frame, {})
    feel.compile('"a" + 1').run(frame, {})
    assert [reason.kind for reason in reasons] == [feel.ReasonKind.DIVISION_BY_ZERO, feel.ReasonKind.WRONG_TYPE]
    assert feel.compile("count(for i in 1..600000 return i)").run(frame, {}) == 600_000
    assert feel.compile("count(for i in 1..600000 return i)").run(frame, {}) is None
    assert reasons[-1].kind is feel.ReasonKind.LIMIT


@pytest.mark.parametrize("name", ["number", "date", "string", "list", "count", "time", "min", "is defined"])
def test_a_variable_hides_the_function_of_its_name(name: str) -> None:
    """Names are looked up from the inside out, and the built-in functions are outermost (10.3.2.11)."""
    for expression in (feel.compile(f"{name} + 1", [name]), feel.compile(f"{name} + 1", types={name: types.NUMBER})):
        assert expression.evaluate({name: 4}) == 5
    assert feel.evaluate(f"{{{name}: 4, x: {name} + 1}}.x") == 5
    assert feel.evaluate(f"[{{{name}: 4}}][{name} = 4].{name}") == [4]
    assert feel.evaluate(f"for {name} in [4] return {name} + 1") == [5]
    assert feel.evaluate(f"(function({name}) {name} + 1)(4)") == 5
    assert feel.evaluate(f"{name} = null", {name: None}) is True


def test_what_is_called_is_a_function() -> None:
    """A value that cannot be called does not hide a function where one is called; another function does."""
    assert feel.evaluate('number + number("1")', {"number": 4}) == 5
    assert feel.evaluate('{number: 3, x: number("7")}.x') == 7
    assert feel.evaluate("{count: function(x) 42, y: count([1])}.y") == 42


def test_a_function_is_a_value_where_no_variable_hides_it() -> None:
    """Without a variable of the name, the name means the function."""
    assert feel.evaluate("(function(f) f([1, 2]))(count)") == 2
    assert feel.evaluate("count instance of function") is True
