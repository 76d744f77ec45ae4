"""The states that rows pass through. One enum per noun; the values are what the database and the API show."""

from enum import StrEnum


class InstanceStatus(StrEnum):
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobState(StrEnum):
    AVAILABLE = "available"
    LEASED = "leased"
    AWAITING_APPROVAL = "awaiting approval"
    HELD = "held"  # by a kill switch, an open circuit or an exhausted limit: nothing is lost, it goes on by itself
    DONE = "done"
    FAILED = "failed"  # a dead letter: retries exhausted, or a policy refused it
    CANCELLED = "cancelled"


class TaskKind(StrEnum):
    """What an inbox task asks of a person."""

    USER_TASK = "user task"
    APPROVAL = "approval"
    EXCEPTION = "exception"  # an escalated exception that needs an owner


class TaskState(StrEnum):
    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class ApprovalState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class IncidentState(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"


class CircuitState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"  # one job probes whether the system answers again


class SwitchScope(StrEnum):
    """What a kill switch stops: jobs; of everything, processes, instances and elements timers and messages too."""

    EVERYTHING = "everything"
    ROLE = "role"
    PROCESS = "process"
    ACTION = "action"
    SYSTEM = "system"
    INSTANCE = "instance"  # with everything it called, if nobody called it
    ELEMENT = "element"  # named "process/element"


class ModelKind(StrEnum):
    BPMN = "bpmn"
    DMN = "dmn"
    FORM = "form"
    ROLE = "role"
    HOOK = "hook"
    CASES = "cases"


class DueKind(StrEnum):
    """What the clock finds due: each is done by id, in a transaction of its own."""

    TIMER = "timer"
    START = "timer-start"
    GRANT = "grant"
    ESCALATION = "escalation"
    PROBE = "circuit-probe"
    MESSAGE = "message"
    BUFFERED_MESSAGE = "buffered-message"
    FOLLOW_UP = "follow-up"
    KEYED_START = "start-by-waiting-message"
    DELIVERY = "delivery"
    LEASE = "lease"
    UNSERVED = "unserved-job"
    ANCHOR = "anchor"
    KEPT_ANCHOR = "kept-anchor"


class ProcessKind(StrEnum):
    """What a process of an installation is there for."""

    WEB = "web"
    WORKER = "worker"
    CLOCK = "clock"


class ProposalState(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    SENT_BACK = "sent-back"
    WITHDRAWN = "withdrawn"


class DeliveryState(StrEnum):
    STORED = "stored"
    PROCESSED = "processed"
