"""Camunda 8: the elements of ``http://camunda.org/schema/zeebe/1.0`` inside ``extensionElements``."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from app.bpmn.dialects.base import AdHoc, Collection, DialectReader
from app.bpmn.extensions import (
    Assignment,
    Binding,
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
from app.bpmn.source import ZEEBE, SourceElement

Listener = TypeVar("Listener", ExecutionListener, TaskListener)

_NULL = Expression("null")
_NO_ELEMENT = SourceElement("", {}, "", 0, -1, ())


class ZeebeReader(DialectReader):
    def _all(self, element: SourceElement, name: str) -> Iterator[SourceElement]:
        extensions = element.first("extensionElements")
        return extensions.all(f"{{{ZEEBE}}}{name}") if extensions is not None else iter(())

    def _first(self, element: SourceElement, name: str) -> SourceElement | None:
        return next(self._all(element, name), None)

    def _children(self, element: SourceElement, parent: str, name: str) -> Iterator[SourceElement]:
        for group in self._all(element, parent):
            yield from group.all(f"{{{ZEEBE}}}{name}")

    def _binding(self, element: SourceElement, of: SourceElement) -> Binding:
        text = element.get("bindingType") or Binding.LATEST
        if text not in set(Binding):
            self.problems.add(
                of,
                "unknown-binding",
                f"Expected the binding latest, deployment or versionTag, but found {text!r}.",
                "Choose one of the three bindings.",
            )
            return Binding.LATEST
        return Binding(text)

    def task_definition(self, element: SourceElement) -> TaskDefinition | None:
        found = self._first(element, "taskDefinition")
        if found is None or not found.get("type"):
            return None
        return TaskDefinition(
            self.expression(element, found.get("type")), self.expression(element, found.get("retries") or "3")
        )

    def headers(self, element: SourceElement) -> Mapping[str, str]:
        return {header.get("key"): header.get("value") for header in self._children(element, "taskHeaders", "header")}

    def properties(self, element: SourceElement) -> Mapping[str, str]:
        return {found.get("name"): found.get("value") for found in self._children(element, "properties", "property")}

    def _mappings(self, element: SourceElement, name: str) -> tuple[VariableMapping, ...]:
        """A mapping without a source gives null; `zeebe_values` refuses it where it is an output."""
        return tuple(
            VariableMapping(
                self.optional(element, found.get("source")) or _NULL, found.get("target").strip(), found.line
            )
            for found in self._children(element, "ioMapping", name)
        )

    def inputs(self, element: SourceElement) -> tuple[VariableMapping, ...]:
        return self._mappings(element, "input")

    def outputs(self, element: SourceElement) -> tuple[VariableMapping, ...]:
        return self._mappings(element, "output")

    def execution_listeners(self, element: SourceElement) -> tuple[ExecutionListener, ...]:
        return self._listeners(element, "executionListener", ExecutionListener)

    def task_listeners(self, element: SourceElement) -> tuple[TaskListener, ...]:
        return self._listeners(element, "taskListener", TaskListener)

    def _listeners(self, element: SourceElement, name: str, listener: type[Listener]) -> tuple[Listener, ...]:
        return tuple(
            listener(
                found.get("eventType"),
                self.expression(element, found.get("type")),
                self.expression(element, found.get("retries") or "3"),
                self._listener_headers(found),
            )
            for found in self._children(element, f"{name}s", name)
        )

    def _listener_headers(self, listener: SourceElement) -> tuple[tuple[str, str], ...]:
        return tuple(
            (header.get("key"), header.get("value"))
            for headers in listener.all(f"{{{ZEEBE}}}taskHeaders")
            for header in headers.all(f"{{{ZEEBE}}}header")
        )

    def assignment(self, element: SourceElement) -> Assignment:
        found = self._first(element, "assignmentDefinition")
        if found is None:
            return super().assignment(element)
        return Assignment(
            self.optional(element, found.get("assignee")),
            self.optional(element, found.get("candidateUsers")),
            self.optional(element, found.get("candidateGroups")),
        )

    def schedule(self, element: SourceElement) -> Schedule:
        found = self._first(element, "taskSchedule") or _NO_ELEMENT
        return Schedule(self.optional(element, found.get("dueDate")), self.optional(element, found.get("followUpDate")))

    def priority(self, element: SourceElement) -> Expression | None:
        found = self._first(element, "priorityDefinition")
        return self.optional(element, found.get("priority")) if found is not None else None

    def job_priority(self, element: SourceElement) -> Expression | None:
        found = self._first(element, "jobPriorityDefinition")
        return self.optional(element, found.get("priority")) if found is not None else None

    def form(self, element: SourceElement) -> Form | None:
        found = self._first(element, "formDefinition")
        if found is None:
            return None
        key = found.get("formKey")
        body = self._embedded_form(key)
        return Form(
            id=found.get("formId") or None,
            key=(key or None) if body is None else None,
            external_reference=found.get("externalReference") or None,
            body=body,
            binding=self._binding(found, element),
            version_tag=found.get("versionTag") or None,
        )

    def _embedded_form(self, key: str) -> str | None:
        """The JSON of a form that the process carries, named by a key such as ``camunda-forms:bpmn:<id>``."""
        for form in self.document.of_kind(f"{{{ZEEBE}}}userTaskForm"):
            if key and key == f"camunda-forms:bpmn:{form.id}":
                return form.text
        return None

    def is_native_user_task(self, element: SourceElement) -> bool:
        return self._first(element, "userTask") is not None

    def called_decision(self, element: SourceElement) -> CalledDecision | None:
        found = self._first(element, "calledDecision")
        if found is None:
            return None
        return CalledDecision(
            self.expression(element, found.get("decisionId")),
            found.get("resultVariable"),
            self._binding(found, element),
            found.get("versionTag") or None,
        )

    def called_element(self, element: SourceElement) -> CalledElement | None:
        found = self._first(element, "calledElement")
        if found is None:
            return super().called_element(element)
        plain = element.get("calledElement").rpartition(":")[2]
        process_id = self.optional(element, found.get("processId") or plain)
        if process_id is None:
            return None
        return CalledElement(
            process_id,
            propagate_all_child_variables=found.flag("propagateAllChildVariables", default=True),
            propagate_all_parent_variables=found.flag("propagateAllParentVariables", default=True),
            business_id=self.optional(element, found.get("businessId")),
            binding=self._binding(found, element),
            version_tag=found.get("versionTag") or None,
        )

    def script(self, element: SourceElement) -> Script | None:
        found = self._first(element, "script")
        if found is None:
            return super().script(element)
        return Script(self.expression(element, found.get("expression")), found.get("resultVariable") or None)

    def publish(self, element: SourceElement) -> PublishMessage | None:
        found = self._first(element, "publishMessage")
        if found is None:
            return None
        return PublishMessage(
            self.optional(element, found.get("correlationKey")),
            self.optional(element, found.get("messageId")),
            self.optional(element, found.get("timeToLive")),
        )

    def correlation_key(self, message: SourceElement) -> Expression | None:
        found = self._first(message, "subscription")
        return self.optional(message, found.get("correlationKey")) if found is not None else None

    def conditional_filter(self, definition: SourceElement) -> ConditionalFilter:
        found = self._first(definition, "conditionalFilter") or _NO_ELEMENT
        return ConditionalFilter(_names(found.get("variableNames")), _names(found.get("variableEvents")))

    def collection(self, loop: SourceElement) -> Collection:
        found = self._first(loop, "loopCharacteristics")
        if found is None:
            return super().collection(loop)
        return Collection(
            self.optional(loop, found.get("inputCollection")),
            found.get("inputElement").strip() or None,
            found.get("outputCollection").strip() or None,
            self.optional(loop, found.get("outputElement")),
        )

    def ad_hoc(self, element: SourceElement) -> AdHoc:
        found = self._first(element, "adHoc") or _NO_ELEMENT
        return AdHoc(
            self.optional(element, found.get("activeElementsCollection")),
            found.get("outputCollection").strip() or None,
            self.optional(element, found.get("outputElement")),
        )

    def linked_resources(self, element: SourceElement) -> tuple[LinkedResource, ...]:
        return tuple(
            LinkedResource(
                found.get("resourceId"),
                found.get("resourceType"),
                found.get("linkName"),
                self._binding(found, element),
                found.get("versionTag") or None,
            )
            for found in self._children(element, "linkedResources", "linkedResource")
        )

    def version_tag(self, process: SourceElement) -> str | None:
        found = self._first(process, "versionTag")
        return (found.get("value") or None) if found is not None else None

    def template(self, element: SourceElement) -> str | None:
        return element.get(f"{{{ZEEBE}}}modelerTemplate") or None


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in (part.strip() for part in text.split(",")) if name)
