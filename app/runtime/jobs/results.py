"""What a task handler answered beside variables, in the engine's words."""

from app import handlers
from app.engine import commands


def of(result: handlers.JobResult | None) -> commands.JobResult | None:
    """The result for `CompleteJob`."""
    match result:
        case handlers.TaskListenerResult():
            return commands.TaskListenerResult(result.denied, result.reason, result.corrections.given())
        case handlers.AdHocSubProcessResult():
            return commands.AdHocSubProcessResult(
                tuple(commands.Activation(each.element_id, each.variables) for each in result.activate),
                result.is_fulfilled,
                result.cancels_remaining,
            )
    return None
