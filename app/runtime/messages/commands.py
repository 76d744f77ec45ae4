"""Receipts of commands: the first answer to a key is given again, and another command under it is refused."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update

from app.errors import Conflict
from app.runtime.clock import CLOCK
from app.runtime.transaction import Actor, Command, Core
from app.store.tables import CommandReceiptRow

KEPT_FOR = timedelta(days=7)
LARGEST_ANSWER = 1_000_000  # characters


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    status: int
    text: str


class Commands:
    """In the name of whoever gives the command; a key is theirs alone."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def first_answer(self, command: Command) -> FirstAnswer | None:
        """The answer that this command got, or None if it is new. Raises `Conflict` where the key means another one."""
        query = select(CommandReceiptRow).where(
            CommandReceiptRow.person_id == command.person_id, CommandReceiptRow.key == command.key
        )
        with self._core.store.read() as session:
            row = session.scalars(query).first()
        if row is None:
            return None
        if row.fingerprint != command.fingerprint:
            raise Conflict(f"Expected a new Idempotency-Key, but {command.key} was used for another command. Draw one.")
        if row.status is None or row.answer is None:
            raise Conflict("Expected an answer that was kept, but the command was carried out without one. Look at it.")
        return FirstAnswer(row.status, row.answer)

    def keep(self, actor: Actor, command: Command, status: int, text: str) -> None:
        """Keep the answer of a command that was carried out; one that changed nothing gets its receipt here."""
        if len(text) > LARGEST_ANSWER:
            return
        if not command.is_done:
            with self._core.transaction(actor):
                pass  # the first transaction of a command writes its receipt
        here = (CommandReceiptRow.person_id == command.person_id, CommandReceiptRow.key == command.key)
        with self._core.store.write() as session:
            session.execute(update(CommandReceiptRow).where(*here).values(status=status, answer=text))


def forget(core: Core, limit: int) -> int:
    """Receipts are kept for a week."""
    with core.transaction(CLOCK) as transaction:
        old = select(CommandReceiptRow.person_id, CommandReceiptRow.key).where(
            CommandReceiptRow.at <= transaction.now - KEPT_FOR
        )
        found = transaction.session.execute(old.limit(limit)).all()
        for person_id, key in found:
            transaction.session.execute(
                delete(CommandReceiptRow).where(CommandReceiptRow.person_id == person_id, CommandReceiptRow.key == key)
            )
    return len(found)
