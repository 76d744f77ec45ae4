"""The kinds of write that a batch consists of. Values are Python's; whoever executes a write gives them their types."""

from dataclasses import dataclass

from sqlalchemy import Table

Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class Put:
    """Insert rows; each has every column of the table."""

    table: Table
    rows: list[Values]


@dataclass(frozen=True, slots=True)
class Change:
    """Set `columns` of the rows whose columns `by` have the values that each of `rows` has for them."""

    table: Table
    by: tuple[str, ...]
    columns: tuple[str, ...]
    rows: list[Values]


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete the rows whose columns `by` have these values."""

    table: Table
    by: tuple[str, ...]
    rows: list[Values]


Write = Put | Change | Remove
