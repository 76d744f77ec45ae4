"""Untrusted bytes to the element tree of a decision model, or diagnostics.

No entity is resolved, no network is reached, no document type is accepted, and the size is bounded.
"""

from lxml import etree

from app.errors import Diagnostic, ModelError
from app.markup import TooMuch, read_markup

MAX_BYTES = 128 * 1024 * 1024
"""The largest file that is read; a table of 100,000 rules with five columns has about 45 MB."""

MOST_ELEMENTS = 3_000_000
"""Of XML; that table has about 1,200,000."""


def parse(file: str, content: bytes, *, keep_comments: bool = False) -> etree._Element:
    """The root element of `content`; raises ModelError where it is unsafe, too large or not well-formed.

    `keep_comments`: what is read will be written again, comments and processing instructions with it.
    """
    if len(content) > MAX_BYTES:
        message = f"Expected at most {MAX_BYTES} bytes, but found {len(content)}."
        raise ModelError([Diagnostic("dmn.too-large", message, "Split the model by imports.", file=file)])
    try:
        root = read_markup(content, MOST_ELEMENTS, keep_comments=keep_comments).root
    except TooMuch as error:
        problem = Diagnostic(f"dmn.{error.code}", error.message, error.remedy, file=file, line=error.line)
        raise ModelError([problem]) from error
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        line, column = getattr(error, "position", (None, None))
        message = f"Expected well-formed XML, but found: {str(error).split(', line', maxsplit=1)[0]}."
        raise ModelError([Diagnostic("dmn.not-xml", message, file=file, line=line, column=column)]) from error
    if root.getroottree().docinfo.internalDTD is not None:
        message = "Expected a file without a document type, but found a DOCTYPE, which could define entities."
        raise ModelError([Diagnostic("dmn.document-type", message, "Remove the DOCTYPE declaration.", file=file)])
    return root
