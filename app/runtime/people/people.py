"""People: local accounts, their platform roles and groups."""

import re
from collections.abc import Iterable, Sequence

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.runtime.people.rights import OPERATORS_GROUP, permissions_of, require
from app.runtime.transaction import SYSTEM, Core, new_id, texts
from app.runtime.views import Actor, Permission, PersonView, PlatformRole
from app.store.tables import MandateRow, PersonRow, SessionRow

SHORTEST_PASSWORD = 10
FEWEST_DIFFERENT = 4  # characters of a password
SHORTEST_NAME = 3  # that must not be most of a password
LONGEST_PASSWORD = 1000  # argon2 reads all of it
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_HASHER = PasswordHasher()


Holders = Sequence[tuple[str, object]]  # JobRoles in force, each with the names of groups and people that hold it
HOLDERS = select(MandateRow.job_role, MandateRow.holders).where(MandateRow.latest)


class People:
    def __init__(self, core: Core) -> None:
        self._core = core

    def create(
        self,
        actor: Actor,
        name: str,
        password: str | None,
        *,
        display_name: str = "",
        roles: Iterable[PlatformRole] = (),
        groups: Iterable[str] = (),
    ) -> str:
        """Create an account; without a password nobody can sign in with it. Returns its id. Right: people.manage.

        Raises `Conflict` if the name is taken, `Invalid` for a name or password that is not allowed.
        """
        require(actor, Permission.PEOPLE_MANAGE)
        if not _NAME.fullmatch(name) or name == SYSTEM.name:
            raise Invalid({"$.name": "Expected small letters, digits, dots, hyphens or underscores, at most 64."})
        hashed = None if password is None else _hash(password, name, display_name)
        with self._core.transaction(actor) as transaction:
            if transaction.session.scalar(select(PersonRow.id).where(PersonRow.name == name)) is not None:
                raise Conflict(f'Expected a name that is free, but "{name}" is taken.')
            person = PersonRow(
                id=new_id(),
                name=name,
                display_name=display_name or name,
                password_hash=hashed,
                roles=sorted({PlatformRole(role) for role in roles}),
                groups=sorted(set(groups)),
                active=True,
                created_at=transaction.now,
            )
            transaction.session.add(person)
            transaction.record("person.created", person.id, roles=person.roles, groups=person.groups)
            return person.id

    def set_password(self, actor: Actor, person_id: str, password: str) -> None:
        """Give somebody else a new password, which ends all their sessions and tokens. Right: people.manage.

        Raises `Forbidden` for one's own account: there the old password is asked for (`change_password`).
        """
        require(actor, Permission.PEOPLE_MANAGE)
        if actor.person_id == person_id:
            raise Forbidden("Expected somebody else's account. Change your own password with the old one.")
        self._set_password(actor, person_id, password)

    def change_password(self, actor: Actor, old: str, new: str) -> None:
        """Change one's own password, which ends all one's sessions and tokens. Raises `Invalid` for a wrong old one."""
        if self.authenticate(actor.name, old) is None:
            raise Invalid({"$.old": "Expected the old password, but it does not fit."})
        self._set_password(actor, actor.person_id, new)

    def _set_password(self, actor: Actor, person_id: str, password: str) -> None:
        with self._core.transaction(actor) as transaction:
            person = _get(transaction.session, person_id)
            person.password_hash = _hash(password, person.name, person.display_name)
            _end_sessions(transaction.session, person_id)
            transaction.record("person.password-set", person_id)

    def set_roles(
        self, actor: Actor, person_id: str, roles: Iterable[PlatformRole], groups: Iterable[str] = ()
    ) -> None:
        """Right: people.manage."""
        require(actor, Permission.PEOPLE_MANAGE)
        with self._core.transaction(actor) as transaction:
            person = _get(transaction.session, person_id)
            old = {"roles": person.roles, "groups": person.groups}
            person.roles = sorted({PlatformRole(role) for role in roles})
            person.groups = sorted(set(groups))
            transaction.record(
                "person.roles-set", person_id, old=old, new={"roles": person.roles, "groups": person.groups}
            )

    def deactivate(self, actor: Actor, person_id: str) -> None:
        """Nobody can sign in with the account any more; what the person did stays. Right: people.manage."""
        require(actor, Permission.PEOPLE_MANAGE)
        if actor.person_id == person_id:
            raise Forbidden("Expected somebody else's account: nobody deactivates their own.")
        with self._core.transaction(actor) as transaction:
            _get(transaction.session, person_id).active = False
            _end_sessions(transaction.session, person_id)
            transaction.record("person.deactivated", person_id)

    def activate(self, actor: Actor, person_id: str) -> None:
        """Let a deactivated account sign in again, with its password and rights of then. Right: people.manage."""
        require(actor, Permission.PEOPLE_MANAGE)
        with self._core.transaction(actor) as transaction:
            _get(transaction.session, person_id).active = True
            transaction.record("person.activated", person_id)

    def authenticate(self, name: str, password: str) -> Actor | None:
        """The actor, or None; takes the same time whether the name exists or not. Both outcomes are audited."""
        with self._core.store.read() as session:
            person = session.scalars(select(PersonRow).where(PersonRow.name == name, PersonRow.active)).first()
            actor = None if person is None else actor_of(person, holders_of_roles(session))
        known_hash = person.password_hash if person else None
        fits = _fits(known_hash, password)
        if actor is None or not fits:
            with self._core.transaction(SYSTEM) as transaction:
                transaction.record("sign-in.refused", actor.person_id if actor else "unknown")
            return None
        with self._core.transaction(actor) as transaction:
            transaction.record("sign-in.accepted", actor.person_id)
        return actor

    def actor(self, person_id: str) -> Actor:
        """The actor of a signed-in person with today's rights. Raises `NotFound` also for a deactivated account."""
        with self._core.store.read() as session:
            person = session.get(PersonRow, person_id)
            if person is None or not person.active:
                raise NotFound(f"Expected an active account {person_id}, but found none.")
            return actor_of(person, holders_of_roles(session))

    def named(self, name: str) -> Actor:
        """The active account of this name, with its rights. Raises `NotFound`."""
        with self._core.store.read() as session:
            found = account_named(session, name)
        if found is None:
            raise NotFound(f"Expected an active account {name}, but found none.")
        return found

    def list(self, actor: Actor) -> list[PersonView]:
        """Everybody, by name. Right: people.manage, or tasks.work (to delegate)."""
        if not actor.may(Permission.TASKS_WORK):
            require(actor, Permission.PEOPLE_MANAGE)
        with self._core.store.read() as session:
            holders = holders_of_roles(session)
            return [
                PersonView(
                    person.id,
                    person.name,
                    person.display_name,
                    tuple(PlatformRole(role) for role in texts(person.roles)),
                    tuple(sorted(_groups(person, holders))),
                    person.active,
                )
                for person in session.scalars(select(PersonRow).order_by(PersonRow.name))
            ]


