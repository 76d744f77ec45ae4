"""Repairing an instance by hand: tokens put and taken where no flow leads, ended instances begun again elsewhere."""

from collections import Counter
from collections.abc import Iterable, Mapping

from app.engine import LiveElement, commands
from app.errors import Conflict, Invalid
from app.runtime.instances import advancing, new_instance, refusing
from app.runtime.people import require
from app.runtime.repair import moving
from app.runtime.transaction import Core, json_variables, mapping
from app.runtime.views import Activation, Actor, InstanceStatus, LiveView, Permission


class Modifying:
    """Right for everything that changes something: instances.operate."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def live(self, actor: Actor, instance_id: str) -> tuple[LiveView, ...]:
        """Where the tokens of a running instance are, outer before inner. Right: instances.see. Raises `Conflict`."""
        require(actor, Permission.INSTANCES_SEE)
        with refusing(), self._core.look(actor) as transaction:
            found = advancing.Advance(self._core, transaction).live(instance_id)
        return tuple(
            LiveView(each.element_instance_id, each.element_id, each.element_type, each.scope_id) for each in found
        )

    def modify(
        self,
        actor: Actor,
        instance_id: str,
        activate: Iterable[Activation] = (),
        cancel: Iterable[str] = (),
        reason: str = "",
    ) -> None:
        """Put tokens at elements and take element instances away, all in one transaction or not at all.

        Raises `Conflict` for an element that is none, a scope that is not clear, or an element instance that is gone.
        """
        require(actor, Permission.INSTANCES_OPERATE)
        activations = [Activation(each.element_id, json_variables(each.variables), each.scope_id) for each in activate]
        cancelled = list(dict.fromkeys(cancel))
        if not activations and not cancelled:
            raise Invalid({"$": "Expected an element to activate or an element instance to cancel."})
        with refusing(), self._core.transaction(actor) as transaction:
            row = advancing.lock(transaction, instance_id)
            if activations:
                row.repaired_by = actor.name
            advance = advancing.Advance(self._core, transaction)
            before = advance.live(instance_id)
            replaced = [
                {name: advance.variables(instance_id, each.scope_id).get(name) for name in each.variables}
                for each in activations
            ]
            for each in activations:  # first, so that a scope does not complete before its new token is there
                advance.send(
                    instance_id, commands.ActivateElement(each.element_id, dict(each.variables), each.scope_id)
                )
            for element_instance_id in cancelled:
                advance.send(instance_id, commands.CancelElement(element_instance_id))
            transaction.record(
                "instance.modified",
                instance_id,
                stream=instance_id,
                reason=reason,
                activated=[
                    {"element": each.element_id, "scope": each.scope_id, "old": old, "new": dict(each.variables)}
                    for each, old in zip(activations, replaced, strict=True)
                ],
                cancelled=cancelled,
                old=_places(before),
                new=_places(advance.live(instance_id)),
            )

    def move(self, actor: Actor, instance_id: str, source: str, target: str, reason: str = "") -> int:
        """Move every token that is at the element `source` to the element `target`. Returns how many.

        A token stays in its scope if `target` is in the same one, and leaves the scopes that `target` is not in: those
        that are empty then are cancelled, not completed. Raises `Conflict` if none is at `source`.
        """
        require(actor, Permission.INSTANCES_OPERATE)
        with refusing(), self._core.transaction(actor) as transaction:
            row = advancing.lock(transaction, instance_id)
            row.repaired_by = actor.name
            advance = advancing.Advance(self._core, transaction)
            before = advance.live(instance_id)
            planned = moving.plan(before, source, advance.scopes_around(instance_id, target))
            if planned is None:
                raise Conflict(f"Expected a token at {source}, but there is none.")
            for scope_id in planned.scopes:
                advance.send(instance_id, commands.ActivateElement(target, {}, scope_id))
            for element_instance_id in planned.cancelled:
                advance.send(instance_id, commands.CancelElement(element_instance_id))
            transaction.record(
                "instance.modified",
                instance_id,
                stream=instance_id,
                reason=reason,
                moved={"from": source, "to": target, "tokens": len(planned.scopes)},
                old=_places(before),
                new=_places(advance.live(instance_id)),
            )
            return len(planned.scopes)

    def restart(
        self, actor: Actor, instance_id: str, element_id: str, variables: Mapping[str, object] | None = None
    ) -> str:
        """Begin an ended instance again at a top-level element, as a new instance of the same version. Returns its id.

        It takes over the variables (changed by `variables`), the business key and the trace. Raises `Conflict` while
        the instance runs (move its tokens then), or for an element that is none of the process's own.
        """
        require(actor, Permission.INSTANCES_OPERATE)
        changed = json_variables(variables or {})
        with self._core.transaction(actor) as transaction:
            row = advancing.lock(transaction, instance_id)
            if row.status is InstanceStatus.RUNNING:
                raise Conflict(f"Expected an instance that has ended, but {instance_id} runs. Move its tokens instead.")
            old = mapping(row.variables)
            request = new_instance.StartRequest(
                model_id=row.model_id,
                variables={**old, **changed},
                trace_id=row.trace_id,
                element_id=element_id,
                business_key=row.business_key,
                trigger=f"restart of {instance_id}",
                source={"instance": instance_id, "element": element_id, "by": actor.name},
                continues=row,
            )
            started = advancing.Advance(self._core, transaction).start(request)
            for stream in (instance_id, started):
                transaction.record(
                    "instance.restarted",
                    instance_id,
                    stream=stream,
                    element=element_id,
                    instance=started,
                    old={name: old.get(name) for name in changed},
                    new=changed,
                )
            return started


def _places(live: Iterable[LiveElement]) -> dict[str, int]:
    """How many tokens are at each element."""
    return dict(Counter(each.element_id for each in live))
