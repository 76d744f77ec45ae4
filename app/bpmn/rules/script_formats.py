"""BPMN 2.0.2, 10.3.3: a script task with a script says in which language it is written."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject


def script_formats(subject: Subject) -> Iterator[Finding]:
    for task in subject.document.of_kind("scriptTask"):
        script = task.first("script")
        if script is not None and script.text and not task.get("scriptFormat"):
            yield Finding(
                task,
                "Expected a scriptFormat for the script, but found none.",
                'Write the script in FEEL and set scriptFormat to "feel".',
                "EXT053",
            )
