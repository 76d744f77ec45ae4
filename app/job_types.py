"""What the name of an action, which is a job type in diagrams, may look like. What answers to one is not known here."""

import re

MAXIMUM_LENGTH = 255
PATTERN = r"^[^\s=\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$"
"""Any text in one line: "fetchGoods", "send_mail", "io.camunda:http-json:1". A leading = would be FEEL in a diagram."""


def is_job_type(text: str) -> bool:
    """Whether a diagram can name it, a document grant it, and a page show it."""
    return len(text) <= MAXIMUM_LENGTH and re.fullmatch(PATTERN, text) is not None
