"""A whole file: item definitions, imports and the nodes of the requirement graph (DMN 1.5, 6.3 and 7.3)."""

from collections.abc import Iterable

from lxml import etree

from app.dmn.model import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    Definitions,
    FunctionItem,
    Import,
    InputData,
    ItemDefinition,
    Requirement,
    Variable,
)
from app.dmn.reading import xml
from app.dmn.reading.expressions import KINDS, read_function
from app.dmn.reading.notation import CAMUNDA_7, VERSIONS, Reader, clean_name, line_of
from app.errors import Diagnostic, ModelError, Severity

ZEEBE = "http://camunda.org/schema/zeebe/1.0"


def read_definitions(file: str, content: bytes) -> tuple[Definitions, list[Diagnostic]]:
    """One file and what is wrong with it so far.

    Raises ModelError where nothing can be read: not XML, unsafe XML, not DMN, or a version that we do not know.
    """
    root = xml.parse(file, content)
    name = etree.QName(root)
    version = VERSIONS.get(name.namespace or "")
    if version is None or name.localname != "definitions":
        raise ModelError(
            [
                Diagnostic(
                    "dmn.not-dmn",
                    f"Expected <definitions> of DMN 1.1 to 1.5, but found <{name.localname}> of "
                    f"{name.namespace or 'no namespace'}.",
                    "Save the model as DMN 1.5: a newer modeler converts older files when it opens them.",
                    file=file,
                    line=line_of(root),
                )
            ]
        )
    reader = Reader(file, root)
    definitions = Definitions(
        file,
        clean_name(root.get("name")),
        reader.namespace,
        version,
        tuple(_read_import(reader, element) for element in reader.all(root, "import")),
        tuple(_read_item_definition(reader, element) for element in reader.all(root, "itemDefinition")),
        tuple(_read_input_data(reader, element) for element in reader.all(root, "inputData")),
        tuple(_read_decision(reader, element) for element in reader.all(root, "decision")),
        tuple(_read_knowledge_model(reader, element) for element in reader.all(root, "businessKnowledgeModel")),
        tuple(_read_service(reader, element) for element in reader.all(root, "decisionService")),
        id=root.get("id", ""),
        line=line_of(root),
    )
    _check_ids(reader)
    return definitions, reader.diagnostics


def _read_import(reader: Reader, element: etree._Element) -> Import:
    namespace = (element.get("namespace") or "").strip()
    kind = (element.get("importType") or "").strip()
    if kind and kind not in VERSIONS:
        reader.report(
            "dmn.import-type",
            f"Expected an import of a DMN model, but found the type {kind}.",
            "Nothing of this import can be used.",
            element,
            Severity.WARNING,
        )
    return Import(
        clean_name(element.get("name")),
        namespace,
        kind,
        element.get("locationURI"),
        id=element.get("id", ""),
        line=line_of(element),
    )


def _read_item_definition(reader: Reader, element: etree._Element) -> ItemDefinition:
    function = reader.first(element, "functionItem")
    return ItemDefinition(
        clean_name(element.get("name")),
        element.get("isCollection", "false").strip() in {"true", "1"},
        reader.type_ref(element, reader.plain(element, "typeRef") or element.get("typeRef")),
        tuple(_read_item_definition(reader, component) for component in reader.all(element, "itemComponent")),
        None if function is None else _read_function_item(reader, function),
        reader.unary_tests(element, "allowedValues"),
        reader.unary_tests(element, "typeConstraint"),
        id=element.get("id", ""),
        line=line_of(element),
    )


def _read_function_item(reader: Reader, element: etree._Element) -> FunctionItem:
    return FunctionItem(
        tuple(reader.variable(parameter) for parameter in reader.all(element, "parameters")),
        reader.type_ref(element, element.get("outputTypeRef")),
        id=element.get("id", ""),
        line=line_of(element),
    )


def _read_input_data(reader: Reader, element: etree._Element) -> InputData:
    name = clean_name(element.get("name"))
    return InputData(
        name,
        _own_variable(reader, element, name, reader.first(element, "variable")),
        id=element.get("id", ""),
        line=line_of(element),
    )


