"""Forms as form-js draws them (bpmn.io's form schema, version 19): what a form asks, and whether an answer fits it.

Here live the schema, its rules for values and conditions, and the check of a form before it is deployed. The page's
viewer, the page without a script and the API are all held to `answer`. No database, no Flask, no clock: the day is
passed in. Not here: drawing (`frontend/src/form`, `app.web.inbox`), and which form a task has (`app.runtime`).
"""

from app.forms.answering import Answer, answer
from app.forms.checking import check
from app.forms.schema import Component, Form, Kind, read
from app.forms.values import number_of

__all__ = ["Answer", "Component", "Form", "Kind", "answer", "check", "number_of", "read"]
