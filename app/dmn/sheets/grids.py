"""One decision table as a grid of texts: what a sheet shows, and in which row and column of it each text stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class ColumnKind(StrEnum):
    INPUT = "input"
    OUTPUT = "output"
    ANNOTATION = "annotation"


class Head(StrEnum):
    """The rows above the rules; the first column of a sheet names them, so that nobody has to count."""

    DECISION = "Decision"
    HIT_POLICY = "Hit policy"
    LABEL = "Label"
    KIND = "Kind"
    EXPRESSION = "Expression or name"
    TYPE = "Type"
    ALLOWED = "Allowed values"
    DEFAULT = "Default output"
    KEY = "Id"


HEADS = tuple(Head)
FIRST_RULE = len(HEADS) + 1
"""The row of the first rule, from 1."""

COLUMN_HEADS = (Head.LABEL, Head.EXPRESSION, Head.TYPE, Head.ALLOWED, Head.DEFAULT)
"""What may be edited of a column."""

BEHIND = ("Description", "Rule id")
"""The columns behind those of the table."""

MAX_COLUMNS = 500
MAX_RULES = 100_000


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is the clause's id, or its number where it has none; `texts` are those of COLUMN_HEADS."""

    kind: ColumnKind
    key: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One rule. `key` is its id, or its number where it has none, "" where it is new."""

    key: str
    texts: tuple[str, ...]
    description: str = ""
    number: int = 0  # the row of the sheet, from 1


@dataclass(frozen=True, slots=True)
class Grid:
    decision_id: str
    decision_name: str
    hit_policy: str
    aggregation: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def lines(self) -> Iterator[list[str]]:
        """The sheet, line by line: heads, then rules with a number before, a description and the key behind."""
        columns = self.columns
        yield [Head.DECISION, self.decision_name, self.decision_id]
        yield [Head.HIT_POLICY, self.hit_policy, self.aggregation]
        for head in HEADS[2:]:
            if head is Head.KIND:
                texts = [str(column.kind) for column in columns]
            elif head is Head.KEY:
                texts = [column.key for column in columns]
            else:
                texts = [column.texts[COLUMN_HEADS.index(head)] for column in columns]
            yield [head, *texts, *(BEHIND if head is Head.LABEL else ("", ""))]
        for number, row in enumerate(self.rows, start=1):
            yield [str(number), *row.texts, row.description, row.key]
