"""BPMN 2.0.2, 10.3: an activity needs and produces at least one token."""

import re
from collections.abc import Iterator

from app.bpmn.rules.subject import ACTIVITIES, Finding, Subject

_POSITIVE = re.compile(r"0*[1-9][0-9]{0,8}")


def token_quantities(subject: Subject) -> Iterator[Finding]:
    for activity in subject.document.of_kind(*ACTIVITIES):
        for attribute, rule in (("startQuantity", "EXT037"), ("completionQuantity", "EXT038")):
            text = activity.get(attribute, "1").strip()
            if not _POSITIVE.fullmatch(text):
                yield Finding(
                    activity,
                    f"Expected a {attribute} of one or more, but found {text}.",
                    f"Set {attribute} to 1.",
                    rule,
                )
