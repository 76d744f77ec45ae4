"""Evidence in the chain: evaluations and evidence are hashed, and the record beside them holds the digests.

Evidence stays where it is read by case and by job. What the chain knows of it is enough to find a row that was changed,
taken away or put in afterwards.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from enum import Enum

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from app.feel import json_dumps
from app.store.batch import Batch, table_of
from app.store.database import Base
from app.store.tables import EvaluationRow, EvidenceRow
from app.store.types import Json, JsonText

SEALED = "sealed"  # in the detail of a record: id → digest of the rows that its transaction wrote
KINDS: tuple[type[Base], ...] = (EvaluationRow, EvidenceRow)
DIGITS = 32  # of SHA-256 in hexadecimal: nobody finds a second text for 128 bits
AT_ONCE = 500


def take(batch: Batch) -> Iterator[tuple[str, str, str]]:
    """Of each row of evidence that the batch is about to write: its stream (the instance), its id and its digest.

    Its JSON becomes the text that was hashed, so that nothing is written in another way.
    """
    for kind in KINDS:
        columns = table_of(kind).columns
        for values in batch.new(kind):
            for column in columns:
                if isinstance(column.type, Json) and not isinstance(values[column.name], JsonText):
                    values[column.name] = JsonText(json_dumps(values[column.name]))
            yield str(values["instance_id"]), str(values["id"]), _digest([values[column.name] for column in columns])


class Seals:
    """What records say of the evidence of some streams, while they are read. `add` takes each; `differences` judges."""

    def __init__(self) -> None:
        self._sealed: dict[str, dict[str, str]] = {}
        self._whole: set[str] = set()  # streams all of whose evidence is sealed: they began with a seal

    def add(self, stream: str, position: int, detail: str) -> None:
        """The detail of one record, whose content has been verified."""
        if f'"{SEALED}"' not in detail:
            return
        digests = json.loads(detail).get(SEALED)
        if isinstance(digests, dict):
            self._sealed.setdefault(stream, {}).update(digests)
            if position == 1:
                self._whole.add(stream)

    def __len__(self) -> int:
        return len(self._sealed)

    def differences(self, session: Session) -> Iterator[tuple[str, str]]:
        """What does not fit, as id and sentence."""
        yield from _differences(session, self._sealed, self._whole)


def _differences(
    session: Session, sealed: Mapping[str, Mapping[str, str]], whole: AbstractSet[str]
) -> Iterator[tuple[str, str]]:
    expected = {row: digest for rows in sealed.values() for row, digest in rows.items()}
    found: set[str] = set()
    for streams in _pieces(sorted(sealed)):
        for kind in KINDS:
            for row, stream, digest in _rows(session, kind, streams):
                found.add(row)
                what = "evaluation" if kind is EvaluationRow else "evidence"
                if row not in expected and stream in whole:
                    yield row, f"stream {stream}: {what} {row} is not on record, it was put in afterwards"
                elif expected.get(row, digest) != digest:
                    yield row, f"stream {stream}: {what} {row} was changed"
    for stream in sorted(sealed):
        for row in sealed[stream]:
            if row not in found:
                yield row, f"stream {stream}: evidence {row} is on record, but was taken away"


def _rows(session: Session, kind: type[Base], streams: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    columns = table_of(kind).columns
    raw = [type_coerce(each, Text) if isinstance(each.type, Json) else each for each in columns]
    for row in session.execute(select(*raw).where(columns["instance_id"].in_(streams))):
        named = dict(zip(columns.keys(), row, strict=True))
        yield named["id"], named["instance_id"], _digest(list(row))


def _digest(values: Iterable[object]) -> str:
    return hashlib.sha256(json.dumps([_plain(value) for value in values]).encode()).hexdigest()[:DIGITS]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.value if isinstance(value, Enum) else value


def _pieces(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), AT_ONCE):
        yield names[start : start + AT_ONCE]
