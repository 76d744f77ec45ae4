"""BPMN 2.0.2, 9.5.6: a global conversation consists of participants, message flows and correlation keys only."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity

_FOREIGN = (
    *("conversation", "subConversation", "callConversation", "conversationLink"),
    *("participantAssociation", "messageFlowAssociation", "conversationAssociation"),
    *("association", "group", "textAnnotation"),
)


def global_conversations(subject: Subject) -> Iterator[Finding]:
    for conversation in subject.document.of_kind("globalConversation"):
        for child in conversation.all(*_FOREIGN):
            yield Finding(
                child if child.id else conversation,
                f"Expected participants, message flows and correlation keys in a global conversation, "
                f"but found <{child.kind}>.",
                "Move it into a collaboration.",
                "EXT032",
                Severity.WARNING,
            )
