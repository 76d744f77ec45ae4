"""Scripts run in FEEL only: nothing that a diagram says is executed as Python or any other language."""

from collections.abc import Iterator

from app.bpmn.model import Dialect, ScriptTask
from app.bpmn.rules.subject import Finding, Subject


def script_languages(subject: Subject) -> Iterator[Finding]:
    if subject.definitions.dialect is Dialect.CAMUNDA:
        return  # its reader refuses them by name
    tasks = [node for process in subject.running for node in process.walk()]
    tasks += [found.task for found in subject.definitions.global_tasks]
    for task in tasks:
        script = task.script if isinstance(task, ScriptTask) else None
        if script is not None and script.language not in ("feel", ""):
            yield Finding(
                subject.document.by_id(task.id),
                f"Expected a script in FEEL, but found {script.language}.",
                'Write the script in FEEL (scriptFormat "feel" or zeebe:script), or as a task handler.',
            )
