"""How deep processes call each other, and how much one transaction calls: what never ends must end in an incident."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.runtime.transaction import RuntimeSettings
from app.store.tables import InstanceRow


class Nesting:
    """Of the instances that one transaction advances."""

    def __init__(self, settings: RuntimeSettings) -> None:
        self._settings = settings
        self._depths: dict[str, int] = {}
        self._calls = 0

    def refusal(self, session: Session, caller: InstanceRow) -> str | None:
        """Why this instance may call no more, if so."""
        most = self._settings.most_nested_calls
        if self._depth(session, caller) >= most:
            return (
                f"Expected processes to call each other at most {most} deep, but found one more. Break the recursion."
            )
        most = self._settings.most_calls_at_once
        if self._calls >= most:
            return f"Expected at most {most:,} calls in one step, but found one more. Break the recursion, or retry."
        return None

    def called(self, row: InstanceRow, caller: InstanceRow) -> None:
        """The caller has called a new instance."""
        self._calls += 1
        self._depths[row.id] = self._depths[caller.id] + 1

    def _depth(self, session: Session, row: InstanceRow) -> int:
        """0 of what nobody has called."""
        if row.id not in self._depths:
            self._depths[row.id] = _stored_depth(session, row)
        return self._depths[row.id]


def _stored_depth(session: Session, row: InstanceRow) -> int:
    """Of an instance that is in the database."""
    if row.parent_id is None or row.parent_id == row.root_id:
        return 0 if row.parent_id is None else 1
    chain = select(InstanceRow.parent_id).where(InstanceRow.id == row.id).cte(recursive=True)
    chain = chain.union_all(select(InstanceRow.parent_id).join(chain, InstanceRow.id == chain.c.parent_id))
    return session.scalar(select(func.count(chain.c.parent_id))) or 0
