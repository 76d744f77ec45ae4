"""Camunda 7: attributes and elements of ``http://camunda.org/schema/1.0/bpmn`` whose meaning carries over.

Java delegates, scripts in other languages, listeners and connectors do not; each is refused by name, with a remedy.
"""

import re
from collections.abc import Iterator, Mapping

from app.bpmn.dialects.base import Collection, DialectReader
from app.bpmn.dialects.juel import Untranslatable, translate
from app.bpmn.extensions import (
    Assignment,
    Binding,
    CalledDecision,
    CalledElement,
    ConditionalFilter,
    Expression,
    Form,
    FormField,
    Schedule,
    Script,
    TaskDefinition,
    VariableMapping,
)
from app.bpmn.source import CAMUNDA, SourceElement

_DELEGATES = ("class", "delegateExpression", "expression")
_DELEGATING = ("serviceTask", "sendTask", "businessRuleTask", "messageEventDefinition")
_LISTENERS = ("executionListener", "taskListener")
_BINDINGS = {"": Binding.LATEST, **{str(binding): binding for binding in Binding}}


def _attribute(element: SourceElement, name: str) -> str:
    return element.get(f"{{{CAMUNDA}}}{name}").strip()


class CamundaReader(DialectReader):
    def expression(self, element: SourceElement, text: str) -> Expression:
        text = text.strip()
        language = element.get("language").lower()
        if text.startswith("=") or "feel" in language:
            return super().expression(element, text)
        if language and not language.startswith("http") and language != "juel":
            self._refuse(element, f"an expression in {language}", "Write the expression in FEEL.")
        return self._translated(element, text)

    def _translated(self, element: SourceElement, text: str) -> Expression:
        try:
            return translate(text)
        except Untranslatable as problem:
            self._refuse(element, f"{problem.found} in the expression {text!r}", problem.remedy)
            return Expression(text, is_feel=False)

    def _refuse(self, element: SourceElement, found: str, remedy: str) -> None:
        owner = element
        while not owner.id and (parent := self.document.parent(owner)) is not None:
            owner = parent
        self.problems.add(owner, "camunda-7", f"Expected what can run without Camunda 7, but found {found}.", remedy)

    def _all(self, element: SourceElement, *names: str) -> Iterator[SourceElement]:
        extensions = element.first("extensionElements")
        kinds = [f"{{{CAMUNDA}}}{name}" for name in names]
        return extensions.all(*kinds) if extensions is not None else iter(())

    def _optional(self, element: SourceElement, name: str) -> Expression | None:
        return self.optional(element, _attribute(element, name))

    def task_definition(self, element: SourceElement) -> TaskDefinition | None:
        topic = _attribute(element, "topic")
        if _attribute(element, "type") != "external" or not topic:
            return None
        cycle = next(self._all(element, "failedJobRetryTimeCycle"), None)
        count = re.match(r"R(\d+)/", cycle.text) if cycle is not None else None
        return TaskDefinition(
            self.expression(element, topic), Expression(count.group(1) if count else "3", is_feel=False)
        )

    def properties(self, element: SourceElement) -> Mapping[str, str]:
        return {
            found.get("name"): found.get("value")
            for group in self._all(element, "properties")
            for found in group.all(f"{{{CAMUNDA}}}property")
        }

    def inputs(self, element: SourceElement) -> tuple[VariableMapping, ...]:
        return (*self._parameters(element, "inputParameter"), *self._passed(element, "in"))

    def outputs(self, element: SourceElement) -> tuple[VariableMapping, ...]:
        return (*self._parameters(element, "outputParameter"), *self._passed(element, "out"))

    def _parameters(self, element: SourceElement, name: str) -> Iterator[VariableMapping]:
        for group in self._all(element, "inputOutput"):
            for found in group.all(f"{{{CAMUNDA}}}{name}"):
                yield VariableMapping(self._value(element, found), found.get("name"), found.line)

    def _value(self, owner: SourceElement, holder: SourceElement) -> Expression:
        """The value of a parameter, list item or map entry: a text, a script, a list or a map."""
        for child in holder.children:
            kind = child.kind.removeprefix(f"{{{CAMUNDA}}}")
            if kind == "script":
                return self._script(owner, child.get("scriptFormat"), child.text)
            if kind == "list":
                items = [_as_feel(self._value(owner, item)) for item in child.children]
                return Expression(f"[{', '.join(items)}]")
            if kind == "map":
                entries = [
                    f"{_string(entry.get('key'))}: {_as_feel(self._value(owner, entry))}" for entry in child.children
                ]
                return Expression(f"{{{', '.join(entries)}}}")
        return self._translated(owner, holder.text)

    def _script(self, owner: SourceElement, language: str, text: str) -> Expression:
        if language.lower() == "feel":
            return Expression(text.removeprefix("="))
        if language.lower() == "juel":
            return self._translated(owner, text)
        self._refuse(owner, f"a script in {language or 'an unnamed language'}", "Write the script in FEEL.")
        return Expression(text, is_feel=False)

    def _passed(self, element: SourceElement, name: str) -> Iterator[VariableMapping]:
        """``camunda:in`` and ``camunda:out`` of call activities."""
        for found in self._all(element, name):
            target = found.get("target")
            if found.get("sourceExpression") and target:
                yield VariableMapping(self._translated(element, found.get("sourceExpression")), target, found.line)
            elif found.get("source") and target:
                yield VariableMapping(Expression(found.get("source")), target, found.line)

    def assignment(self, element: SourceElement) -> Assignment:
        own = Assignment(
            self._optional(element, "assignee"),
            self._optional(element, "candidateUsers"),
            self._optional(element, "candidateGroups"),
        )
        return own if own != Assignment() else super().assignment(element)

    def candidate_starters(self, process: SourceElement) -> Assignment:
        users, groups = (
            self._optional(process, "candidateStarterUsers"),
            self._optional(process, "candidateStarterGroups"),
        )
        return Assignment(candidate_users=users, candidate_groups=groups)

    def schedule(self, element: SourceElement) -> Schedule:
        return Schedule(self._optional(element, "dueDate"), self._optional(element, "followUpDate"))

    def priority(self, element: SourceElement) -> Expression | None:
        return self._optional(element, "priority")

    def job_priority(self, element: SourceElement) -> Expression | None:
        return self._optional(element, "jobPriority")

    def initiator(self, element: SourceElement) -> str | None:
        return _attribute(element, "initiator") or None

    def form(self, element: SourceElement) -> Form | None:
        if _attribute(element, "formRef"):
            return Form(id=_attribute(element, "formRef"), binding=self._binding(element, "formRefBinding"))
        if _attribute(element, "formKey"):
            return Form(key=_attribute(element, "formKey"))
        fields = tuple(
            FormField(
                id=found.get("id"),
                label=found.get("label"),
                type=found.get("type") or "string",
                default_value=found.get("defaultValue") or None,
                is_required=any(
                    constraint.get("name") == "required"
                    for validation in found.all(f"{{{CAMUNDA}}}validation")
                    for constraint in validation.all(f"{{{CAMUNDA}}}constraint")
                ),
                options=tuple((value.get("id"), value.get("name")) for value in found.all(f"{{{CAMUNDA}}}value")),
            )
            for data in self._all(element, "formData")
            for found in data.all(f"{{{CAMUNDA}}}formField")
        )
        return Form(fields=fields) if fields else None

    def _binding(self, element: SourceElement, name: str) -> Binding:
        text = _attribute(element, name)
        if text not in _BINDINGS:
            self._refuse(element, f"the binding {text!r}", "Bind to latest, deployment or a version tag.")
        return _BINDINGS.get(text, Binding.LATEST)

    def called_decision(self, element: SourceElement) -> CalledDecision | None:
        if not _attribute(element, "decisionRef"):
            return None
        return CalledDecision(
            self.expression(element, _attribute(element, "decisionRef")),
            _attribute(element, "resultVariable") or "decisionResult",
            self._binding(element, "decisionRefBinding"),
            _attribute(element, "decisionRefVersionTag") or None,
        )

    def called_element(self, element: SourceElement) -> CalledElement | None:
        called = self.optional(element, element.get("calledElement"))
        if called is None:
            return None
        return CalledElement(
            called,
            propagate_all_child_variables=any(found.get("variables") == "all" for found in self._all(element, "out")),
            propagate_all_parent_variables=any(found.get("variables") == "all" for found in self._all(element, "in")),
            business_id=next(
                (
                    self._translated(element, found.get("businessKey"))
                    for found in self._all(element, "in")
                    if found.get("businessKey")
                ),
                None,
            ),
            binding=self._binding(element, "calledElementBinding"),
            version_tag=_attribute(element, "calledElementVersionTag") or None,
        )

    def script(self, element: SourceElement) -> Script | None:
        script = element.first("script")
        if _attribute(element, "resource"):
            self._refuse(element, "a script from a resource", "Write the script into the task, in FEEL.")
        if script is None:
            return None
        result = _attribute(element, "resultVariable") or None
        return Script(self._script(element, element.get("scriptFormat"), script.text), result)

    def conditional_filter(self, definition: SourceElement) -> ConditionalFilter:
        names, events = _attribute(definition, "variableName"), _attribute(definition, "variableEvents")
        return ConditionalFilter(
            (names,) if names else (), tuple(part.strip() for part in events.split(",") if part.strip())
        )

    def catch_variables(self, definition: SourceElement) -> tuple[str | None, str | None]:
        code = _attribute(definition, "errorCodeVariable") or _attribute(definition, "escalationCodeVariable")
        return code or None, _attribute(definition, "errorMessageVariable") or None

    def collection(self, loop: SourceElement) -> Collection:
        text = _attribute(loop, "collection")
        if not text:
            return super().collection(loop)
        is_name = re.fullmatch(r"[A-Za-z_]\w*", text) is not None
        source = Expression(text) if is_name else self.expression(loop, text)
        return Collection(source, _attribute(loop, "elementVariable") or None)

    def version_tag(self, process: SourceElement) -> str | None:
        return _attribute(process, "versionTag") or None

    def template(self, element: SourceElement) -> str | None:
        return _attribute(element, "modelerTemplate") or None

    def refuse(self, element: SourceElement) -> None:
        for carrier in (element, *element.all("messageEventDefinition")):
            for name in _DELEGATES if carrier.kind in _DELEGATING else ():
                if _attribute(carrier, name):
                    remedy = 'Set camunda:type="external" with a topic, and write a task handler for it.'
                    self._refuse(element, f"the Java delegate {name}={_attribute(carrier, name)!r}", remedy)
        for listener in self._all(element, *_LISTENERS):
            name = listener.kind.rpartition("}")[2]
            self._refuse(element, f"a {name} on {listener.get('event') or 'start'}", "Draw what it does as a task.")
        if next(self._all(element, "connector"), None) is not None:
            self._refuse(element, "a connector", "Write a task handler for an external task.")
        if element.kind == "callActivity" and _attribute(element, "caseRef"):
            self._refuse(element, "a CMMN case", "Call a process.")


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _as_feel(value: Expression) -> str:
    return value.text if value.is_feel else _string(value.text)
