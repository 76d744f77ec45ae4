"""The one place where rights are checked: what the platform roles bundle, and who may do what to which task."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Forbidden
from app.runtime.transaction import Actor, Permission, PlatformRole, texts
from app.store.tables import ANYBODY, TaskRow

_WORK = frozenset({Permission.TASKS_WORK})
_LOOK = frozenset({Permission.INSTANCES_SEE, Permission.MODELS_SEE, Permission.ROLES_SEE})

BUNDLES: Mapping[PlatformRole, frozenset[Permission]] = {
    PlatformRole.APPROVER: _WORK,
    PlatformRole.ANALYST: _WORK | _LOOK | {Permission.MODELS_EDIT, Permission.MODELS_DEPLOY, Permission.EVIDENCE_SEE},
    PlatformRole.OPERATOR: _WORK
    | _LOOK
    | {
        Permission.TASKS_SEE_ALL,
        Permission.TASKS_ASSIGN,
        Permission.INSTANCES_START,
        Permission.INSTANCES_OPERATE,
        Permission.EVIDENCE_SEE,
        Permission.SWITCHES_USE,
    },
    PlatformRole.AUDITOR: _LOOK | {Permission.TASKS_SEE_ALL, Permission.EVIDENCE_SEE, Permission.AUDIT_SEE},
    PlatformRole.DEVELOPER: _LOOK | {Permission.INSTANCES_START, Permission.MODELS_EDIT, Permission.EVIDENCE_SEE},
    PlatformRole.ADMIN: frozenset(Permission),
}

OPERATORS_GROUP = "operators"  # the group that admins and operators belong to: incidents without another owner go there


def permissions_of(roles: frozenset[PlatformRole]) -> frozenset[Permission]:
    return frozenset().union(*(BUNDLES[role] for role in roles))


def require(actor: Actor, permission: Permission) -> None:
    """Raise `Forbidden` unless the actor has the permission."""
    if not actor.may(permission):
        raise Forbidden(f"Expected the right {permission}, but {actor.name} does not have it.")


def offered_names(users: Iterable[str], groups: Iterable[str]) -> list[str]:
    """The names under which a task with these candidates is offered (see `TaskCandidateRow.name`)."""
    names = dict.fromkeys([*(f"user:{user}" for user in users), *(f"group:{group}" for group in groups)])
    return list(names) or [ANYBODY]


def task_names(actor: Actor) -> list[str]:
    """The names under which tasks are offered to this actor (see `TaskCandidateRow.name`)."""
    return [f"user:{actor.name}", *(f"group:{group}" for group in sorted(actor.groups)), ANYBODY]


def may_work_on(actor: Actor, task: TaskRow) -> bool:
    """Whether the task is the actor's, or offered to them."""
    if not actor.may(Permission.TASKS_WORK):
        return False
    if actor.is_system or task.assignee == actor.name:
        return True
    offered = offered_names(texts(task.candidate_users), texts(task.candidate_groups))
    if offered == [ANYBODY]:
        return task.assignee is None
    return not set(offered).isdisjoint(task_names(actor))


OWN_CHANGES = frozenset({"assignee", "follow_up_date"})  # delegating it, and looking at it later


def require_change(actor: Actor, task: TaskRow, names: Collection[str]) -> None:
    """Raise `Forbidden` unless the actor may change these attributes of a task that they may see.

    Whoever has the task may give it to somebody else or back, and put it off; everything else, and the tasks of
    others, need the right tasks.assign.
    """
    if task.assignee != actor.name or not OWN_CHANGES.issuperset(names):
        require(actor, Permission.TASKS_ASSIGN)


def may_see_task(actor: Actor, task: TaskRow) -> bool:
    return actor.may(Permission.TASKS_SEE_ALL) or task.ended_by == actor.name or may_work_on(actor, task)


def may_see_instance(session: Session, actor: Actor, instance_id: str) -> bool:
    """Whoever may see all instances, or may see a task of this one."""
    if actor.may(Permission.INSTANCES_SEE):
        return True
    tasks = session.scalars(select(TaskRow).where(TaskRow.instance_id == instance_id))
    return any(may_see_task(actor, task) for task in tasks)


def why_not_decide(actor: Actor, approver_role: str) -> str | None:
    """Why the actor may not decide an approval, apart from four eyes; None if they may.

    Whoever has the task is not asked: an assignment gives nobody a right. The role is a group, or "user:…" for one.
    """
    if approver_role not in actor.groups and approver_role != f"user:{actor.name}":
        return f"Expected a member of {approver_role}, but {actor.name} is none."
    return None
