"""Documents of hooks are untrusted: bounded while they are read, and what they say of calls is bounded too."""

from decimal import Decimal

import pytest

from app.runtime.transaction import HookDocument, read_hook

TEXT = """
name: ordered
message: ordered
secret: ordered
correlation_key: =id
schema: {schema}
"""
BOMB = "\n".join(
    ["name: ordered", "a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))]
)


def codes(text: str) -> list[str]:
    found = read_hook("hooks/ordered.yaml", text.encode())
    assert isinstance(found, list)
    return [each.code for each in found]


def hook(schema: str) -> HookDocument:
    found = read_hook("hooks/ordered.yaml", TEXT.format(schema=schema).encode())
    assert isinstance(found, HookDocument)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BOMB, ["hook.alias"]),
        ("name: !!python/name:os.system x", ["hook.tag"]),
        ("name: a\nname: b", ["hook.key-twice"]),
        (TEXT.format(schema="{maxLength: 1e99999999}"), ["hook.number"]),
        ("[" * 5_000, ["hook.unreadable"]),
        ("name: [", ["hook.unreadable"]),
        ("\x00", ["hook.unreadable"]),
        (TEXT.format(schema='{$ref: "http://127.0.0.1:1/x.json"}'), ["hook.schema-reference"]),
        (TEXT.format(schema='{properties: {a: {$ref: "file:///etc/hostname"}}}'), ["hook.schema-reference"]),
        (TEXT.format(schema='{allOf: [{$dynamicRef: "other.json#x"}]}'), ["hook.schema-reference"]),
        (TEXT.format(schema='{pattern: "("}'), ["hook.schema"]),
        (TEXT.format(schema='{patternProperties: {"^(a+)+$": {type: string}}}'), ["hook.schema-pattern"]),
        (TEXT.format(schema="{type: 7}"), ["hook.schema"]),
        ("name: A\nmessage: ''", ["hook.field"] * 5),
    ],
    ids=lambda value: None if isinstance(value, list) else value[:20],
)
def test_what_cannot_be_a_hook_is_told_with_its_place(text: str, expected: list[str]) -> None:
    """Every problem, at once, without working through what a few letters can be made to mean."""
    assert codes(text) == expected


def test_a_field_may_be_named_like_a_keyword() -> None:
    """What is below `properties` names fields."""
    found = hook("{properties: {pattern: {type: string}, $ref: {type: string}}}")
    assert found.problems_of({"pattern": "(", "$ref": "http://x"}) == {}


def test_references_inside_the_schema_hold() -> None:
    """So a schema need not say a thing twice."""
    found = hook('{properties: {a: {$ref: "#/$defs/n"}}, $defs: {n: {type: integer, minimum: 3}}}')
    assert found.problems_of({"a": Decimal(3)}) == {}
    assert list(found.problems_of({"a": Decimal(2)})) == ["$.a"]


def test_a_pattern_gives_up() -> None:
    """A stranger's text does not hold the process; the call is refused with the reason."""
    found = hook('{properties: {a: {type: string, pattern: "^(a+)+$"}}}')
    assert found.problems_of({"a": "aaa"}) == {}
    assert list(found.problems_of({"a": "b"})) == ["$.a"]
    (problem,) = found.problems_of({"a": "a" * 60 + "!"}).values()
    assert "longer" in problem or "match" in problem


def test_problems_of_a_call_are_bounded() -> None:
    """A body with thousands of wrong fields gets the first of them."""
    found = hook("{additionalProperties: {type: string}}")
    assert len(found.problems_of({f"f{n}": Decimal(n) for n in range(1_000)})) == 50
