"""Kill switches: stop everything, a role, a process, an action or a system, from the next check on; held work loses nothing."""

from app.runtime.core import Core
from app.runtime.views import Actor, SwitchScope, SwitchView


class Switches:
    def __init__(self, core: Core) -> None:
        self._core = core

    def set(self, actor: Actor, scope: SwitchScope, key: str, reason: str) -> str:
        """Throw a switch. `key` names the role, process, action or system ("*" for everything). Right: switches.use."""
        raise NotImplementedError

    def clear(self, actor: Actor, switch_id: str) -> None:
        """Undo a switch; what it held goes on. Right: switches.use."""
        raise NotImplementedError

    def list(self) -> list[SwitchView]:
        """The switches that are set."""
        raise NotImplementedError
