"""A ledger in the test's own memory, with task handlers on it: what is booked there is an effect to be counted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from pydantic import BaseModel

from app.handlers import ActionContext, Verification, action
from app.handlers.registry import AnyHandler


class Booking(BaseModel):
    amount: Decimal


class Booked(BaseModel):
    entry: str


@dataclass
class Ledger:
    """`troubles` are raised by the next attempts, one each; None books without trouble, LOST books and then raises."""

    entries: dict[str, Decimal] = field(default_factory=dict)
    troubles: list[tuple[Exception, bool]] = field(default_factory=list)
    shows: bool = True  # whether reading back finds what was booked
    attempts: int = 0

    def fails_with(self, *troubles: Exception) -> None:
        """The next attempts fail before they have any effect."""
        self.troubles.extend((trouble, False) for trouble in troubles)

    def loses_the_answer(self, trouble: Exception) -> None:
        """The next attempt books, and then fails."""
        self.troubles.append((trouble, True))

    def handlers(self) -> Iterator[AnyHandler]:
        def verify(_request: Booking, receipt: Booked | None, context: ActionContext) -> Verification:
            found = context.idempotency_key in self.entries and self.shows
            seen = Booked(entry=context.idempotency_key) if found and receipt is None else None
            return Verification(found, found={"booked": found}, detail="read back", receipt=seen)

        def undo(_request: Booking, receipt: Booked, _context: ActionContext) -> Booked:
            del self.entries[receipt.entry]
            return receipt

        @action("ledger.book", system="ledger", effect="write", verify=verify, undo=undo)
        def book(request: Booking, context: ActionContext) -> Booked:
            """Book an amount."""
            self.attempts += 1
            trouble, has_effect = self.troubles.pop(0) if self.troubles else (None, True)
            if has_effect:
                self.entries[context.idempotency_key] = request.amount
            if trouble is not None:
                raise trouble
            return Booked(entry=context.idempotency_key)

        @action("ledger.read", system="ledger", effect="read")
        def read(request: Booking, _context: ActionContext) -> Booking:
            """Read an amount."""
            return request

        yield from (book, read)
