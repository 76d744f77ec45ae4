"""Decision tables against other engines, in the same run: ``python -m bench.dmn``.

Prints microseconds an evaluation (medians, end to end through each public door) and how many times slower the others
are. PyPI's `zen-engine` is measured where it is installed; SpiffWorkflow's DMN engine is, for the record, up to 1,000
rules.
"""

import gc
import json
import os
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from statistics import median
from time import perf_counter
from types import SimpleNamespace
from xml.sax.saxutils import escape

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.specs import model as spiff

from app import dmn, feel
from app.dmn.tables.cells import Cell, read_cell
from app.dmn.tables.index import Index

try:
    import zen
except ImportError:
    zen = None

SHARED = Path(os.environ.get("BAILIWICK_SHARED") or Path(__file__).parents[2] / "shared")
RUNS = 5
COLUMNS = (("country", "string"), ("tier", "string"), ("amount", "number"), ("age", "number"))
Row = tuple[str, ...]


@dataclass(frozen=True)
class Sample:
    """A table of cells as they are written, and inputs for it."""

    name: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Row]
    inputs: Sequence[dict[str, object]]


def four_columns(size: int) -> Sample:
    """Two columns of equality, two of intervals; every input is one that some rule matches."""
    chance = random.Random(size)  # noqa: S311 - a sample, not a secret
    rows, seeds = [], []
    for _ in range(size):
        low, age = chance.randrange(10_000), chance.randrange(60)
        country, tier = f"c{chance.randrange(200)}", f"t{chance.randrange(20)}"
        rows.append((f'"{country}"', f'"{tier}"', f"[{low}..{low + 500}]", f">= {age}"))
        seeds.append({"country": country, "tier": tier, "amount": low + 100, "age": age + 5})
    return Sample(f"{size:,} rules", COLUMNS, rows, chance.choices(seeds, k=200))


def wildcards(size: int) -> Sample:
    """Eight columns, 60 % dashes, overlapping intervals and lists of values."""
    chance = random.Random(size)  # noqa: S311 - a sample, not a secret
    columns = [(f"n{number}", "number") for number in range(4)] + [(f"s{number}", "string") for number in range(4)]

    def cell(kind: str) -> str:
        if chance.random() < 0.6:
            return "-"
        if kind == "number":
            low = chance.randrange(10_000)
            return f"[{low}..{low + chance.randrange(1, 3000)}]"
        return ", ".join(f'"v{value}"' for value in chance.sample(range(100), chance.randrange(1, 5)))

    rows = [tuple(cell(kind) for _, kind in columns) for _ in range(size)]
    inputs = [
        {name: chance.randrange(12_000) if kind == "number" else f"v{chance.randrange(100)}" for name, kind in columns}
        for _ in range(200)
    ]
    return Sample(f"{size:,} rules, 8 columns, 60 % dashes", columns, rows, inputs)


def ours(sample: Sample, hit_policy: str) -> Callable[[dict[str, object]], object]:
    data = "".join(
        f'<inputData id="i{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>'
        for name, kind in sample.columns
    )
    needs = "".join(
        f'<informationRequirement><requiredInput href="#i{name}"/></informationRequirement>'
        for name, _ in sample.columns
    )
    clauses = "".join(
        f'<input><inputExpression typeRef="{kind}"><text>{name}</text></inputExpression></input>'
        for name, kind in sample.columns
    )
    rules = "".join(
        f"<rule>{''.join(f'<inputEntry><text>{escape(cell)}</text></inputEntry>' for cell in row)}"
        f"<outputEntry><text>{number}</text></outputEntry></rule>"
        for number, row in enumerate(sample.rows)
    )
    table = (
        f'<decisionTable hitPolicy="{hit_policy}">{clauses}<output name="r" typeRef="number"/>{rules}</decisionTable>'
    )
    text = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="bench" name="bench">'
        f'{data}<decision id="d" name="d"><variable name="d"/>{needs}{table}</decision></definitions>'
    )
    decisions = dmn.Decisions.read(("bench.dmn", text.encode()))
    return lambda given: decisions.evaluate("d", given).value


