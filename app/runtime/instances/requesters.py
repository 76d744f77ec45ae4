"""Who asked for what an instance does: an account that is known when it starts, and stays it; or nobody.

Whoever starts it, signed in, has asked. What comes from outside names somebody only through a door that declares it (a
hook's `requester`). What the variables of the process say is nobody's word.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from app import feel
from app.runtime.people import account_named
from app.runtime.transaction import SYSTEM, Transaction, mapping
from app.store.tables import DeliveryRow, InstanceRow, ModelRow

BY_CLOCK = "clock"  # nobody asked: it was time
TIMER = "timer"  # what a start by a timer says as its trigger


@dataclass(frozen=True, slots=True)
class Beginning:
    """What started an instance, in words and with its source, and the variables that came along."""

    trigger: str
    source: Mapping[str, object]
    variables: Mapping[str, object]


def requester_of_start(
    transaction: Transaction,
    model: ModelRow,
    parent: InstanceRow | None,
    beginning: Beginning,
) -> str | None:
    """The name of an account, `BY_CLOCK`, or None where whoever asked is not known."""
    trigger, source = beginning.trigger, beginning.source
    if parent is not None:
        return parent.requester
    if not transaction.actor.is_system:
        return transaction.actor.name
    if trigger == TIMER:
        return BY_CLOCK
    occurrences = source.get("occurrences")
    sources = [mapping(mapping(each).get("of")) for each in occurrences] if isinstance(occurrences, list) else [source]
    claimed = {_claimed(transaction, model, replace(beginning, source=each)) for each in sources}
    name = claimed.pop() if len(claimed) == 1 else None
    account = account_named(transaction.session, name) if name else None
    return None if account is None else account.name


def _claimed(transaction: Transaction, model: ModelRow, beginning: Beginning) -> str | None:
    source = beginning.source
    if delivery := source.get("delivery"):
        query = select(ModelRow.facts).join(DeliveryRow, DeliveryRow.model_id == ModelRow.id)
        facts = transaction.session.scalar(query.where(DeliveryRow.id == delivery))
        return _declared(facts, beginning.variables, transaction)
    publisher = source.get("published_by") or source.get("evaluated_by")
    if isinstance(publisher, str) and publisher != SYSTEM.name:
        return publisher
    if not beginning.trigger:  # whoever sits at the machine: the command line, and the test kit
        return _declared(model.facts, beginning.variables, transaction)
    return None


def _declared(facts: object, variables: Mapping[str, object], transaction: Transaction) -> str | None:
    text = mapping(facts).get("requester")
    if not isinstance(text, str):
        return None
    value = feel.compile(text, variables.keys()).evaluate(variables, now=transaction.now)
    return value if isinstance(value, str) else None
