"""FEEL in role documents: compiled once per text, and answered with true, false, or why neither.

A predicate that is neither true nor false has failed: a mandate fails closed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from app import feel

BEFORE_NAMES = frozenset({"request", "variables", "company", "decision", "requester", "process"})
AFTER_NAMES = BEFORE_NAMES | {"result", "verification"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`holds` is None where the expression gave neither true nor false; `why` then says what it gave."""

    holds: bool | None
    why: str = ""


@lru_cache(maxsize=4096)
def compile_text(text: str) -> feel.Expression:
    """The compiled expression; the same text is compiled once. Raises `feel.FeelSyntaxError`."""
    return feel.compile(text, AFTER_NAMES)


def holds(text: str, scope: Mapping[str, object], now: datetime) -> Verdict:
    value, why = _evaluate(text, scope, now)
    if isinstance(value, bool):
        return Verdict(value)
    return Verdict(None, why or f"{text} gave {feel.text_of(value)} where true or false was expected")


def value_of(text: str, scope: Mapping[str, object], now: datetime) -> tuple[object, str]:
    """The value, and the reason where it is null."""
    return _evaluate(text, scope, now)


def _evaluate(text: str, scope: Mapping[str, object], now: datetime) -> tuple[object, str]:
    reasons: list[feel.Reason] = []
    value = compile_text(text).evaluate(scope, reasons=reasons, now=now)
    return value, reasons[0].message if value is None and reasons else ""
