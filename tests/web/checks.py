"""A process on the site whose user task has listeners, and the handler that they call."""

from pydantic import BaseModel

from app.handlers import ActionContext, TaskListenerResult, action
from app.runtime import SYSTEM
from tests.runtime.diagrams import END, START, diagram, user_task
from tests.web.site import Site


class Nothing(BaseModel):
    """No variables."""


def install_check(site: Site) -> list[TaskListenerResult]:
    """What the listeners answer, one after the other; then that it may go on."""
    answers: list[TaskListenerResult] = []

    @action("desk.check", system="desk", effect="read")
    def check(_request: Nothing, _context: ActionContext) -> TaskListenerResult:
        """Check a transition."""
        return answers.pop(0) if answers else TaskListenerResult()

    site.runtime.core.registry.register(check)
    return answers


def task_of(site: Site, *transitions: str) -> str:
    """A task for Ben's group with a listener for each of these transitions."""
    listeners = "".join(f'<zeebe:taskListener eventType="{each}" type="desk.check" />' for each in transitions)
    more = f"<zeebe:taskListeners>{listeners}</zeebe:taskListeners>" if transitions else ""
    content = diagram("desk", START, user_task(groups="support-agents", more=more), END)
    site.runtime.deployments.deploy(SYSTEM, {"desk.bpmn": content})
    case = site.runtime.instances.start(SYSTEM, "desk", {})
    (task,) = site.runtime.instances.get(SYSTEM, case).tasks
    return task.id
