"""Valid diagrams, broken in one place: whatever is broken is read in bounded time, and judged without a crash.

A mutation drops an attribute or a child, makes a reference dangle, moves an element into another scope, or gives an id
twice. What it breaks is named: every new error is on the element, around it, or on what refers to it or it refers to.
"""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from app import engine
from app.bpmn.checker import check
from app.bpmn.model import Definitions
from app.bpmn.reader import read
from app.bpmn.rules import RULES, Finding, Rule, Subject
from app.errors import Diagnostic, Severity
from tests.bpmn.zoo import ZOO

MODELS = Path(__file__).parents[2] / "models/bpmn"
SOURCES = [ZOO, *(path.read_bytes() for path in sorted(MODELS.glob("*.bpmn")))]
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SCOPES = {f"{BPMN}{kind}" for kind in ("definitions", "process", "subProcess", "transaction", "adHocSubProcess")}
JUNK = ("", " ", "=", "= 1 +", "true", "-1", "9" * 40, "a b", "x:y", "${x}", "\u00e9\U0001f600", "R/", "P1Y", "0")
GONE = "nobody-has-this-id"

# references that are followed when the process runs: a wrong one is an error of the element that says it
FOLLOWED = (
    "sourceRef",
    "targetRef",
    "attachedToRef",
    "messageRef",
    "signalRef",
    "errorRef",
    "escalationRef",
    "default",
)
NOT_FOLLOWED = {f"{BPMN}messageFlow", f"{BPMN}association"}  # there it is a warning
WORD = re.compile(r"[\w.-]+")


@dataclass(frozen=True)
class Mutant:
    """A file with one thing changed. `near` are the ids of what may be said to be wrong about it."""

    what: str
    content: bytes
    near: frozenset[str]


def parsed(source: bytes) -> etree._Element:
    return etree.fromstring(source)


def elements(root: etree._Element) -> list[etree._Element]:
    """Everything that is BPMN's own, and what dialects add; not the drawing."""
    return [
        each for each in root.iter() if isinstance(each.tag, str) and "/DI" not in each.tag and "/DC" not in each.tag
    ]


def named(element: etree._Element) -> Iterator[str]:
    """The id of the element and of everything around it."""
    yield from (str(each.get("id")) for each in (element, *element.iterancestors()) if each.get("id"))


def owner(element: etree._Element) -> etree._Element:
    """The node, flow or root element that the element is part of."""
    within = (each for each in (element, *element.iterancestors()) if each.getparent() is not None)
    return next((each for each in within if each.getparent().tag in SCOPES), element)


def near(root: etree._Element, *touched: etree._Element) -> frozenset[str]:
    """The elements, what is in them, what they refer to and what refers to them, over one element between (a flow, an
    association, a definition), and everything around those."""
    reached = {each for element in touched for each in owner(element).iter()}
    for _ in range(2):
        inside = {str(each.get(key)) for each in reached for key in ("id", "name") if each.get(key)}
        mentioned = {word for each in reached for word in own_words(each)}
        touching = [each for each in elements(root) if each.get("id") in mentioned or inside & own_words(each)]
        reached |= {part for each in touching for part in owner(each).iter()}
    return frozenset(name for each in reached for name in named(each))


def own_words(element: etree._Element) -> set[str]:
    return {word for text in (*element.attrib.values(), element.text or "") for word in WORD.findall(str(text))}


@st.composite
def mutants(draw: st.DrawFn) -> Mutant:
    root = parsed(draw(st.sampled_from(SOURCES)))
    everything = elements(root)
    kind = draw(st.sampled_from(["attribute", "value", "child", "dangling", "scope", "twice"]))
    match kind:
        case "attribute":
            element = draw(st.sampled_from([each for each in everything if each.attrib]))
            attribute = draw(st.sampled_from(sorted(map(str, element.attrib))))
            around = near(root, element)
            del element.attrib[attribute]
            return Mutant(f"{element.tag} without {attribute}", etree.tostring(root), around)
        case "value":
            element = draw(st.sampled_from([each for each in everything if each.attrib or (each.text or "").strip()]))
            around, value = near(root, element), draw(st.sampled_from(JUNK))
            attribute = draw(st.sampled_from([*sorted(map(str, element.attrib)), ""]))
            if attribute:
                element.set(attribute, value)
            else:
                element.text = value
            return Mutant(
                f"{element.tag} with {value!r} as {attribute or 'text'}", etree.tostring(root), around | {value}
            )
        case "child":
            element = draw(st.sampled_from(everything[1:]))
            around = near(root, element)
            parent = element.getparent()
            assert parent is not None
            parent.remove(element)
            return Mutant(f"without {element.tag} {element.get('id')}", etree.tostring(root), around)
        case "dangling":
            element = draw(st.sampled_from([each for each in everything if set(FOLLOWED) & set(map(str, each.attrib))]))
            attribute = draw(st.sampled_from(sorted(set(FOLLOWED) & set(map(str, element.attrib)))))
            around = near(root, element)
            element.set(attribute, GONE)
            return Mutant(f"{element.tag} whose {attribute} dangles", etree.tostring(root), around)
        case "scope":
            nodes = [each for each in everything if each.get("id") and each.getparent() is not root]
            scopes = [each for each in everything if each.tag in (f"{BPMN}process", f"{BPMN}subProcess")]
            element, scope = draw(st.sampled_from(nodes[1:])), draw(st.sampled_from(scopes))
            if scope in (element, *element.iterdescendants()):
                scope = scopes[0]
            around = near(root, element, scope) if element.tag != f"{BPMN}process" else near(root, root)
            if element.tag != f"{BPMN}process":
                scope.append(element)
            return Mutant(f"{element.get('id')} in {scope.get('id')}", etree.tostring(root), around)
    element = draw(st.sampled_from([each for each in everything[1:] if each.get("id")]))
    other = draw(st.sampled_from([each for each in everything[1:] if each.get("id")]))
    around = near(root, element, other)
    other.set("id", str(element.get("id")))
    return Mutant(f"two of {element.get('id')}", etree.tostring(root), around)


