"""Property: in random unstructured graphs tokens move as in the token game: loops, deadlocks, excess tokens and all."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.engine import commands, events
from tests.engine.driving import Drive, job
from tests.engine.token_game import Game, Kind, Node

STEPS = 12  # a graph may multiply its tokens for ever


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Node, ...]:
    """Cycles lead through tasks, so that every step ends; at most one inclusive gateway, so order is no matter."""
    size = draw(st.integers(2, 8))
    kinds = draw(st.lists(st.sampled_from(list(Kind)), min_size=size, max_size=size))
    seen = False
    for position, kind in enumerate(kinds):
        if kind is Kind.INCLUSIVE:
            kinds[position] = Kind.PARALLEL if seen else kind
            seen = True
    nodes = []
    for position, kind in enumerate(kinds):
        onward = list(range(position + 1, size))
        anywhere = (
            list(range(size))
            if kind is Kind.TASK
            else onward + [other for other in range(position) if kinds[other] is Kind.TASK]
        )
        width = draw(st.integers(0, 1 if kind is Kind.TASK else 3)) if anywhere else 0
        targets = tuple(draw(st.sampled_from(anywhere)) for _ in range(width))
        nodes.append(Node(kind, targets, tuple(draw(st.booleans()) for _ in range(max(width - 1, 0)))))
    return tuple(nodes)


def drawn(nodes: tuple[Node, ...]) -> str:
    """The graph as BPMN: node 3 is "n3", its second flow "n3.1"."""
    written = ['<startEvent id="start"/><sequenceFlow id="into" sourceRef="start" targetRef="n0"/>']
    for number, node in enumerate(nodes):
        if node.kind is Kind.TASK:
            written.append(job(f"n{number}"))
        else:
            has_default = node.targets and node.kind is not Kind.PARALLEL
            default = f' default="n{number}.{len(node.targets) - 1}"' if has_default else ""
            written.append(f'<{node.kind.value} id="n{number}"{default}/>')
        for position, target in enumerate(node.targets):
            is_conditional = node.kind in (Kind.EXCLUSIVE, Kind.INCLUSIVE) and position < len(node.targets) - 1
            condition = (
                f'<conditionExpression xsi:type="tFormalExpression">={str(node.flags[position]).lower()}'
                "</conditionExpression>"
                if is_conditional
                else ""
            )
            written.append(
                f'<sequenceFlow id="n{number}.{position}" sourceRef="n{number}" targetRef="n{target}">'
                f"{condition}</sequenceFlow>"
            )
    return "".join(written)


def open_jobs(drive: Drive) -> dict[str, int]:
    """Job id → node number."""
    live = {element.element_instance_id for element in drive.instance().live()}
    return {
        event.job_id: int(event.element_id[1:])
        for event in drive.history
        if isinstance(event, events.JobRequested) and event.element_instance_id in live
    }


@given(nodes=graphs(), data=st.data())
def test_tokens_move_as_in_the_token_game(nodes: tuple[Node, ...], data: st.DataObject) -> None:
    """The same jobs are open after every step, and the instance completes exactly when no token is left."""
    drive, game = Drive(drawn(nodes)), Game(nodes)
    drive.start()
    for _ in range(STEPS):
        jobs = open_jobs(drive)
        assert Counter(jobs.values()) == game.working
        assert (drive.status == "completed") == game.is_over
        if not jobs:
            return
        job_id = data.draw(st.sampled_from(sorted(jobs)))
        drive.send(commands.CompleteJob(job_id))
        game.complete(jobs[job_id])
