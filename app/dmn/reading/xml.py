"""The one door for XML: untrusted bytes to an element tree, or diagnostics.

No entity is resolved, no network is reached, no document type is accepted, and the size is bounded.
"""

from lxml import etree

from app.errors import Diagnostic, ModelError

MAX_BYTES = 128 * 1024 * 1024
"""The largest file that is read; a table of 100,000 rules with five columns has about 45 MB."""


def parse(file: str, content: bytes, *, keep_comments: bool = False) -> etree._Element:
    """The root element of `content`; raises ModelError where it is unsafe, too large or not well-formed.

    `keep_comments`: what is read will be written again, comments and processing instructions with it.
    """
    if len(content) > MAX_BYTES:
        message = f"Expected at most {MAX_BYTES} bytes, but found {len(content)}."
        raise ModelError([Diagnostic("dmn.too-large", message, "Split the model by imports.", file=file)])
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=not keep_comments,
        remove_pis=not keep_comments,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line, column = getattr(error, "position", (None, None))
        message = f"Expected well-formed XML, but found: {str(error).split(', line', maxsplit=1)[0]}."
        raise ModelError([Diagnostic("dmn.not-xml", message, file=file, line=line, column=column)]) from error
    if root.getroottree().docinfo.internalDTD is not None:
        message = "Expected a file without a document type, but found a DOCTYPE, which could define entities."
        raise ModelError([Diagnostic("dmn.document-type", message, "Remove the DOCTYPE declaration.", file=file)])
    return root
