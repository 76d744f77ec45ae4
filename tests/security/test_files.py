"""Small files that once stopped the platform: each ends with a sentence, within bounds of memory and processor time."""

import io
import zipfile

import pytest

from app.dmn import sheets
from tests.security.bounded import MODEL, Bounded

HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x" id="d">'
DMN = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="x" name="d" id="d">'
HOOK = 'name: h\nmessage: m\nsecret: S\ncorrelation_key: "=id"\nschema: {type: object}\n'


def bpmn(inside: str) -> str:
    return f'{HEAD}<process id="p" isExecutable="true">{inside}</process></definitions>'


def attributes(count: int) -> str:
    return " ".join(f'a{number}="1"' for number in range(count))


def namespaces(count: int) -> str:
    return "".join(f'<p{number}:x xmlns:p{number}="urn:{number}"/>' for number in range(count))


def aliases(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines)


HOSTILE = {
    "an element of 200,000 attributes": (
        "a.bpmn",
        bpmn(f"<task id='t' {attributes(200_000)}/>"),
        "bpmn.too-many-attributes",
    ),
    "30,000 loose tasks": (
        "a.bpmn",
        bpmn("".join(f'<task id="t{n}"/>' for n in range(30_000))),
        "bpmn.too-many-elements",
    ),
    "20,000 namespaces": ("a.bpmn", bpmn(namespaces(20_000)), "bpmn.too-many-namespaces"),
    "5,000 levels": ("a.bpmn", HEAD + "<process>" * 5_000, "bpmn.too-deep"),
    "a million elements": ("a.bpmn", bpmn("<x/>" * 1_000_000), "bpmn.too-many-elements"),
    "a text of 9 MB": ("a.bpmn", bpmn(f"<documentation>{'x' * 9_000_000}</documentation>"), ""),
    "a comment of 9 MB": ("a.bpmn", bpmn(f"<!--{'x' * 9_000_000}-->"), ""),
    "a processing instruction of 9 MB": ("a.bpmn", bpmn(f"<?x {'x' * 9_000_000}?>"), ""),
    "100,000 comments": ("a.bpmn", bpmn("<!--x-->" * 100_000), ""),
    "an attribute of 9 MB": ("a.bpmn", bpmn(f"<task id='t' name='{'x' * 9_000_000}'/>"), "bpmn."),
    "attributes in DMN": (
        "a.dmn",
        f"{DMN}<decision id='t' {attributes(200_000)}/></definitions>",
        "dmn.too-many-attributes",
    ),
    "namespaces in DMN": ("a.dmn", f"{DMN}{namespaces(20_000)}</definitions>", "dmn.too-many-namespaces"),
    "levels in DMN": ("a.dmn", DMN + "<decision>" * 5_000, "dmn.too-deep"),
    "aliases in a hook": ("hooks/h.yaml", aliases(9), "hook.alias"),
    "aliases in a hook's schema": (
        "hooks/h.yaml",
        "name: h\nmessage: m\nsecret: S\ncorrelation_key: '=id'\nschema:\n  " + aliases(9).replace("\n", "\n  "),
        "hook.alias",
    ),
    "an alias of itself": ("hooks/h.yaml", "schema: &a\n  x: *a\n", "hook."),
    "a key twice in a hook": ("hooks/h.yaml", HOOK + "name: h\n", "hook.key-twice"),
    "a date in a hook": ("hooks/h.yaml", HOOK.replace("name: h", "name: 2026-99-99"), ""),
    "5,000 digits in a hook": ("hooks/h.yaml", f"{HOOK}max_bytes: {'9' * 5_000}\n", "hook.number"),
    "5,000 levels in a hook": ("hooks/h.yaml", f"schema: {'[' * 5_000}", "hook.unreadable"),
    "aliases in a role": ("roles/r.yaml", f"kind: JobRole\n{aliases(9)}", "roles.alias"),
    "a number of 100 million digits in a role": ("roles/r.yaml", "kind: JobRole\ncount: 1e99999999\n", "roles.number"),
    "a schema elsewhere": (
        "hooks/h.yaml",
        HOOK.replace("{type: object}", '{"$ref": "http://127.0.0.1:8306/schema.json"}'),
        "hook.schema-reference",
    ),
    "a form of 200,000 levels": ("a.form", "[" * 200_000 + "]" * 200_000, "deployment.unreadable"),
    "a form of 500 levels": ("a.form", '{"components": ' + "[" * 500 + "]" * 500 + "}", "deployment.unreadable"),
    "a form with a number of a million digits": ("a.form", f'{{"id": {"9" * 1_000_000}}}', "deployment.unreadable"),
}


