"""Every kind of file and body, damaged at random: each ends by itself, within bounds of memory and processor time.

The inputs are sound ones with pieces exchanged, repeated and cut. Deterministic: they are derived, not drawn anew.
"""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.dmn import sheets
from tests.security.bounded import HOOK, MODEL, Bounded
from tests.security.test_files import bpmn

CASES = int(os.environ.get("BAILIWICK_FUZZ_CASES", "200"))  # of each kind; `make fuzz` sends thousands
PROCESS = bpmn('<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="e"/><endEvent id="e"/>').encode()
ROLE = b"kind: JobRole\nid: r\nname: R\nprocesses: [p]\nactions:\n  - action: billing.refund\n    limit: 10\n"
FORM = b'{"id": "f", "components": [{"type": "textfield", "key": "a.b", "validate": {"pattern": "^a+$"}}]}'
BODY = b'{"id": "aaa", "amount": 12.5, "more": {"id": "a", "amount": 1e3}}'
KINDS = {
    "diagram": ("models", "a.bpmn", PROCESS),
    "decision": ("models", "a.dmn", MODEL),
    "form": ("models", "a.form", FORM),
    "hook": ("models", "hooks/h.yaml", HOOK),
    "role": ("models", "roles/r.yaml", ROLE),
    "cases": ("models", "cases/c.yaml", b"kind: Cases\ncases:\n  - name: a\n"),
    "body": ("json", "", BODY),
    "call": ("hook", "", BODY),
    "workbook": ("sheet", "", sheets.to_xlsx("m.dmn", MODEL)),
    "comparison": ("compare", "", MODEL),
}
PIECES = (
    *(
        b"<",
        b">",
        b"/>",
        b"&x;",
        b"<!DOCTYPE x>",
        b"<!--",
        b"]]>",
        b' xmlns:q="u"',
        b'id="s"',
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
    ),
    *(b"[", b"]", b"{", b"}", b":", b"- ", b"&a ", b"*a", b"!!x ", b"\n", b"\t", b"9" * 400, b"1e999999999", b"NaN"),
    *(b'"', b"\\ud800", b"(a+)+$", b"$ref", b"http://127.0.0.1/", b"null", b"true", b"=", b"PK\x03\x04", b"a" * 2_000),
)


@st.composite
def damages(draw: st.DrawFn) -> list[tuple[float, int, bytes, int]]:
    """Where (a part of the whole), how many bytes go, what comes instead and how often."""
    one = st.tuples(
        st.floats(0, 1),
        st.sampled_from([0, 0, 1, 3, 20, 500]),
        st.sampled_from(PIECES),
        st.sampled_from([0, 1, 1, 2, 300]),
    )
    return draw(st.lists(one, min_size=1, max_size=5))


def damaged(content: bytes, damages: list[tuple[float, int, bytes, int]]) -> bytes:
    for where, length, piece, times in damages:
        place = int(where * len(content))
        content = content[:place] + piece * times + content[place + length :]
    return content


@pytest.mark.parametrize("kind", list(KINDS))
def test_damaged_input_ends_with_an_answer(kind: str, bounded: Bounded) -> None:
    """No exception that nobody foresaw, no memory and no time without end, no answer without end."""
    door, path, sound = KINDS[kind]

    @settings(derandomize=True, max_examples=CASES, database=None, suppress_health_check=list(HealthCheck))
    @given(damages())
    def send(chosen: list[tuple[float, int, bytes, int]]) -> None:
        answer = bounded.read(door, path, damaged(sound, chosen))
        assert answer.error == ""
        assert sum(len(line) for line in answer.said) < 500_000

    send()