def _read_decision(reader: Reader, element: etree._Element) -> Decision:
    name = clean_name(element.get("name"))
    parts: dict[str, list[etree._Element]] = {}
    for kind, child in reader.children(element):  # one pass: most files are mostly decisions
        parts.setdefault(kind, []).append(child)
    needs = parts.get("informationRequirement", ())
    logic = next(((kind, found[0]) for kind, found in parts.items() if kind in KINDS), None)
    return Decision(
        name,
        _own_variable(reader, element, name, parts.get("variable", [None])[0]),
        None if logic is None else KINDS[logic[0]](reader, logic[1]),
        (
            *_requirements(reader, needs, "requiredInput"),
            *_requirements(reader, needs, "requiredDecision"),
        ),
        _requirements(reader, parts.get("knowledgeRequirement", ()), "requiredKnowledge"),
        _version_tag(parts.get("extensionElements", ())) or element.get(f"{{{CAMUNDA_7}}}versionTag") or None,
        id=element.get("id", ""),
        line=line_of(element),
    )


def _version_tag(extensions: Iterable[etree._Element]) -> str | None:
    tags = (tag.get("value") for each in extensions for tag in each.iterchildren(f"{{{ZEEBE}}}versionTag"))
    return next((tag for tag in tags if tag), None)


def _read_knowledge_model(reader: Reader, element: etree._Element) -> BusinessKnowledgeModel:
    name = clean_name(element.get("name"))
    logic = reader.first(element, "encapsulatedLogic")
    return BusinessKnowledgeModel(
        name,
        _own_variable(reader, element, name, reader.first(element, "variable")),
        None if logic is None else read_function(reader, logic),
        _requirements(reader, reader.all(element, "knowledgeRequirement"), "requiredKnowledge"),
        id=element.get("id", ""),
        line=line_of(element),
    )


def _read_service(reader: Reader, element: etree._Element) -> DecisionService:
    name = clean_name(element.get("name"))
    return DecisionService(
        name,
        _own_variable(reader, element, name, reader.first(element, "variable")),
        _references(reader, element, "outputDecision"),
        _references(reader, element, "encapsulatedDecision"),
        _references(reader, element, "inputDecision"),
        _references(reader, element, "inputData"),
        id=element.get("id", ""),
        line=line_of(element),
    )


def _own_variable(reader: Reader, element: etree._Element, name: str, variable: etree._Element | None) -> Variable:
    if variable is None:
        return Variable(name, None, line=line_of(element))
    return reader.variable(variable, name)


def _requirements(reader: Reader, requirements: Iterable[etree._Element], target: str) -> tuple[Requirement, ...]:
    return tuple(reference for requirement in requirements for reference in _references(reader, requirement, target))


def _references(reader: Reader, element: etree._Element, kind: str) -> tuple[Requirement, ...]:
    found = []
    for reference in reader.all(element, kind):
        namespace, _, target = (reference.get("href") or "").strip().rpartition("#")
        if not target:
            reader.report(
                "dmn.missing-href", "Expected a reference to an element, but found none.", "Set href.", reference
            )
            continue
        outside = None if namespace in {"", reader.namespace} else namespace
        found.append(Requirement(outside, target, id=reference.get("id", ""), line=line_of(reference)))
    return tuple(found)


def _check_ids(reader: Reader) -> None:
    """Two elements with one id make every reference to it ambiguous (XML Schema, xs:ID)."""
    seen: dict[str, int] = {}
    for kind in ("inputData", "decision", "businessKnowledgeModel", "decisionService"):
        for element in reader.all(reader.root, kind):
            element_id = element.get("id")
            if not element_id:
                continue
            if element_id in seen:
                reader.report(
                    "dmn.duplicate-id",
                    f'Expected every id once, but found "{element_id}" again (first on line {seen[element_id]}).',
                    "Give one of the elements another id.",
                    element,
                )
            seen.setdefault(element_id, line_of(element))