def theirs(sample: Sample, hit_policy: str) -> list[Callable[[dict[str, object]], object]]:
    """zen-engine, in each form of its call: with a dict, and with JSON."""
    names = [name for name, _ in sample.columns]
    rules = [
        {
            "_id": str(number),
            **{name: "" if cell == "-" else cell for name, cell in zip(names, row, strict=True)},
            "out": str(number),
        }
        for number, row in enumerate(sample.rows)
    ]
    content = {
        "hitPolicy": hit_policy.lower(),
        "inputs": [{"id": name, "name": name, "field": name} for name in names],
        "outputs": [{"id": "out", "name": "r", "field": "r"}],
        "rules": rules,
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {"id": "t", "type": "decisionTableNode", "name": "t", "position": {"x": 0, "y": 0}, "content": content},
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 0, "y": 0}},
    ]
    edges = [
        {"id": "1", "type": "edge", "sourceId": "in", "targetId": "t"},
        {"id": "2", "type": "edge", "sourceId": "t", "targetId": "out"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    return [
        lambda given: decision.evaluate(given)["result"],
        lambda given: decision.evaluate(json.dumps(given))["result"],
    ]


def stock(sample: Sample, hit_policy: str) -> Callable[[dict[str, object]], object]:
    """SpiffWorkflow's table, whose cells are Python."""
    table = spiff.DecisionTable("t", "t", {"FIRST": "UNIQUE"}.get(hit_policy, hit_policy))
    columns = [spiff.Input(name, name, name, name, kind) for name, kind in sample.columns]
    output = spiff.Output("r", "r", "r", "number")
    for number, row in enumerate(sample.rows):
        rule = spiff.Rule(str(number))
        for column, cell in zip(columns, row, strict=True):
            entry = spiff.InputEntry(column.id, column)
            entry.lhs.append(_python(cell))
            rule.inputEntries.append(entry)
        answer = spiff.OutputEntry("r", output)
        answer.parsedRef = answer.text = str(number)
        rule.outputEntries.append(answer)
        table.rules.append(rule)
    engine = DMNEngine(table)
    workflow = SimpleNamespace(script_engine=PythonScriptEngine())
    return lambda given: engine.result(SimpleNamespace(data=given, workflow=workflow))


def _python(cell: str) -> str:
    if cell.startswith("["):
        low, high = cell[1:-1].split("..")
        return f"{low} <= ? <= {high}"
    return cell


def microseconds(call: Callable[[dict[str, object]], object], inputs: Sequence[dict[str, object]]) -> float:
    """The median time of one evaluation, over all inputs, once everything is warm."""
    started = perf_counter()
    for given in inputs:
        call(given)
    rounds = max(1, int(0.2 / max(perf_counter() - started, 1e-6)))
    times = []
    gc.disable()
    for _ in range(RUNS):
        started = perf_counter()
        for _ in range(rounds):
            for given in inputs:
                call(given)
        times.append((perf_counter() - started) / rounds / len(inputs) * 1e6)
    gc.enable()
    return median(times)


def compare(sample: Sample, hit_policy: str, *, with_stock: bool) -> float:
    """Print one line; answers our microseconds."""
    own = ours(sample, hit_policy)
    mine = microseconds(own, sample.inputs)
    line = f"{sample.name:>40} {hit_policy:8} {mine:8.1f} µs"
    few = sample.inputs if len(sample.rows) <= 1000 else sample.inputs[:20]
    if zen is not None:
        forms = theirs(sample, hit_policy)
        agrees = all(_same(own(given), forms[0](given)) for given in few)
        other = min(microseconds(form, few) for form in forms)
        line += f" | zen-engine {other:10.1f} µs = {other / mine:8.1f} ×{'' if agrees else ' (other answers!)'}"
    else:
        line += " | zen-engine not installed"
    if with_stock:
        other = microseconds(stock(sample, hit_policy), sample.inputs[:5])
        line += f" | SpiffWorkflow {other:10.1f} µs = {other / mine:8.1f} ×"
    print(line, flush=True)
    return mine


def _same(own: object, other: object) -> bool:
    if isinstance(own, list):
        return isinstance(other, list) and [int(one) for one in own] == [int(one["r"]) for one in other]
    return own is None or (isinstance(other, dict) and int(str(own)) == int(other["r"]))


def memory(sample: Sample) -> None:
    """What the index takes when every part of it has been made."""
    known: dict[str, Cell] = {}
    index = Index([tuple(known.setdefault(cell, read_cell(cell)) for cell in row) for row in sample.rows])
    names = [name for name, _ in sample.columns]
    for given in sample.inputs:
        index.find([feel.from_python(given[name]) for name in names], lambda *_: False)
    print(f"{sample.name:>40} index {index.memory_bytes() / 1e6:8.1f} MB after {len(sample.inputs)} inputs")


def loading() -> None:
    """Reading every model of the public kit."""
    paths = sorted(SHARED.glob("dmn-tck/**/*.dmn"))
    folders = [
        [(path.as_posix(), path.read_bytes()) for path in group]
        for _, group in groupby(paths, lambda path: path.parent)
    ]
    times = []
    for _ in range(RUNS):
        started = perf_counter()
        for folder in folders:
            for file in folder:
                dmn.Decisions.with_imports(file, folder)
        times.append(perf_counter() - started)
    print(f"{f'loading {len(paths)} models of the kit':>40} {median(times) * 1000:8.1f} ms")


def main() -> None:
    for hit_policy in ("FIRST", "COLLECT"):
        times = [compare(four_columns(size), hit_policy, with_stock=size <= 1000) for size in (10, 1000, 100_000)]
        print(f"{'100,000 rules to 1,000':>40} {hit_policy:8} {times[2] / times[1]:8.1f} ×", flush=True)
    compare(wildcards(10_000), "COLLECT", with_stock=False)
    memory(four_columns(100_000))
    memory(wildcards(10_000))
    loading()


if __name__ == "__main__":
    sys.exit(main())
