"""Script tasks: a FEEL expression whose value becomes a variable. No other language is executed."""

from typing import TYPE_CHECKING

from app.bpmn import model
from app.bpmn.extensions import Expression
from app.engine import formulas
from app.engine.elements.job_task import JobTaskSpec
from app.engine.formulas import Formula
from app.engine.token import Token

if TYPE_CHECKING:
    from app.engine.builder import Builder

FEEL_LANGUAGES = (
    "",
    "feel",
    "http://www.omg.org/spec/dmn/20180521/feel/",
    "https://www.omg.org/spec/dmn/20230324/feel/",
)


class ScriptTaskSpec(JobTaskSpec):
    element_type = "scriptTask"
    script: Formula | None = None
    result_variable: str | None = None

    def read_work(self, node: model.JobTask, builder: "Builder") -> None:
        script = node.script if isinstance(node, model.ScriptTask) else None
        if script is None:
            builder.refuse(
                node,
                "no-implementation",
                "Expected the script task to have a FEEL expression or a job type, but found neither.",
                "Add a FEEL expression and a result variable.",
            )
            return
        if script.language.lower() not in FEEL_LANGUAGES:
            builder.refuse(
                node,
                "script-language",
                f'Expected a script in FEEL, but found "{script.language}". Code from diagrams is never executed.',
                "Write a FEEL expression, or a service task with a task handler.",
            )
            return
        self.script = builder.formula(node, Expression(script.expression.text), "script")
        self.result_variable = script.result_variable

    def perform(self, token: Token) -> bool:
        if self.script is not None:
            value = formulas.json_value(token, self.script)
            if self.result_variable:
                token.result = {self.result_variable: value}
        return True
