"""Plain BPMN: the interface of a dialect, answering "nothing said" wherever BPMN itself has no words.

What BPMN does have words for (``calledElement``, ``script``, ``loopDataInputRef``, conditions) is read here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.bpmn.extensions import (
    Assignment,
    CalledDecision,
    CalledElement,
    ConditionalFilter,
    ExecutionListener,
    Expression,
    Form,
    LinkedResource,
    PublishMessage,
    Schedule,
    Script,
    TaskDefinition,
    TaskListener,
    VariableMapping,
)
from app.bpmn.problems import Problems
from app.bpmn.source import Document, SourceElement


@dataclass(frozen=True, slots=True)
class Collection:
    """Over what a multi-instance activity runs, and what it collects."""

    input_collection: Expression | None = None
    input_element: str | None = None
    output_collection: str | None = None
    output_element: Expression | None = None


@dataclass(frozen=True, slots=True)
class AdHoc:
    active_elements: Expression | None = None
    output_collection: str | None = None
    output_element: Expression | None = None


class DialectReader:
    """One file's dialect. Every method takes the BPMN element that the words are attached to."""

    def __init__(self, document: Document, problems: Problems) -> None:
        self.document = document
        self.problems = problems
        self._feel_by_default = "feel" in document.root.get("expressionLanguage").lower()

    def expression(self, element: SourceElement, text: str) -> Expression:
        """A text that may be an expression. `element` is where a problem with it is reported."""
        text = text.strip()
        if text.startswith("="):
            return Expression(text[1:].strip())
        return Expression(text, is_feel="feel" in element.get("language").lower())

    def optional(self, element: SourceElement, text: str | None) -> Expression | None:
        return self.expression(element, text) if text is not None and text.strip() else None

    def formal(self, element: SourceElement | None) -> Expression | None:
        """The expression that is the text of a BPMN element such as ``conditionExpression``."""
        return self.optional(element, element.text) if element is not None else None

    def condition(self, element: SourceElement | None) -> Expression | None:
        """The same for texts that are always computed: there the file's own expression language counts."""
        found = self.formal(element)
        if found is None or element is None or found.is_feel or element.get("language") or not self._feel_by_default:
            return found
        return Expression(found.text)

    def task_definition(self, element: SourceElement) -> TaskDefinition | None:  # noqa: ARG002
        return None

    def headers(self, element: SourceElement) -> Mapping[str, str]:  # noqa: ARG002
        return {}

    def properties(self, element: SourceElement) -> Mapping[str, str]:  # noqa: ARG002
        return {}

    def inputs(self, element: SourceElement) -> tuple[VariableMapping, ...]:  # noqa: ARG002
        return ()

    def outputs(self, element: SourceElement) -> tuple[VariableMapping, ...]:  # noqa: ARG002
        return ()

    def execution_listeners(self, element: SourceElement) -> tuple[ExecutionListener, ...]:  # noqa: ARG002
        return ()

    def task_listeners(self, element: SourceElement) -> tuple[TaskListener, ...]:  # noqa: ARG002
        return ()

    def assignment(self, element: SourceElement) -> Assignment:
        """BPMN's own resource roles are read as candidate groups when they name one literally."""
        names = []
        for role in element.all("potentialOwner", "performer", "humanPerformer"):
            formal = role.first("resourceAssignmentExpression")
            expression = formal.first("formalExpression", "expression") if formal is not None else None
            if expression is not None and expression.text and not expression.text.startswith("="):
                names.append(expression.text)
        return Assignment(candidate_groups=Expression(",".join(names), is_feel=False) if names else None)

    def schedule(self, element: SourceElement) -> Schedule:  # noqa: ARG002
        return Schedule()

    def priority(self, element: SourceElement) -> Expression | None:  # noqa: ARG002
        return None

    def job_priority(self, element: SourceElement) -> Expression | None:  # noqa: ARG002
        return None

    def form(self, element: SourceElement) -> Form | None:  # noqa: ARG002
        return None

    def initiator(self, element: SourceElement) -> str | None:  # noqa: ARG002
        return None

    def is_native_user_task(self, element: SourceElement) -> bool:  # noqa: ARG002
        return True

    def called_decision(self, element: SourceElement) -> CalledDecision | None:  # noqa: ARG002
        return None

    def called_element(self, element: SourceElement) -> CalledElement | None:
        """BPMN's ``calledElement`` names a process or global task of this file or of another deployment."""
        called = element.get("calledElement").rpartition(":")[2]
        return CalledElement(Expression(called, is_feel=False)) if called else None

    def script(self, element: SourceElement) -> Script | None:
        """BPMN's ``script`` with its ``scriptFormat``; "feel" runs, other languages are refused by the checks."""
        script = element.first("script")
        if script is None or not script.text:
            return None
        language = element.get("scriptFormat").lower()
        is_feel = "feel" in language or script.text.startswith("=")
        return Script(Expression(script.text.removeprefix("="), is_feel), language="feel" if is_feel else language)

    def publish(self, element: SourceElement) -> PublishMessage | None:  # noqa: ARG002
        return None

    def correlation_key(self, message: SourceElement) -> Expression | None:  # noqa: ARG002
        return None

    def conditional_filter(self, definition: SourceElement) -> ConditionalFilter:  # noqa: ARG002
        return ConditionalFilter()

    def catch_variables(self, definition: SourceElement) -> tuple[str | None, str | None]:  # noqa: ARG002
        """The variables that receive the code and the message of a caught error or escalation."""
        return None, None

    def collection(self, loop: SourceElement) -> Collection:
        """BPMN's ``loopDataInputRef`` and ``inputDataItem`` name data; with one process scope that is a variable."""
        data = loop.first("loopDataInputRef")
        item = loop.first("inputDataItem")
        if data is None or not data.text:
            return Collection()
        source = self.document.refer(data.text)
        name = (source.name or source.id) if source is not None else data.text
        return Collection(Expression(name), (item.name or item.id or None) if item is not None else None)

    def ad_hoc(self, element: SourceElement) -> AdHoc:  # noqa: ARG002
        return AdHoc()

    def linked_resources(self, element: SourceElement) -> tuple[LinkedResource, ...]:  # noqa: ARG002
        return ()

    def version_tag(self, process: SourceElement) -> str | None:  # noqa: ARG002
        return None

    def candidate_starters(self, process: SourceElement) -> Assignment:  # noqa: ARG002
        return Assignment()

    def template(self, element: SourceElement) -> str | None:  # noqa: ARG002
        return None

    def refuse(self, element: SourceElement) -> None:
        """Report what this dialect says about the element and we cannot do. Called once for every flow node."""