@pytest.mark.parametrize(("path", "text", "code"), HOSTILE.values(), ids=list(HOSTILE))
def test_what_once_stopped_the_platform_ends_with_a_sentence(path: str, text: str, code: str, bounded: Bounded) -> None:
    """The check ends by itself, and says what is wrong; nothing grows with what the author multiplied."""
    answer = bounded.read("models", path, text.encode())
    assert answer.error == ""
    assert any(line.startswith(code) for line in answer.said), answer.said[:5]
    assert sum(len(line) for line in answer.said) < 300_000


def test_of_very_many_problems_some_hundred_are_listed(bounded: Bounded) -> None:
    """5,000 flows that lead nowhere are not 5,000 sentences; the last one says how many more there are."""
    flows = "".join(f'<sequenceFlow id="f{n}" sourceRef="s" targetRef="no{n}"/>' for n in range(5_000))
    answer = bounded.read("models", "a.bpmn", bpmn(f'<startEvent id="s"/>{flows}').encode())
    *listed, last, _tables = answer.said
    assert (answer.error, len(listed)) == ("", 300)
    assert last.startswith("deployment.more-problems")


BODIES = {
    "200,000 levels": b'{"id":' + b"[" * 200_000,
    "201 levels": b'{"id":' + b"[" * 201 + b"]" * 201 + b"}",
    "a million digits": b'{"id":' + b"9" * 1_000_000 + b"}",
    "a million digits of a fraction": b'{"id":0.' + b"9" * 1_000_000 + b"}",
    "an enormous exponent": b'{"id":1e999999999}',
    "no UTF-8": b'{"id":"\xff"}',
    "half of a pair": b'{"id":"\\ud800"}',
    "not a number": b'{"id":NaN}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
def test_json_is_bounded_before_it_is_understood(body: bytes, bounded: Bounded) -> None:
    """What is too deep, too long or no JSON is refused with a sentence, by the codec and by a hook."""
    for door, begins in (("json", "refused"), ("hook", "$")):
        answer = bounded.read(door, "", body)
        assert answer.error == ""
        assert answer.said[0].startswith(begins)


def test_a_pattern_of_a_hook_gives_up(bounded: Bounded) -> None:
    """``^(a|aa)+$`` over a text that does not fit is given up, and costs nobody else their answer."""
    answer = bounded.read("hook", "", b'{"id": "' + b"a" * 60 + b'!"}')
    assert answer.error == ""
    assert "longer" in answer.said[0]


def workbook(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def edited(**parts: bytes) -> bytes:
    """A workbook that was exported, with parts of its archive replaced."""
    sound = sheets.to_xlsx("m.dmn", MODEL)
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    names = {name.replace("/", "_").replace(".", "_"): name for name in kept}
    return workbook(kept | {names[name]: content for name, content in parts.items()})


MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
WORKBOOKS = {
    "300 MB of zeros": workbook({"xl/workbook.xml": b"\0" * 300_000_000}),
    "no archive": b"PK\x03\x04 nothing",
    "an empty archive": workbook({}),
    "entities": edited(xl_workbook_xml=b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'),
    "deep XML": edited(xl_worksheets_sheet1_xml=b"<a>" * 100_000),
    "a cell at the end of the world": edited(
        xl_worksheets_sheet1_xml=b"<worksheet " + MAIN + b'><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c>'
        b"</row></sheetData></worksheet>"
    ),
    "300,000 cells": edited(
        xl_worksheets_sheet1_xml=b"<worksheet "
        + MAIN
        + b"><sheetData><row>"
        + b"<c><v>1</v></c>" * 300_000
        + b"</row></sheetData></worksheet>"
    ),
}


@pytest.mark.parametrize("content", WORKBOOKS.values(), ids=list(WORKBOOKS))
def test_a_hostile_workbook_is_refused(content: bytes, bounded: Bounded) -> None:
    """Archives that grow, entities, depth, cells far away and cells without end: a sentence, within the bounds."""
    answer = bounded.read("sheet", "", content)
    assert answer.error == ""
    assert answer.said[0].startswith("refused")
