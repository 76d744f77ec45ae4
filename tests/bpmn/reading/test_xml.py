"""What is refused before anything is read, and what is kept of a file that is read."""

import pickle
import re

import pytest

from app.bpmn.reading.xml import MAXIMUM_BYTES, parse
from app.errors import ModelError

ROOT = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + f"]>{ROOT}&i;</definitions>"
)
EXTERNAL = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>{ROOT}<message id="&x;"/>&x;</definitions>'
PARAMETER = f'<!DOCTYPE d [<!ENTITY % x SYSTEM "http://localhost:9/x.dtd"> %x;]>{ROOT}</definitions>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "bpmn.not-xml"),
        (b"<definitions", "bpmn.not-xml"),
        (b"this is no XML", "bpmn.not-xml"),
        (b"\x00\x01\x02", "bpmn.not-xml"),
        (b'<?xml version="1.0" encoding="UTF-8"?>' + ROOT.encode() + b"\xff</definitions>", "bpmn.not-xml"),
        (b'<?xml version="1.0" encoding="no-such-encoding"?>' + ROOT.encode() + b"</definitions>", "bpmn.not-xml"),
        (b"<html/>", "bpmn.not-bpmn"),
        (b"<definitions/>", "bpmn.not-bpmn"),
        (b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>', "bpmn.not-bpmn"),
        (BOMB.encode(), "bpmn.doctype"),
        (EXTERNAL.encode(), "bpmn.doctype"),
        (PARAMETER.encode(), "bpmn.doctype"),
        (b"\xef\xbb\xbf" + EXTERNAL.encode(), "bpmn.doctype"),
        (EXTERNAL.encode("utf-16"), "bpmn.doctype"),
        (b"<!-- first -->\n<?hello?>" + EXTERNAL.encode(), "bpmn.doctype"),
        (b"<" + b"a>" * 10, "bpmn.not-xml"),
        (ROOT.encode() + b"<process>" * 5000, "bpmn.too-deep"),
    ],
)
def test_refused(content: bytes, code: str) -> None:
    """A file that is no safe BPMN file is refused by name, with the file and a remedy."""
    with pytest.raises(ModelError) as refusal:
        parse("broken.bpmn", content)
    (diagnostic,) = refusal.value.diagnostics
    assert diagnostic.code == code
    assert diagnostic.file == "broken.bpmn"
    assert diagnostic.remedy


def test_large_files_are_refused_unread() -> None:
    """50 MB are refused by their size before anybody looks whether they are XML."""
    with pytest.raises(ModelError, match="too-large"):
        parse("large.bpmn", b"no XML" + b" " * (5 * MAXIMUM_BYTES))


def test_a_doctype_inside_a_comment_is_none() -> None:
    """Only a real DOCTYPE counts."""
    document = parse("fine.bpmn", f"<!-- <!DOCTYPE x> -->{ROOT}<message id='m'/></definitions>".encode())
    assert document.by_id("m") is not None


def test_encodings() -> None:
    """The declared encoding is honoured, with or without a byte order mark."""
    text = f"{ROOT}<message id='m' name='Größe'/></definitions>"
    for content in (
        text.encode(),
        b"\xef\xbb\xbf" + text.encode(),
        text.encode("utf-16"),
        f'<?xml version="1.0" encoding="WINDOWS-1252"?>{text}'.encode("cp1252"),
    ):
        found = parse("fine.bpmn", content).by_id("m")
        assert found is not None
        assert found.name == "Größe"


def test_lines_and_order() -> None:
    """Elements know their line, also beyond 65,535, and their place in the document."""
    padding = "\n" * 70_000
    document = parse("long.bpmn", f"{ROOT}\n<message id='a'/>{padding}<message id='b'/></definitions>".encode())
    a, b = document.by_id("a"), document.by_id("b")
    assert a is not None
    assert b is not None
    assert (a.line, b.line) == (2, 70_002)
    assert a.index < b.index


def test_ids_of_other_namespaces_are_others() -> None:
    """What a modeler keeps beside the process cannot hide the element of that id."""
    document = parse("a.bpmn", f'{ROOT}<x:task xmlns:x="other" id="p"/><process id="p"/></definitions>'.encode())
    found = document.by_id("p")
    assert found is not None
    assert found.kind == "process"


def test_prefixes() -> None:
    """Prefixed and unprefixed files read the same; foreign elements keep their namespace."""
    plain = parse("a.bpmn", f'{ROOT}<process id="p" xmlns:x="other" x:y="1"><x:z/></process></definitions>'.encode())
    found = plain.by_id("p")
    assert found is not None
    assert found.kind == "process"
    assert found.get("{other}y") == "1"
    assert [child.kind for child in found.children] == ["{other}z"]


def test_documents_pickle() -> None:
    """A document can be kept in a cache or sent to another process."""
    document = parse("a.bpmn", f'{ROOT}<process id="p"/></definitions>'.encode())
    again = pickle.loads(pickle.dumps(document))  # noqa: S301 - our own bytes
    assert again.by_id("p") is not None


def test_messages_say_what_was_expected() -> None:
    """Diagnostics read "Expected X, but found Y"."""
    with pytest.raises(ModelError) as refusal:
        parse("a.bpmn", b"<html/>")
    assert re.match(r"Expected .*, but found .*\.", refusal.value.diagnostics[0].message)
