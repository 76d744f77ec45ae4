"""Names that follow from what the world knows, so that a restored database gives what it does again the same names.

A random id is another one when a lost part of the past is lived through once more; a key that another system has seen
must not be. What started an instance (a webhook's key, a message's id, a start's key, a timer's moment) names it, and
its jobs are named by it, their element, and how often that was reached.
"""

import uuid
from collections.abc import Mapping

from app.store.tables import InstanceRow

NAMESPACE = uuid.UUID("6ba1f2a4-30f5-5b9e-9a53-0c7c6a0b8f1d")  # ours: any one, but never another


def derived(*parts: str) -> str:
    """A UUID of version 5 that follows from these parts, and from their order."""
    return str(uuid.uuid5(NAMESPACE, "\n".join(f"{len(part)}:{part}" for part in parts)))


def of_job(row: InstanceRow, element_id: str, job_type: str, kind: str) -> str:
    """The key of the job that an instance requests now; counts that its element was reached once more."""
    return derived(row.origin, "job", element_id, kind, job_type, str(_activation(row, element_id)))


def of_call(row: InstanceRow, element_id: str, process_id: str) -> str:
    """The origin of the instance that a call activity starts now."""
    return derived(row.origin, "call", element_id, process_id, str(_activation(row, element_id)))


def _activation(row: InstanceRow, element_id: str) -> int:
    known = row.activations if isinstance(row.activations, Mapping) else {}
    number = int(str(known.get(element_id, 0))) + 1
    row.activations = {**known, element_id: number}
    return number
