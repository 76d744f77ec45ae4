"""Everything that is wrong or doubtful in a model, at once: structure, types, syntax, names, and its tables."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from xml.sax.saxutils import escape

from app import feel
from app.dmn.analysis import TableAnalysis, analyse_table
from app.dmn.compiling.cell_misfits import misfits_of
from app.dmn.compiling.program import Program
from app.dmn.compiling.remedies import for_value
from app.dmn.compiling.unit import Problem
from app.dmn.decisions import File, link_files, read_files
from app.dmn.findings import describe
from app.dmn.linking import Entry, Library
from app.dmn.model import (
    BusinessKnowledgeModel,
    Decision,
    DecisionTable,
    Expression,
    ItemDefinition,
    Text,
    tables,
)
from app.dmn.reading.ids import repeated_ids
from app.dmn.temporal_texts import unrestricted
from app.dmn.types import ModelTypes, is_whole, model_types
from app.errors import Diagnostic, ModelError, Severity
from app.feel import types
from app.feel.types import Type


def check(name: str, content: bytes, *others: File) -> list[Diagnostic]:
    """All diagnostics of one file; `others` are the files that it may import. Never raises for what a file contains.

    Errors keep a model from meaning what it says. Warnings are gaps, overlaps and the like, and names that nobody
    declares: those are read from the caller's inputs, as Camunda does. `column` counts in the file where the text
    stands on one line with its tag, otherwise it is missing.
    """
    try:
        library, diagnostics = link_files(read_files((name, content), *others))
    except ModelError as error:
        return list(error.diagnostics)
    found = [
        *diagnostics,
        *repeated_ids(name, content),
        *_type_diagnostics(library),
        *_problems(library, name, content),
    ]
    for entry, table, analysis in _analyses(library, name):
        found.extend(describe(name, entry, table, analysis))
    mine = [one for one in found if one.file == name]
    return sorted(dict.fromkeys(mine), key=lambda one: (one.severity is Severity.WARNING, one.line or 0))


def analyse(name: str, content: bytes, *others: File) -> list[TableAnalysis]:
    """The analysis of every decision table in a file, in document order. Raises ModelError where it cannot be read."""
    library, _ = link_files(read_files((name, content), *others))
    return [analysis for _, _, analysis in _analyses(library, name)]


def _analyses(library: Library, file: str) -> Iterator[tuple[Entry, DecisionTable, TableAnalysis]]:
    everywhere = model_types(library.models)
    for entry, expression in _logic(library, file):
        for table in tables(expression):
            own = everywhere[id(entry.model)]
            allowed = [own.allowed_texts.get(clause.expression.type_ref or "") for clause in table.inputs]
            whole = [is_whole(own.read(clause.expression.type_ref)) for clause in table.inputs]
            yield entry, table, analyse_table(table, allowed, whole)


def _logic(library: Library, file: str) -> Iterator[tuple[Entry, Expression | None]]:
    for entry in library.entries(Decision, BusinessKnowledgeModel):
        if entry.model.definitions.file == file:
            node = entry.node
            yield entry, node.expression if isinstance(node, Decision) else getattr(node, "function", None)


def _type_diagnostics(library: Library) -> Iterator[Diagnostic]:
    for model_type in model_types(library.models).values():
        yield from model_type.diagnostics
        for definition in model_type.model.definitions.item_definitions:
            yield from _constraints(model_type, definition)


def _constraints(model_type: ModelTypes, definition: ItemDefinition) -> Iterator[Diagnostic]:
    element = types.ANY if definition.components or definition.function else model_type.read(definition.type_ref)
    whole = types.ListType(element) if definition.is_collection else element
    for tests, type_ in ((definition.allowed, element), (definition.constraint, whole)):
        if tests is not None:
            for one in _unusable(tests, type_):
                yield replace(one, file=model_type.model.definitions.file, element_name=definition.name)
    for component in definition.components:
        yield from _constraints(model_type, component)


def _unusable(tests: Text, type_: Type) -> Iterator[Diagnostic]:
    """What is wrong with the values that a type allows: they cannot be read, name something, or allow nothing."""

    def diagnostic(code: str, message: str, remedy: str, severity: Severity, line: int) -> Diagnostic:
        return Diagnostic(code, message, remedy, severity, element_id=tests.id or None, line=tests.line + line - 1)

    try:
        compiled = feel.compile_unary_tests(tests.text, feel.Scope())
    except feel.FeelSyntaxError as error:
        for one in error.diagnostics:
            yield diagnostic(one.code, one.message, one.remedy, Severity.ERROR, one.line or 1)
        return
    for name in sorted(compiled.unknown):
        message = f'Expected values, but found the name "{name}".'
        yield diagnostic("dmn.unknown-name", message, for_value(name), Severity.ERROR, 1)
    for misfit in misfits_of(compiled.node, compiled.text, unrestricted(type_), feel.Scope()):
        yield diagnostic(misfit.code, misfit.message, misfit.remedy, misfit.severity, 1)


def _problems(library: Library, file: str, content: bytes) -> Iterator[Diagnostic]:
    program = Program(library, checking=True)
    program.compile_everything()
    for own in program.types.values():
        yield from own.diagnostics
    if not program.problems:
        return
    lines = content.decode("utf-8", errors="replace").splitlines()
    cells = {key: where for _, logic in _logic(library, file) for key, where in _cells(logic)}
    for entry, problem in program.problems:
        if entry.model.definitions.file == file:
            yield _diagnostic(entry, problem, lines, cells)


def _diagnostic(entry: Entry, problem: Problem, lines: list[str], cells: dict[tuple[str, int], str]) -> Diagnostic:
    place = problem.place
    where = cells.get((place.element_id, place.line))
    line = place.line + problem.line - 1
    return Diagnostic(
        problem.code,
        f"{where}: {problem.message}" if where else problem.message,
        problem.remedy,
        problem.severity,
        place.file,
        place.element_id or entry.id or None,
        entry.name,
        line or None,
        _column(lines, problem),
    )


_TEXT_TAG = re.compile(r"<(?:[\w.-]+:)?text(?:\s[^>]*)?>")

_LONG_LINE = 10_000  # characters; a file written on one line tells no columns


def _column(lines: list[str], problem: Problem) -> int | None:
    """The column in the file; None where the text cannot be found on its line for certain."""
    if problem.line > 1:
        return problem.column
    number = problem.place.line
    if not 0 < number <= len(lines) or len(lines[number - 1]) > _LONG_LINE:
        return None
    tags = list(_TEXT_TAG.finditer(lines[number - 1]))
    if len(tags) != 1:
        return None
    before = problem.place.text.split("\n", maxsplit=1)[0][: problem.column - 1]
    return tags[0].end() + len(escape(before, {'"': '"'})) + 1


def _cells(logic: Expression | None) -> Iterator[tuple[tuple[str, int], str]]:
    """Where each entry of a table stands, in words, by its id and line."""
    for table in tables(logic):
        for number, rule in enumerate(table.rules, start=1):
            for kind, entries in (("input", rule.inputs), ("output", rule.outputs)):
                labels = _labels(table, kind)
                for column, (entry, label) in enumerate(zip(entries, labels, strict=False), start=1):
                    name = f" ({label})" if label else ""
                    yield (entry.id, entry.line), f"Rule {number}, {kind} {column}{name}"


def _labels(table: DecisionTable, kind: str) -> Iterable[str]:
    return [one.label for one in (table.inputs if kind == "input" else table.outputs)]
