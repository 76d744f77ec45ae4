"""The index finds the rules that a look at every cell finds, whatever it is built of."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.dmn.tables.cells import AnyValue, Cell, Computed, Literal, read_cell, satisfies
from app.dmn.tables.columns import Column, mask
from app.dmn.tables.index import Index

NUMBERS = ["-", "1", "2", "< 2", "[1..3]", "(2..5]", "> 4", "1, 3", "not(2)", "x", "[5..1]"]
STRINGS = ["-", '"a"', '"b"', '"a", "b"', 'not("a")', "y"]
values = st.one_of(
    st.none(), st.booleans(), st.sampled_from(["a", "b", "c"]), st.integers(0, 6).map(Decimal), st.just({"a": 1})
)


def evaluate(cell: Computed, value: object) -> bool:
    """Stands for FEEL: the cell x holds for odd numbers, y for the letter c."""
    return value in ((Decimal(1), Decimal(3), Decimal(5)) if cell.text == "x" else ("c",))


def by_hand(rules: Sequence[Sequence[Cell]], inputs: Sequence[object]) -> list[int]:
    def holds(cell: Cell, value: object) -> bool:
        if isinstance(cell, AnyValue):
            return True
        return satisfies(cell, value) if isinstance(cell, Literal) else evaluate(cell, value)

    return [number for number, cells in enumerate(rules) if all(map(holds, cells, inputs))]


def cells(texts: Sequence[Sequence[str]]) -> list[tuple[Cell, ...]]:
    known: dict[str, Cell] = {}
    return [tuple(known.setdefault(text, read_cell(text)) for text in row) for row in texts]


@settings(max_examples=300)
@given(
    rules=st.lists(
        st.tuples(st.sampled_from(NUMBERS), st.sampled_from(STRINGS), st.sampled_from(NUMBERS)), max_size=40
    ),
    inputs=st.tuples(values, values, values),
    max_bytes=st.sampled_from([64_000_000, 200, 1]),
)
def test_the_index_finds_what_a_look_at_every_cell_finds(
    rules: list[tuple[str, str, str]], inputs: tuple[object, ...], max_bytes: int
) -> None:
    """For any cells and values, and with any bound on memory, in rule order."""
    written = cells(rules)
    found = Index(written, max_bytes).find(inputs, evaluate)
    expected = by_hand(written, inputs)
    assert list(found) == expected
    assert found.first() == (expected[0] if expected else None)
    assert found.only() == (expected[0] if len(expected) == 1 else None)
    assert bool(found) is bool(expected)


@pytest.mark.parametrize("max_bytes", [64_000_000, 20_000])
def test_a_large_table_is_split_and_still_right(max_bytes: int) -> None:
    """2,000 rules over two columns of single values and two of intervals, with some dashes."""
    rules = [
        (
            "-" if i % 50 == 0 else f'"c{i % 40}"',
            f'"t{i % 7}"',
            f"[{i % 90}..{i % 90 + 20}]",
            "-" if i % 3 else f">= {i % 11}",
        )
        for i in range(2000)
    ]
    written = cells(rules)
    index = Index(written, max_bytes)
    for number in range(0, 120, 7):
        inputs = (f"c{number % 45}", f"t{number % 8}", Decimal(number), Decimal(number % 13))
        found = index.find(inputs, evaluate)
        assert list(found) == by_hand(written, inputs)


def test_memory_stays_within_its_bound() -> None:
    """4,000 different intervals would need 8,001 sets of 500 bytes; the index keeps as many as it may."""
    written = cells([(f"[{i}..{i + 1000}]",) for i in range(4000)])
    index = Index(written, 400_000)
    assert index.memory_bytes() <= 450_000
    found = index.find((Decimal(1500),), evaluate)
    assert list(found) == list(range(500, 1501))


def test_a_table_without_rules_matches_nothing() -> None:
    """No rule, no match, no crash."""
    found = Index([]).find((Decimal(1),), evaluate)
    assert list(found) == []


def test_a_column_evaluates_each_distinct_cell_once() -> None:
    """A hundred rules with one computed cell ask FEEL once."""
    asked = []

    def counting(cell: Computed, _: object) -> bool:
        asked.append(cell.text)
        return True

    column = Column(0, [(read_cell("x"), range(100))], 100, 1000)
    assert column.find(Decimal(1), counting) == mask(range(100), 100)
    assert asked == ["x"]
