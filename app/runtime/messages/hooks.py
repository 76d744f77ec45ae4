"""Hooks: calls from outside that publish a message. Stored first, answered, processed afterwards, exactly once."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import feel
from app.errors import NotFound
from app.runtime.clock import setbacks
from app.runtime.instances import origins
from app.runtime.transaction import SYSTEM, WITHOUT_NUL, Actor, Core, HookDocument, has_nul, new_id, outgoing, reach
from app.runtime.views import DueKind, HookReceipt, ModelKind
from app.store.states import DeliveryState
from app.store.tables import DeliveryRow, ModelRow

TIME_TO_LIVE_SECONDS = 3600
LONGEST_KEY = 200
_NO_PROBLEMS: Mapping[str, str] = {}


class Hooks:
    def __init__(self, core: Core) -> None:
        self._core = core

    def accept(self, name: str, body: bytes, signature: str | None, idempotency_key: str | None) -> HookReceipt:
        """Check and store one call; then announce it. `signature`: the header's text, "sha256=<hex HMAC of the body>".

        Answers 202; 404 unknown hook; 413 too large; 401 wrong signature; 400 with `problems` (no idempotency key,
        not JSON, does not fit the schema); 409 a key that another body had. Other than 202 nothing is stored. A key
        that is repeated with its body gets its first answer.
        """
        with self._core.store.read() as session:
            found = self._find(session, name)
            if found is None:
                return _refused(404, {"$": f"Expected a hook, but there is none named {name}."})
            model_id, hook = found
            key = (idempotency_key or "").strip()
            refusal = self._refusal(hook, body, signature, key)
            answer = refusal or _earlier(session, name, key, body)
        if answer is not None:
            return answer
        if problems := problems_of(hook, body):
            return _refused(400, problems)
        return self._store(name, model_id, body, key)

    def process(self, delivery_id: str) -> None:
        """Publish the message of a stored delivery. Does nothing if that has already happened.

        What it raises is counted as a setback too: the delivery is announced again after a pause.
        """
        try:
            self._process(delivery_id)
        except NotFound:
            raise
        except Exception as error:
            setbacks.Setbacks(self._core).count(SYSTEM, DueKind.DELIVERY, delivery_id, error)
            raise

    def _process(self, delivery_id: str) -> None:
        with self._core.store.read() as session:
            delivery = session.get(DeliveryRow, delivery_id)
            if delivery is None:
                raise NotFound(f"Expected a delivery {delivery_id}, but found none.")
            hook = self._core.models.hook(session, delivery.model_id)
        sender = Actor(f"hook:{delivery.hook}", f"hook:{delivery.hook}", is_system=True)
        with self._core.transaction(sender) as transaction:
            query = select(DeliveryRow).where(DeliveryRow.id == delivery_id).with_for_update()
            row = transaction.session.scalars(query).one()
            if row.state is DeliveryState.PROCESSED:
                return
            row.state = DeliveryState.PROCESSED
            setbacks.forget(transaction, DueKind.DELIVERY, delivery_id)
            row.processed_at = transaction.now
            variables = feel.json_loads(row.body)
            if not isinstance(variables, dict):
                raise TypeError(f"Expected the body of {delivery_id} to be an object, as it was checked to be.")
            expression = feel.compile(hook.correlation_expression, variables.keys())
            correlation_key = feel.text_of(expression.evaluate(variables, now=transaction.now))
            outgoing.put_message(
                transaction,
                hook.message,
                correlation_key,
                variables,
                message_id=delivery_id,
                time_to_live_seconds=TIME_TO_LIVE_SECONDS,
                trace_id=row.trace_id,
                delivery_id=delivery_id,
            )
            transaction.record("hook.processed", delivery_id, hook=row.hook, correlation_key=correlation_key)
            reach("before-delivery-end")

    def waiting(self, limit: int, waited: timedelta) -> tuple[str, ...]:
        """Stored deliveries that nobody has processed for as long as `waited`, the oldest first. `process` each."""
        query = select(DeliveryRow.id).where(
            DeliveryRow.state == DeliveryState.STORED, DeliveryRow.received_at <= self._core.clock.now() - waited
        )
        query = query.where(~setbacks.holds(self._core, DueKind.DELIVERY, DeliveryRow.id))
        with self._core.store.read() as session:
            return tuple(session.scalars(query.order_by(DeliveryRow.received_at).limit(limit)))

    def max_bytes(self, name: str) -> int:
        """How large a body this hook takes. Raises `NotFound`."""
        with self._core.store.read() as session:
            found = self._find(session, name)
        if found is None:
            raise NotFound(f"Expected a hook named {name}, but found none.")
        return found[1].max_bytes

    def _find(self, session: Session, name: str) -> tuple[str, HookDocument] | None:
        query = select(ModelRow.id).where(ModelRow.kind == ModelKind.HOOK, ModelRow.key == name, ModelRow.latest)
        model_id = session.scalar(query)
        return None if model_id is None else (model_id, self._core.models.hook(session, model_id))

    def _refusal(self, hook: HookDocument, body: bytes, signature: str | None, key: str) -> HookReceipt | None:
        """Why the call is not even looked into: too large, not signed, without a key."""
        if len(body) > hook.max_bytes:
            return _refused(413, {"$": f"Expected at most {hook.max_bytes} bytes, but found {len(body)}."})
        if not self._is_signed(hook, body, signature):
            return _refused(401, {"$": "Expected the signature sha256=<HMAC of the body>, but it does not fit."})
        if not 1 <= len(key) <= LONGEST_KEY:
            return _refused(400, {"Idempotency-Key": f"Expected 1 to {LONGEST_KEY} characters, but found {len(key)}."})
        return None

    def _is_signed(self, hook: HookDocument, body: bytes, signature: str | None) -> bool:
        """A hook without a configured secret takes no calls."""
        secret = self._core.settings.hook_secrets.get(hook.secret)
        expected = hmac.new((secret or new_id()).encode(), body, hashlib.sha256).hexdigest()
        given = (signature or "").removeprefix("sha256=").strip().lower()
        return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")) and bool(secret)

    def _store(self, name: str, model_id: str, body: bytes, key: str) -> HookReceipt:
        sender = Actor(f"hook:{name}", f"hook:{name}", is_system=True)
        delivery_id, trace_id = origins.derived("delivery", name, key), new_id()
        try:
            with self._core.transaction(sender) as transaction:
                transaction.session.add(
                    DeliveryRow(
                        id=delivery_id,
                        hook=name,
                        idempotency_key=key,
                        model_id=model_id,
                        body=body,
                        trace_id=trace_id,
                        state=DeliveryState.STORED,
                        received_at=transaction.now,
                        announced_at=transaction.now,
                        processed_at=None,
                    )
                )
                transaction.session.flush()
                transaction.record("hook.accepted", delivery_id, hook=name, body=hashlib.sha256(body).hexdigest())
        except IntegrityError:  # the same key arrived twice at the same moment
            with self._core.store.read() as session:
                if (earlier := _earlier(session, name, key, body)) is not None:
                    return earlier
            raise
        reach("after-accept")
        self._core.announcer.announce_delivery(delivery_id)
        return HookReceipt(202, delivery_id, first=True, problems=_NO_PROBLEMS, trace_id=trace_id)


def problems_of(hook: HookDocument, body: bytes) -> dict[str, str]:
    """What does not fit the schema: JSON path → what is expected there."""
    try:
        value = feel.json_loads(body)
    except (ValueError, RecursionError):
        return {"$": "Expected JSON, but the body is not."}
    if not isinstance(value, dict):
        return {"$": "Expected a JSON object."}
    if has_nul(value):
        return {"$": WITHOUT_NUL}
    return hook.problems_of(value)


def _earlier(session: Session, name: str, key: str, body: bytes) -> HookReceipt | None:
    """The first answer to this key again; a refusal if another call had it."""
    query = select(DeliveryRow.id, DeliveryRow.trace_id, DeliveryRow.body).where(
        DeliveryRow.hook == name, DeliveryRow.idempotency_key == key
    )
    row = session.execute(query).first()
    if row is not None and row.body != body:
        return _refused(
            409, {"Idempotency-Key": "Expected a key of its own, but another body was sent under this one."}
        )
    return None if row is None else HookReceipt(202, row.id, first=False, problems=_NO_PROBLEMS, trace_id=row.trace_id)


def _refused(status_code: int, problems: Mapping[str, str]) -> HookReceipt:
    return HookReceipt(status_code, None, first=True, problems=problems)
