"""BPMN 2.0.2, 10.5.5: a timer's literal text is a date, a duration or a cycle of ISO 8601; cycles may be cron."""

import re
from collections.abc import Iterator

from app.bpmn.event_definitions import TimerEventDefinition, TimerKind
from app.bpmn.model import Event, Process
from app.bpmn.rules.subject import Finding, Subject

_DATE = r"[+-]?\d{4,}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?(\[[A-Za-z_/+-]+\])?)?"
_DURATION = r"-?P(?=.)(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?)"
_CYCLE = rf"R(-1|\d*)/(({_DATE}/)?{_DURATION}|{_DURATION}/{_DATE}|{_DATE}/{_DATE})"
_CRON_FIELD = r"[0-9A-Za-z*?/,#LW-]+"
_CRON = rf"@(yearly|annually|monthly|weekly|daily|midnight|hourly)|{_CRON_FIELD}(\s+{_CRON_FIELD}){{4,6}}"

_FORMATS = {
    TimerKind.DATE: (re.compile(_DATE), "a date and time such as 2027-01-31T09:00:00Z", "EXT132"),
    TimerKind.CYCLE: (re.compile(f"{_CYCLE}|{_CRON}"), "a cycle such as R3/PT10M", "EXT133"),
    TimerKind.DURATION: (re.compile(_DURATION), "a duration such as PT15M", "EXT134"),
}


def timers(subject: Subject) -> Iterator[Finding]:
    for process in subject.definitions.processes:
        for event in process.walk():
            if isinstance(event, Event):
                for definition in event.definitions:
                    if isinstance(definition, TimerEventDefinition):
                        yield from _check(subject, process, event, definition)


def _check(subject: Subject, process: Process, event: Event, definition: TimerEventDefinition) -> Iterator[Finding]:
    source = subject.document.by_id(event.id)
    if definition.kind is None or definition.expression is None:
        if process.is_executable:
            yield Finding(
                source,
                "Expected a date, duration or cycle on the timer, but found none.",
                "Say when the timer fires.",
                "EXT135",
            )
        return
    yield from _other_times(subject, process, event)
    expected, wording, rule = _FORMATS[definition.kind]
    text = definition.expression.text
    if not definition.expression.is_feel and process.is_executable and not expected.fullmatch(text.strip()):
        yield Finding(
            source,
            f"Expected {wording}, but found {text!r}.",
            "Correct the text, or write a FEEL expression with a leading =.",
            rule,
        )


def _other_times(subject: Subject, process: Process, event: Event) -> Iterator[Finding]:
    source = subject.document.by_id(event.id)
    for definition in subject.event_definitions(source) if source is not None and process.is_executable else ():
        found = [child.kind for child in definition.all("timeDate", "timeDuration", "timeCycle")]
        if len(found) > 1:
            yield Finding(
                source,
                f"Expected a date, a duration or a cycle on the timer, but found {' and '.join(found)}.",
                "Keep one of them.",
                "EXT135",
            )