def actor_of(person: PersonRow, holders: Holders) -> Actor:
    """Who the account is, with the rights and groups that it has today."""
    roles = frozenset(PlatformRole(role) for role in texts(person.roles))
    groups = _groups(person, holders)
    return Actor(person.id, person.name, permissions_of(roles), groups, display_name=person.display_name)


def account_named(session: Session, name: str) -> Actor | None:
    """The active account of this name; how a sender spells it (capitals, spaces around it) makes nobody else of it."""
    query = select(PersonRow).where(PersonRow.name == name.strip().casefold(), PersonRow.active)
    person = session.scalars(query).first()
    return None if person is None else actor_of(person, holders_of_roles(session))


def accounts(session: Session) -> list[Actor]:
    """Every active account."""
    holders = holders_of_roles(session)
    return [actor_of(each, holders) for each in session.scalars(select(PersonRow).where(PersonRow.active))]


def holders_of_roles(session: Session) -> Holders:
    return [(name, held_by) for name, held_by in session.execute(HOLDERS)]


def _groups(person: PersonRow, holders: Holders) -> frozenset[str]:
    """Groups given, the group of those who operate, and the JobRoles that these groups or the person hold."""
    groups = set(texts(person.groups))
    if not {PlatformRole.ADMIN, PlatformRole.OPERATOR}.isdisjoint(texts(person.roles)):
        groups.add(OPERATORS_GROUP)
    named = {person.name, *groups}
    groups.update(job_role for job_role, held_by in holders if not named.isdisjoint(texts(held_by)))
    return frozenset(groups)


def _get(session: Session, person_id: str) -> PersonRow:
    person = session.get(PersonRow, person_id)
    if person is None:
        raise NotFound(f"Expected an account {person_id}, but found none.")
    return person


def _end_sessions(session: Session, person_id: str) -> None:
    """Whoever is signed in under an old password, or in an account that was closed, is out."""
    session.execute(delete(SessionRow).where(SessionRow.person_id == person_id))


def _hash(password: str, *names: str) -> str:
    """Raises `Invalid` for a password that is too short, too long, or little more than a name of its account."""
    problem = None
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        problem = f"Expected {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters, but found {len(password)}."
    elif len(set(password)) < FEWEST_DIFFERENT:
        problem = f"Expected at least {FEWEST_DIFFERENT} different characters, but found {len(set(password))}."
    elif any(_is_little_more_than(password, name) for name in names):
        problem = "Expected a password that the account's name does not tell, but found little more than the name."
    if problem is not None:
        raise Invalid({"$.password": problem})
    return _HASHER.hash(password)


def _is_little_more_than(password: str, name: str) -> bool:
    plain, told = password.casefold(), name.casefold()
    return len(told) >= SHORTEST_NAME and told in plain and len(plain) - len(told) < SHORTEST_PASSWORD // 2


def _fits(hashed: str | None, password: str) -> bool:
    password = password[:LONGEST_PASSWORD]
    try:
        if hashed is None:
            _HASHER.hash(password)  # so that an unknown name costs as much time as a wrong password
            return False
        return _HASHER.verify(hashed, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