def judged(content: bytes) -> list[Diagnostic]:
    """Everything that a deployment says about the file."""
    definitions = read("mutant.bpmn", content)
    said = check(definitions)
    return [*said, *engine.check(definitions, said)]


def errors(diagnostics: list[Diagnostic]) -> set[tuple[str, str | None]]:
    return {(each.code, each.element_id) for each in diagnostics if each.severity is Severity.ERROR}


def test_the_diagrams_are_valid() -> None:
    """Otherwise a mutation would prove nothing."""
    for source in SOURCES:
        assert errors(judged(source)) == set()


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(mutants())
def test_what_is_broken_is_explained_where_it_is(mutant: Mutant) -> None:
    """No crash; every problem has a sentence, a remedy and an element that exists; new errors are near the change."""
    found = judged(mutant.content)
    ids = {str(each.get("id")) for each in parsed(mutant.content).iter() if each.get("id")}
    for each in found:
        assert each.message.startswith("Expected "), each
        assert each.remedy, each
        assert each.element_id is None or each.element_id in ids, each
    far = {each for each in errors(found) if each[1] is not None and each[1] not in mutant.near}
    assert far == set(), mutant.what


def test_every_reference_that_is_followed_and_dangles_is_an_error_of_its_element() -> None:
    """Each reference of the zoo in turn: the error names what was looked for, on the element that says it."""
    for position, element in enumerate(elements(parsed(ZOO))):
        for attribute in set(FOLLOWED) & set(map(str, element.attrib)):
            root = parsed(ZOO)
            changed = elements(root)[position]
            changed.set(attribute, GONE)
            severity = Severity.WARNING if changed.tag in NOT_FOLLOWED else Severity.ERROR
            said = [each for each in judged(etree.tostring(root)) if each.rule == "REF" and GONE in each.message]
            assert [(each.element_id, each.severity) for each in said] == [(next(named(changed)), severity)]


def test_every_id_that_is_there_twice_is_an_error() -> None:
    """Whatever bears it, in whatever process."""
    identifiers = [str(each.get("id")) for each in elements(parsed(ZOO))[1:] if each.get("id")]
    for identifier in identifiers:
        root = parsed(ZOO)
        etree.SubElement(root, f"{BPMN}message", id=identifier)
        twice = [each.element_id for each in judged(etree.tostring(root)) if each.rule == "EXT002"]
        assert twice == [identifier]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(JUNK)), min_size=2, max_size=12))
def test_a_file_that_is_broken_in_many_places_is_read_and_judged(places: list[tuple[int, str]]) -> None:
    """Values and whole elements at once: diagnostics, never a crash."""
    root = parsed(ZOO)
    for number, junk in places:
        everything = elements(root)
        element = everything[number % len(everything)]
        parent = element.getparent()
        if number % 3 == 0 and parent is not None:
            parent.remove(element)
        elif element.attrib:
            names = sorted(map(str, element.attrib))
            element.set(names[number % len(names)], junk)
    assert judged(etree.tostring(root))


def test_the_work_grows_with_the_file_and_not_faster() -> None:
    """Twice as many of everything is at most 2.3 times the calls, for reading, for every rule, and for the engine."""
    small, large = (zoos(count) for count in (20, 40))
    definitions = {source: read("zoos.bpmn", source) for source in (small, large)}
    steps: dict[str, Callable[[bytes], object]] = {
        "reading": lambda source: read("zoos.bpmn", source),
        "the engine": lambda source: engine.check(definitions[source]),
        **{rule.__name__: partial(judge_by, rule, definitions) for rule in RULES},
    }
    grown = {name: calls(step, large) / (calls(step, small) + 100) for name, step in steps.items()}
    assert {name: round(factor, 1) for name, factor in grown.items() if factor > 2.3} == {}


def zoos(count: int) -> bytes:
    """As many zoos in one process, each with ids of its own."""
    roots, _, rest = ZOO.decode().partition('<process id="main" isExecutable="true">')
    head, _, catalogue = roots.partition(">")
    inside = rest.removesuffix("</process></definitions>")
    start = re.compile(
        r'\b(id|sourceRef|targetRef|attachedToRef|default|messageRef|signalRef|errorRef|escalationRef)="'
    )
    texts = re.compile(r"<(sourceRef|targetRef|flowNodeRef)>")

    def renamed(text: str, number: int) -> str:
        return texts.sub(rf"<\1>z{number}-", start.sub(rf'\1="z{number}-', text)).replace(
            'calledElement="', f'calledElement="z{number}-'
        )

    copies = [renamed(catalogue, number) for number in range(count)]
    bodies = "".join(renamed(inside, number) for number in range(count))
    return f'{head}>{"".join(copies)}<process id="main" isExecutable="true">{bodies}</process></definitions>'.encode()


def judge_by(rule: Rule, definitions: Mapping[bytes, Definitions], source: bytes) -> list[Finding]:
    return list(rule(Subject(definitions[source])))


def calls(step: Callable[[bytes], object], source: bytes) -> int:
    """How many functions are called: the same on every machine."""
    count = 0

    def profile(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(profile)
    try:
        step(source)
    finally:
        sys.setprofile(None)
    return count
