"""Sign-in sessions: opened after `people.authenticate`, found by their secret on every request, ended from anywhere."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select

from app.runtime.people.people import actor_of
from app.runtime.transaction import Actor, Core
from app.store.tables import MandateRow, PersonRow, SessionRow

SECRET_BYTES = 32


class SessionKind(StrEnum):
    PAGE = "page"  # a browser with a cookie
    TOKEN = "token"  # noqa: S105 - a client of the API with a bearer token


@dataclass(frozen=True, slots=True)
class SessionView:
    id: str
    kind: SessionKind
    client: str
    opened_at: datetime
    expires_at: datetime


class Sessions:
    def __init__(self, core: Core) -> None:
        self._core = core

    def open(self, actor: Actor, kind: SessionKind, lifetime: timedelta, client: str = "") -> str:
        """Open a session for somebody who has just been authenticated. Returns its secret, which is not kept here."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        now = self._core.clock.now()
        with self._core.store.write() as session:
            session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))
            session.add(
                SessionRow(
                    id=_digest(secret),
                    person_id=actor.person_id,
                    kind=kind.value,
                    client=client[:200],
                    opened_at=now,
                    expires_at=now + lifetime,
                )
            )
        return secret

    def actor(self, secret: str, kind: SessionKind) -> Actor | None:
        """Who holds this secret, with today's rights; None if the session has ended or the account is deactivated."""
        query = (
            select(PersonRow, MandateRow.job_role, MandateRow.holders)
            .select_from(PersonRow)
            .join(SessionRow, SessionRow.person_id == PersonRow.id)
            .outerjoin(MandateRow, MandateRow.latest.is_(True))
        )
        query = query.where(SessionRow.id == _digest(secret), SessionRow.kind == kind.value)
        query = query.where(SessionRow.expires_at > self._core.clock.now(), PersonRow.active)
        with self._core.store.read() as session:  # one statement: this is asked with every request
            found = session.execute(query).all()
        if not found:
            return None
        return actor_of(found[0][0], [(job_role, holders) for _, job_role, holders in found if job_role])

    def list(self, actor: Actor) -> list[SessionView]:
        """The actor's own sessions that have not ended, newest first."""
        with self._core.store.read() as session:
            rows = session.scalars(
                select(SessionRow)
                .where(SessionRow.person_id == actor.person_id, SessionRow.expires_at > self._core.clock.now())
                .order_by(SessionRow.opened_at.desc())
            ).all()
        return [SessionView(row.id, SessionKind(row.kind), row.client, row.opened_at, row.expires_at) for row in rows]

    def close(self, secret: str) -> None:
        """End one session. Nothing happens if it has ended."""
        with self._core.store.write() as session:
            session.execute(delete(SessionRow).where(SessionRow.id == _digest(secret)))

    def close_all(self, actor: Actor) -> int:
        """End every session of the actor, this one included. Returns how many there were."""
        with self._core.store.write() as session:
            ended = session.scalars(
                delete(SessionRow).where(SessionRow.person_id == actor.person_id).returning(SessionRow.id)
            ).all()
        return len(ended)

    def is_own(self, secret: str, session_id: str) -> bool:
        """Whether this is the session that the secret opens: the page marks it in the list."""
        return secrets.compare_digest(_digest(secret), session_id)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
