"""Who acts: people with their permissions and groups, and the system itself."""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    TASKS_WORK = "tasks.work"  # see and work on tasks that are mine or offered to one of my groups
    TASKS_SEE_ALL = "tasks.see_all"
    TASKS_ASSIGN = "tasks.assign"  # give a task to somebody else, take one away
    INSTANCES_SEE = "instances.see"
    INSTANCES_START = "instances.start"
    INSTANCES_OPERATE = "instances.operate"  # retry incidents, set variables, cancel, undo, repair
    HISTORY_PURGE = "history.purge"
    EVIDENCE_SEE = "evidence.see"
    MODELS_SEE = "models.see"
    MODELS_EDIT = "models.edit"
    MODELS_DEPLOY = "models.deploy"
    ROLES_SEE = "roles.see"
    AUDIT_SEE = "audit.see"
    GOVERNANCE_APPROVE = "governance.approve"  # decide about proposals of others: what anybody may do
    PEOPLE_MANAGE = "people.manage"
    SWITCHES_USE = "switches.use"


class PlatformRole(StrEnum):
    """A named bundle of permissions; a person holds any number of them. The bundles: `people/rights.py`."""

    APPROVER = "approver"
    ANALYST = "analyst"
    OPERATOR = "operator"
    ADMIN = "admin"
    AUDITOR = "auditor"
    DEVELOPER = "developer"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who gives a command. `groups` are JobRole ids and platform groups, as candidate groups name them."""

    person_id: str
    name: str  # the sign-in name, such as "anna"; it is what assignees, candidates and requesters are compared with
    permissions: frozenset[Permission] = frozenset()
    groups: frozenset[str] = frozenset()
    is_system: bool = False
    display_name: str = ""

    def may(self, permission: Permission) -> bool:
        return self.is_system or permission in self.permissions


SYSTEM = Actor("system", "system", is_system=True, display_name="Bailiwick")
"""The platform itself: the clock, the worker, a hook."""
