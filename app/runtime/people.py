"""People: local accounts, their platform roles and groups."""

from collections.abc import Iterable

from app.runtime.core import Core
from app.runtime.views import Actor, PersonView, PlatformRole


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
        raise NotImplementedError

    def set_password(self, actor: Actor, person_id: str, password: str) -> None:
        """Right: people.manage, or it is the actor's own account."""
        raise NotImplementedError

    def set_roles(
        self, actor: Actor, person_id: str, roles: Iterable[PlatformRole], groups: Iterable[str] = ()
    ) -> None:
        """Right: people.manage."""
        raise NotImplementedError

    def deactivate(self, actor: Actor, person_id: str) -> None:
        """Nobody can sign in with the account any more; what the person did stays. Right: people.manage."""
        raise NotImplementedError

    def authenticate(self, name: str, password: str) -> Actor | None:
        """The actor, or None; takes the same time whether the name exists or not. Both outcomes are audited."""
        raise NotImplementedError

    def actor(self, person_id: str) -> Actor:
        """The actor of a signed-in person with today's rights. Raises `NotFound` also for a deactivated account."""
        raise NotImplementedError

    def list(self, actor: Actor) -> list[PersonView]:
        """Everybody, by name. Right: people.manage, or tasks.work (to delegate)."""
        raise NotImplementedError
