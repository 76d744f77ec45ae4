"""BPMN 2.0.2, 10.3.5: an event subprocess is not part of the normal flow."""

from collections.abc import Iterator

from app.bpmn.rules.subject import SUBPROCESSES, Finding, Subject


def event_subprocess_flows(subject: Subject) -> Iterator[Finding]:
    for subprocess in subject.document.of_kind(*SUBPROCESSES):
        if not subprocess.flag("triggeredByEvent", default=False):
            continue
        for flows, word, rule in (
            (subject.outgoing(subprocess), "outgoing", "EXT021"),
            (subject.incoming(subprocess), "incoming", "EXT022"),
        ):
            for flow in flows:
                for number in (rule, "EXT057"):
                    yield Finding(
                        subprocess,
                        f"Expected no {word} sequence flow on an event subprocess, but found {flow.id}.",
                        "Remove the flow, or draw a normal subprocess.",
                        number,
                    )
