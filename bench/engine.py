"""The engine against stock SpiffWorkflow, in the same run: ``python -m bench.engine``.

Prints the processor time of each and the ratio, then how the time for one element grows, then what state weighs. Exit
status 1 if a ratio is below its target.
"""

import gc
import logging
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count, pairwise
from pathlib import Path
from statistics import median
from time import process_time

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser

from app import bpmn, engine, feel
from app.engine import commands
from app.engine.simulation import NoDecisions

RUNS = 5
NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
)
FEEL_SCRIPT = '<extensionElements><zeebe:script expression="=1" resultVariable="r"/></extensionElements>'
PYTHON_SCRIPT = "<script>r = 1</script>"


def diagram(body: str) -> str:
    process = f'<process id="P" isExecutable="true">{body}</process>'
    return f'<definitions {NAMESPACES} id="D" targetNamespace="x">{process}</definitions>'


def flow(source: str, target: str, condition: str = "") -> str:
    inside = f'<conditionExpression xsi:type="tFormalExpression">{condition}</conditionExpression>' if condition else ""
    return f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'


def chain(length: int, script: str) -> str:
    """Script tasks one after the other."""
    names = ["start", *(f"t{number}" for number in range(length)), "end"]
    tasks = "".join(f'<scriptTask id="{name}">{script}</scriptTask>' for name in names[1:-1])
    flows = "".join(flow(source, target) for source, target in pairwise(names))
    return diagram(f'<startEvent id="start"/>{tasks}<endEvent id="end"/>{flows}')


def loop(script: str, again: str) -> str:
    """A counting loop by an exclusive gateway. `n` says how often."""
    return diagram(
        f'<startEvent id="start"/><exclusiveGateway id="merge"/><scriptTask id="t">{script}</scriptTask>'
        '<exclusiveGateway id="more" default="more_end"/><endEvent id="end"/>'
        + flow("start", "merge")
        + flow("merge", "t")
        + flow("t", "more")
        + flow("more", "merge", again)
        + flow("more", "end")
    )


def multi_instance(script: str, cardinality: str, *, sequential: bool) -> str:
    flag = str(sequential).lower()
    return diagram(
        f'<startEvent id="start"/><scriptTask id="t">{script}<multiInstanceLoopCharacteristics isSequential="{flag}">'
        f'<loopCardinality xsi:type="tFormalExpression">{cardinality}</loopCardinality>'
        '</multiInstanceLoopCharacteristics></scriptTask><endEvent id="end"/>' + flow("start", "t") + flow("t", "end")
    )


def repeated(number: int, *, sequential: bool) -> str:
    return multi_instance(FEEL_SCRIPT, f"={number}", sequential=sequential)


def pairs(length: int, script: str) -> str:
    """Parallel splits and joins in series."""
    parts = ['<startEvent id="start"/>']
    before = "start"
    for number in range(length):
        split, join = f"s{number}", f"j{number}"
        parts.append(f'<parallelGateway id="{split}"/><parallelGateway id="{join}"/>' + flow(before, split))
        for side in "ab":
            name = f"{side}{number}"
            parts.append(f'<scriptTask id="{name}">{script}</scriptTask>' + flow(split, name) + flow(name, join))
        before = join
    return diagram("".join(parts) + '<endEvent id="end"/>' + flow(before, "end"))


def ours(text: str, **variables: object) -> Callable[[], None]:
    """Start one instance and run it to its end."""
    program = engine.compile(bpmn.read("bench.bpmn", text.encode()), "P")
    services = NoDecisions()

    def run() -> None:
        ids = count()
        moment = engine.Moment(datetime(2026, 1, 5, tzinfo=UTC), lambda: f"{next(ids)}")
        instance = engine.Instance.create(program, "I", services, moment)
        instance.handle(commands.StartInstance(variables), moment)
        assert instance.status is engine.Status.COMPLETED

    return run


def stock(text: str) -> Callable[[], None]:
    parser = BpmnParser()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.bpmn"
        path.write_text(text)
        parser.add_bpmn_file(str(path))
        spec = parser.get_spec("P")

    def run() -> None:
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        assert workflow.is_completed()

    return run


def milliseconds(run: Callable[[], None], runs: int = RUNS) -> list[float]:
    """The processor time of each of some runs."""
    times = []
    for _ in range(runs):
        gc.collect()
        begin = process_time()
        run()
        times.append((process_time() - begin) * 1000)
    return times


