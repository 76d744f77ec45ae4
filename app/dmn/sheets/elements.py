"""The XML of a decision table as a grid, and the grid's texts put back, element by element: nothing else moves."""

from collections.abc import Callable, Iterator

from lxml import etree

from app.dmn.reading.notation import characters
from app.dmn.sheets.grids import Column, ColumnKind, Grid, Row

_ENTRIES = {
    ColumnKind.INPUT: "inputEntry",
    ColumnKind.OUTPUT: "outputEntry",
    ColumnKind.ANNOTATION: "annotationEntry",
}


class TableXml:
    """One decision table in its file."""

    def __init__(self, decision: etree._Element, table: etree._Element) -> None:
        self.decision = decision
        self.table = table
        self._prefix = f"{{{etree.QName(table).namespace}}}"
        self._ids = {str(one.get("id")) for one in decision.getroottree().iter(etree.Element) if one.get("id")}

    def grid(self) -> Grid:
        """What the table says."""
        clauses = list(self._clauses())
        counts = {kind: sum(1 for own, _ in clauses if own is kind) for kind in ColumnKind}
        return Grid(
            self.decision.get("id", ""),
            self.decision.get("name", ""),
            self.table.get("hitPolicy", "UNIQUE"),
            self.table.get("aggregation", ""),
            tuple(
                Column(kind, clause.get("id") or f"#{number}", tuple(read(clause) for read, _ in self._fields(kind)))
                for number, (kind, clause) in enumerate(clauses, start=1)
            ),
            tuple(
                Row(rule.get("id") or f"#{number}", self._texts(rule, counts), self._description(rule))
                for number, rule in enumerate(self._all(self.table, "rule"), start=1)
            ),
        )

    def write_policy(self, hit_policy: str, aggregation: str) -> None:
        for name, text in (("hitPolicy", hit_policy), ("aggregation", aggregation)):
            _set(self.table, name, text)

    def write_column(self, number: int, head: int, text: str) -> None:
        """A text of COLUMN_HEADS, of the column of this number, from 0."""
        kind, clause = list(self._clauses())[number]
        self._fields(kind)[head][1](clause, text)

    def write_rules(self, rows: list[tuple[Row, etree._Element | None]], columns: tuple[Column, ...]) -> None:
        """Let the table have these rules in this order, each made of the element it had."""
        old = list(self._all(self.table, "rule"))
        at = self.table.index(old[0]) if old else len(self.table)
        tail = old[0].tail if old else self.table.text
        for rule in old:
            self.table.remove(rule)
        for place, (row, element) in enumerate(rows):
            rule = self._new_rule(columns) if element is None else element
            rule.tail = rule.tail if element is not None else tail
            self._write_rule(rule, row, columns)
            self.table.insert(at + place, rule)

    def rules(self) -> list[etree._Element]:
        return list(self._all(self.table, "rule"))

    def entry_ids(self, rule: etree._Element, columns: tuple[Column, ...]) -> list[str]:
        """The ids of a rule's entries, in the order of the grid's columns; "" where there is none."""
        entries = {kind: iter(list(self._all(rule, name))) for kind, name in _ENTRIES.items()}
        found = (next(entries[column.kind], None) for column in columns)
        return ["" if one is None else one.get("id", "") for one in found]

    def _write_rule(self, rule: etree._Element, row: Row, columns: tuple[Column, ...]) -> None:
        if self._description(rule) != row.description:
            self._write_child(rule, "description", row.description, first=True)
        entries = {kind: iter(list(self._all(rule, name))) for kind, name in _ENTRIES.items()}
        for column, text in zip(columns, row.texts, strict=True):
            entry = next(entries[column.kind], None)
            if entry is None and not text:
                continue
            if entry is None:
                entry = etree.SubElement(rule, self._prefix + _ENTRIES[column.kind])
            if _text_of(entry, self._prefix) != text:
                self._write_text(entry, text)

    def _new_rule(self, columns: tuple[Column, ...]) -> etree._Element:
        rule = etree.Element(self._prefix + "rule", {"id": self._free_id(f"{self.table.get('id') or 'table'}-rule")})
        for number, column in enumerate(columns, start=1):
            attributes = {"id": self._free_id(f"{rule.get('id')}-{number}")}
            if column.kind is ColumnKind.ANNOTATION:
                attributes = {}
            etree.SubElement(rule, self._prefix + _ENTRIES[column.kind], attributes)
        return rule

    def _free_id(self, start: str) -> str:
        number, wanted = 1, start
        while wanted in self._ids:
            number += 1
            wanted = f"{start}-{number}"
        self._ids.add(wanted)
        return wanted

    def _clauses(self) -> Iterator[tuple[ColumnKind, etree._Element]]:
        for kind in ColumnKind:
            yield from ((kind, clause) for clause in self._all(self.table, str(kind)))

    def _texts(self, rule: etree._Element, counts: dict[ColumnKind, int]) -> tuple[str, ...]:
        texts: list[str] = []
        for kind, count in counts.items():
            found = [_text_of(entry, self._prefix) for entry in self._all(rule, _ENTRIES[kind])][:count]
            texts.extend([*found, *("" for _ in range(count - len(found)))])
        return tuple(texts)

    def _description(self, rule: etree._Element) -> str:
        found = rule.find(self._prefix + "description")
        return "" if found is None else characters(found)

    def _fields(
        self, kind: ColumnKind
    ) -> list[tuple[Callable[[etree._Element], str], Callable[[etree._Element, str], None]]]:
        """How each text of COLUMN_HEADS is read from a clause and written into it."""
        nothing = (lambda _: "", lambda _, __: None)
        label = (lambda one: one.get("label", ""), lambda one, text: _set(one, "label", text))
        if kind is ColumnKind.ANNOTATION:
            name = (lambda one: one.get("name", ""), lambda one, text: _set(one, "name", text))
            return [nothing, name, nothing, nothing, nothing]
        if kind is ColumnKind.INPUT:
            return [
                label,
                self._inside("inputExpression"),
                (
                    lambda one: self._expression(one).get("typeRef", ""),
                    lambda one, text: _set(self._expression(one), "typeRef", text),
                ),
                self._inside("inputValues"),
                nothing,
            ]
        return [
            label,
            (lambda one: one.get("name", ""), lambda one, text: _set(one, "name", text)),
            (lambda one: one.get("typeRef", ""), lambda one, text: _set(one, "typeRef", text)),
            self._inside("outputValues"),
            self._inside("defaultOutputEntry"),
        ]

    def _inside(self, name: str) -> tuple[Callable[[etree._Element], str], Callable[[etree._Element, str], None]]:
        def read(clause: etree._Element) -> str:
            child = clause.find(self._prefix + name)
            return "" if child is None else _text_of(child, self._prefix)

        def write(clause: etree._Element, text: str) -> None:
            child = clause.find(self._prefix + name)
            if child is None:
                child = etree.SubElement(clause, self._prefix + name)
            self._write_text(child, text)
            if not text and name != "inputExpression":
                clause.remove(child)

        return read, write

    def _expression(self, clause: etree._Element) -> etree._Element:
        found = clause.find(self._prefix + "inputExpression")
        return etree.SubElement(clause, self._prefix + "inputExpression") if found is None else found

    def _write_text(self, element: etree._Element, text: str) -> None:
        self._write_child(element, "text", text)

    def _write_child(self, element: etree._Element, name: str, text: str, *, first: bool = False) -> None:
        child = element.find(self._prefix + name)
        if child is None:
            child = etree.Element(self._prefix + name)
            element.insert(0 if first else len(element), child)
        for inner in list(child):
            child.remove(inner)
        child.text = text

    def _all(self, element: etree._Element, name: str) -> Iterator[etree._Element]:
        return element.iterchildren(self._prefix + name)


def _text_of(element: etree._Element, prefix: str) -> str:
    child = element.find(prefix + "text")
    return "" if child is None else characters(child)


def _set(element: etree._Element, attribute: str, text: str) -> None:
    if text:
        element.set(attribute, text)
    elif attribute in element.attrib:
        del element.attrib[attribute]


def table_elements(root: etree._Element) -> list[TableXml]:
    """The decisions of a file whose logic is a decision table, in order."""
    prefix = f"{{{etree.QName(root).namespace}}}"
    found = []
    for decision in root.iterchildren(f"{prefix}decision"):
        table = decision.find(f"{prefix}decisionTable")
        if table is not None:
            found.append(TableXml(decision, table))
    return found
