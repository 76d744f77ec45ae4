"""BPMN 2.0.2, 8.4.6: what an executable process computes is a formal expression; any other is natural language.

In plain BPMN only: in the dialects of Camunda's engines a leading = or ${ says what is computed.
"""

from collections.abc import Iterator

from app.bpmn.model import Dialect
from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity

# kind of the element, its children that are computed
_COMPUTED = (
    ("adHocSubProcess", ("completionCondition",)),
    ("assignment", ("from", "to")),
    ("complexGateway", ("activationCondition",)),
    ("conditionalEventDefinition", ("condition",)),
    ("multiInstanceLoopCharacteristics", ("loopCardinality", "completionCondition")),
    ("sequenceFlow", ("conditionExpression",)),
    ("standardLoopCharacteristics", ("loopCondition",)),
    ("timerEventDefinition", ("timeDate", "timeDuration", "timeCycle")),
)


def expression_forms(subject: Subject) -> Iterator[Finding]:
    if subject.definitions.dialect is not Dialect.PLAIN:
        return
    for kind, computed in _COMPUTED:
        for element in subject.document.of_kind(kind):
            if not subject.is_executable(element):
                continue
            for child in element.all(*computed):
                if child.get("xsi:type").rpartition(":")[2] != "tFormalExpression":
                    yield Finding(
                        subject.named(child),
                        f"Expected a formal expression as {child.kind}, but found natural language.",
                        f'Write <{child.kind} xsi:type="tFormalExpression">.',
                        "EXT123" if kind == "conditionalEventDefinition" else "EXT012",
                        Severity.WARNING,
                    )