def compare(name: str, mine: Callable[[], None], theirs: Callable[[], None], target: float = 1) -> bool:
    """Whether the median of ours, taken before and after one run of theirs, is so many times faster."""
    before = milliseconds(mine)
    (there,) = milliseconds(theirs, 1)
    here = median(before + milliseconds(mine))
    ratio = there / here
    judged = "" if target == 1 else f"   (target {target:.0f}: {'reached' if ratio >= target else 'MISSED'})"
    print(f"{name:<42} ours {here:10.1f} ms   stock {there:10.1f} ms   ratio {ratio:8.1f}{judged}", flush=True)
    return ratio >= target


def growth(name: str, small: int, large: int, make: Callable[[int], Callable[[], None]]) -> None:
    """The least time for one element of a small and of a large process: what disturbs a run only adds to it."""
    few, many = make(small), make(large)
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(RUNS):
        times[0].extend(milliseconds(few))
        times[1].extend(milliseconds(many, 1))
    first, second = min(times[0]) / small * 1000, min(times[1]) / large * 1000
    print(f"{name:<42} {first:7.1f} µs at {small:,}, {second:7.1f} µs at {large:,}: ×{second / first:.2f}", flush=True)


def stored(instances: int) -> None:
    """The size and the time of the state with so many live tokens."""
    body = (
        '<startEvent id="start"/><userTask id="u"><multiInstanceLoopCharacteristics>'
        f'<loopCardinality xsi:type="tFormalExpression">={instances}</loopCardinality>'
        "</multiInstanceLoopCharacteristics></userTask>" + flow("start", "u")
    )
    program = engine.compile(bpmn.read("bench.bpmn", diagram(body).encode()), "P")
    ids = count()
    moment = engine.Moment(datetime(2026, 1, 5, tzinfo=UTC), lambda: f"{next(ids)}")
    instance = engine.Instance.create(program, "I", NoDecisions(), moment)
    instance.handle(commands.StartInstance(), moment)
    begin = process_time()
    text = feel.json_dumps(instance.state())
    written = process_time()
    state = feel.json_loads(text)
    assert isinstance(state, dict)
    engine.Instance.load(program, state, NoDecisions())
    read = process_time()
    size, write, load = len(text) / instances, (written - begin) / instances * 1e6, (read - written) / instances * 1e6
    print(f"state of {instances:,} tokens: each {size:.0f} bytes, {write:.1f} µs to write, {load:.1f} µs to read")


def main() -> int:
    logging.getLogger("spiff").setLevel(logging.ERROR)
    sys.setrecursionlimit(10_000)  # stock's parser recurses along the flows
    reached = [
        compare(f"chain of {length}", ours(chain(length, FEEL_SCRIPT)), stock(chain(length, PYTHON_SCRIPT)), target)
        for length, target in ((10, 1), (200, 10))
    ]
    counting = FEEL_SCRIPT.replace("=1", "=i + 1").replace('"r"', '"i"')
    for turns in (50, 200):
        mine = ours(loop(counting, f"=i &lt; {turns}"), i=Decimal(0))
        python_loop = loop("<script>i = i + 1 if 'i' in locals() else 1</script>", f"i &lt; {turns}")
        reached.append(compare(f"loop of {turns}", mine, stock(python_loop)))
    for sequential, number, target in ((False, 5_000, 50), (True, 1_000, 1)):
        name = f"{'sequential' if sequential else 'parallel'} multi-instance of {number:,}"
        theirs = stock(multi_instance(PYTHON_SCRIPT, f"{number}", sequential=sequential))
        reached.append(compare(name, ours(repeated(number, sequential=sequential)), theirs, target))
    reached.append(compare("6 parallel pairs", ours(pairs(6, FEEL_SCRIPT)), stock(pairs(6, PYTHON_SCRIPT))))
    growth("chain", 10, 2_000, lambda length: ours(chain(length, FEEL_SCRIPT)))
    growth("loop", 100, 10_000, lambda turns: ours(loop(counting, f"=i &lt; {turns}"), i=Decimal(0)))
    growth("parallel multi-instance", 50, 5_000, lambda number: ours(repeated(number, sequential=False)))
    growth("sequential multi-instance", 50, 5_000, lambda number: ours(repeated(number, sequential=True)))
    growth("parallel pairs", 2, 12, lambda length: ours(pairs(length, FEEL_SCRIPT)))
    for instances in (100, 5_000):
        stored(instances)
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
