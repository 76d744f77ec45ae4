"""Tasks that are jobs for a task handler: service tasks, and send, script and business rule tasks with a job type."""

from typing import TYPE_CHECKING

from app import feel
from app.bpmn import model
from app.engine.elements.activity import ActivitySpec
from app.engine.job_spec import JobSpec
from app.engine.jobs import request_job
from app.engine.token import Phase, Token

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec


class JobTaskSpec(ActivitySpec):
    """Without a task definition the subclass does the work itself in `perform`, or the diagram is refused."""

    def __init__(
        self, process: "ProcessSpec", node: model.JobTask, builder: "Builder", *, name: str | None = None
    ) -> None:
        super().__init__(process, node, builder, name=name)
        definition = node.task_definition
        self.job: JobSpec | None = None
        if definition is not None:
            headers = {**node.headers, **linked_resources(node)}
            self.job = builder.job(node, definition, headers, priority=node.job_priority)
        else:
            self.read_work(node, builder)

    def read_work(self, node: model.JobTask, builder: "Builder") -> None:
        """What the task does without a job type."""
        builder.refuse(
            node,
            "no-implementation",
            f"Expected the {self.element_type} to name a job type, but found none.",
            "Add a task definition with the type of a task handler.",
        )

    def perform(self, token: Token) -> bool:  # noqa: ARG002 - the subclasses look at it
        """Do the work that `read_work` found. True: done."""
        return True

    def execute(self, token: Token) -> bool:
        if self.job is None:
            return self.perform(token)
        if "job" not in token.internal_data:
            request_job(token, self.job)
        return False

    def current_job(self, token: Token) -> JobSpec:
        if token.phase is Phase.EXECUTING and self.job is not None:
            return self.job
        return super().current_job(token)


def linked_resources(node: model.JobTask) -> dict[str, str]:
    """The header "linkedResources" (JSON), as Camunda 8 hands it to a worker."""
    if not node.linked_resources:
        return {}
    resources: list[object] = [
        {"resourceId": each.resource_id, "resourceType": each.resource_type, "linkName": each.link_name}
        for each in node.linked_resources
    ]
    return {"linkedResources": feel.json_dumps(resources)}


class ServiceTaskSpec(JobTaskSpec):
    element_type = "serviceTask"
