"""Embedded subprocesses (BPMN 2.0.2, 13.3.4)."""

from typing import TYPE_CHECKING

from app.bpmn import model
from app.engine.elements.activity import ActivitySpec
from app.engine.elements.scope import ScopeContents
from app.engine.event_definitions.compensation import REOPENED
from app.engine.token import Token

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec


class SubProcessSpec(ScopeContents, ActivitySpec):
    element_type = "subProcess"

    def __init__(
        self, process: "ProcessSpec", node: model.SubProcess, builder: "Builder", *, name: str | None = None
    ) -> None:
        ScopeContents.__init__(self)
        ActivitySpec.__init__(self, process, node, builder, name=name)

    def execute(self, token: Token) -> bool:
        if REOPENED in token.internal_data:
            return self.undo_contents(token)
        if token.variables is None:
            token.variables = {}
        self.begin(token)
        return not token._children
