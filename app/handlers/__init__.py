"""Task handlers: what a developer in `tasks/` imports, and what the runtime calls.

Here live the decorator, the types around one attempt, the registry and the element templates. No HTTP, no retries, no
clock, no governance: what an action may do is decided by `app.roles`, when it runs by `app.worker`.
"""

from app.errors import ExceptionClass
from app.handlers.action import DEFAULT_TIMEOUT_SECONDS, Effect, Handler, action, receipt_variables
from app.handlers.context import ActionContext, Verification
from app.handlers.exceptions import (
    ActionProblem,
    BpmnError,
    DataProblem,
    Escalation,
    InfrastructureProblem,
    PolicyProblem,
    TransientProblem,
)
from app.handlers.registry import HandlerRegistry
from app.handlers.results import Activation, AdHocSubProcessResult, Answer, Corrections, JobResult, TaskListenerResult
from app.handlers.template import element_template

__all__ = [
    "DEFAULT_TIMEOUT_SECONDS",
    "ActionContext",
    "ActionProblem",
    "Activation",
    "AdHocSubProcessResult",
    "Answer",
    "BpmnError",
    "Corrections",
    "DataProblem",
    "Effect",
    "Escalation",
    "ExceptionClass",
    "Handler",
    "HandlerRegistry",
    "InfrastructureProblem",
    "JobResult",
    "PolicyProblem",
    "TaskListenerResult",
    "TransientProblem",
    "Verification",
    "action",
    "element_template",
    "receipt_variables",
]
