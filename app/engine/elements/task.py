"""Tasks without work of the engine: a plain task and a manual task pass the token on (BPMN 2.0.2, 13.3.3)."""

from app.engine.elements.activity import ActivitySpec


class TaskSpec(ActivitySpec):
    element_type = "task"


class ManualTaskSpec(ActivitySpec):
    element_type = "manualTask"
