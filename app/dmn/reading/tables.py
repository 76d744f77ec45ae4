"""Decision tables from XML (DMN 1.5, 8.2 and 8.3)."""

from lxml import etree

from app.dmn.model import (
    Aggregation,
    DecisionTable,
    HitPolicy,
    InputClause,
    LiteralExpression,
    OutputClause,
    Rule,
    Text,
)
from app.dmn.reading.notation import CAMUNDA_7, Reader, line_of

_HIT_POLICIES = {
    **{policy.value: policy for policy in HitPolicy},
    "U": HitPolicy.UNIQUE,
    "F": HitPolicy.FIRST,
    "P": HitPolicy.PRIORITY,
    "A": HitPolicy.ANY,
    "C": HitPolicy.COLLECT,
    "R": HitPolicy.RULE_ORDER,
    "O": HitPolicy.OUTPUT_ORDER,
}


def read_table(reader: Reader, element: etree._Element) -> DecisionTable:
    """One decision table; a rule with too few or too many cells is reported."""
    outputs = tuple(_read_output(reader, clause) for clause in reader.all(element, "output"))
    if not outputs:
        reader.report("dmn.no-output", "Expected at least one output, but found none.", "Add an output.", element)
    inputs = tuple(_read_input(reader, clause) for clause in reader.all(element, "input"))
    rules = tuple(_read_rule(reader, rule) for rule in reader.all(element, "rule"))
    _check_widths(reader, element, rules, len(inputs), len(outputs))
    return DecisionTable(
        _read_hit_policy(reader, element),
        _read_aggregation(reader, element),
        inputs,
        outputs,
        rules,
        tuple(annotation.get("name") or "" for annotation in reader.all(element, "annotation")),
        element.get("outputLabel") or "",
        id=element.get("id", ""),
        line=line_of(element),
        type_ref=reader.type_ref(element, element.get("typeRef")),
    )


def _read_hit_policy(reader: Reader, element: etree._Element) -> HitPolicy:
    written = (element.get("hitPolicy") or HitPolicy.UNIQUE).strip().upper()
    policy = _HIT_POLICIES.get(written)
    if policy is None:
        reader.report(
            "dmn.hit-policy",
            f"Expected a hit policy such as UNIQUE or FIRST, but found {written}.",
            f"Use one of {', '.join(HitPolicy)}.",
            element,
        )
    return policy or HitPolicy.UNIQUE


def _read_aggregation(reader: Reader, element: etree._Element) -> Aggregation:
    written = (element.get("aggregation") or Aggregation.LIST).strip().upper()
    try:
        return Aggregation(written)
    except ValueError:
        reader.report(
            "dmn.aggregation",
            f"Expected an aggregation such as SUM, but found {written}.",
            f"Use one of {', '.join(Aggregation)}.",
            element,
        )
        return Aggregation.LIST


def _read_input(reader: Reader, clause: etree._Element) -> InputClause:
    written = reader.first(clause, "inputExpression")
    label = clause.get("label") or ""
    if written is None:
        reader.report(
            "dmn.input-expression",
            "Expected an input expression, but found none.",
            "Write what the column tests.",
            clause,
        )
        expression = LiteralExpression("null", id=clause.get("id", ""), line=line_of(clause))
    else:
        written_text, line = reader.text(written)
        text, language = reader.in_feel(written, written_text)
        expression = LiteralExpression(
            text,
            language,
            id=written.get("id", ""),
            line=line,
            type_ref=reader.type_ref(written, written.get("typeRef")),
        )
    return InputClause(
        label or " ".join(expression.text.split()),
        expression,
        reader.unary_tests(clause, "inputValues"),
        clause.get(f"{{{CAMUNDA_7}}}inputVariable") or None,
        id=clause.get("id", ""),
        line=line_of(clause),
    )


def _read_output(reader: Reader, clause: etree._Element) -> OutputClause:
    default = reader.first(clause, "defaultOutputEntry")
    name = " ".join((clause.get("name") or "").split())
    return OutputClause(
        name,
        clause.get("label") or name,
        reader.type_ref(clause, clause.get("typeRef")),
        reader.unary_tests(clause, "outputValues"),
        None if default is None else _read_output_entry(reader, default),
        id=clause.get("id", ""),
        line=line_of(clause),
    )


def _read_rule(reader: Reader, rule: etree._Element) -> Rule:
    inputs: list[Text] = []
    outputs: list[LiteralExpression] = []
    annotations: list[str] = []
    description = ""
    for kind, child in reader.children(rule):
        if kind == "inputEntry":
            text, line = reader.text(child)
            language = reader.in_feel(child, text)[1] if child.get("expressionLanguage") else None
            inputs.append(Text(text, language, id=child.get("id", ""), line=line))
        elif kind == "outputEntry":
            outputs.append(_read_output_entry(reader, child))
        elif kind == "annotationEntry":
            annotations.append(reader.text(child)[0].strip())
        elif kind == "description":
            description = (child.text or "").strip()
    return Rule(
        tuple(inputs), tuple(outputs), tuple(annotations), description, id=rule.get("id", ""), line=line_of(rule)
    )


def _read_output_entry(reader: Reader, entry: etree._Element) -> LiteralExpression:
    written, line = reader.text(entry)
    text, language = reader.in_feel(entry, written)
    return LiteralExpression(text, language, id=entry.get("id", ""), line=line)


def _check_widths(reader: Reader, table: etree._Element, rules: tuple[Rule, ...], inputs: int, outputs: int) -> None:
    for number, (rule, element) in enumerate(zip(rules, reader.all(table, "rule"), strict=True), start=1):
        for what, expected, found in (
            ("input entries", inputs, len(rule.inputs)),
            ("output entries", outputs, len(rule.outputs)),
        ):
            if expected != found:
                reader.report(
                    "dmn.rule-width",
                    f"Expected {expected} {what} in rule {number}, but found {found}.",
                    "Give every rule one entry per column.",
                    element,
                )
