"""The handler of the measured service task: it costs next to nothing, so that what is measured is the platform."""

from pydantic import BaseModel

from app.handlers import ActionContext, action


class Order(BaseModel):
    amount: int


class Booking(BaseModel):
    booked: int


@action("bench.book", system="ledger", effect="write")
def book(request: Order, _context: ActionContext) -> Booking:
    """Book an amount."""
    return Booking(booked=request.amount)
