"""Property: a random block-structured process does exactly what its term means, stored and loaded before every step."""

from collections import Counter
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from app.engine import commands, events
from tests.engine.blocks import (
    Block,
    Drawing,
    Either,
    Inside,
    Sequence,
    Some,
    Together,
    Work,
    after,
    enabled,
    named,
    unfolded,
)
from tests.engine.driving import Drive


def branches(parts: st.SearchStrategy[Block]) -> st.SearchStrategy[tuple[Block, ...]]:
    return st.lists(parts, min_size=2, max_size=3).map(tuple)


FLAGS = st.tuples(st.booleans(), st.booleans())
BLOCKS: st.SearchStrategy[Block] = st.recursive(
    st.just(Work()),
    lambda inner: st.one_of(
        st.builds(Sequence, branches(inner)),
        st.builds(Together, branches(inner)),
        st.builds(Either, branches(inner), FLAGS),
        st.builds(Some, branches(inner), FLAGS),
        st.builds(Inside, inner, st.none() | st.integers(0, 3), st.booleans()),
    ),
    max_leaves=8,
)


def open_jobs(drive: Drive) -> dict[str, str]:
    """Job id → element id, of the jobs that are requested and neither completed nor cancelled."""
    found: dict[str, str] = {}
    live = {element.element_instance_id for element in drive.instance().live()}
    for event in drive.history:
        if isinstance(event, events.JobRequested) and event.element_instance_id in live:
            found[event.job_id] = event.element_id
    return found


@given(block=BLOCKS, data=st.data())
def test_a_block_does_what_it_means(block: Block, data: st.DataObject) -> None:
    """The open jobs are those that the term enables, after every completion, until nothing is left."""
    block = named(block, count(1))
    drive = Drive(Drawing().process(block))
    drive.start()
    possible = {unfolded(block)}
    while jobs := open_jobs(drive):
        found = Counter(jobs.values())
        possible = {rest for rest in possible if enabled(rest) == found}
        assert possible
        job_id = data.draw(st.sampled_from(sorted(jobs)))
        drive.send(commands.CompleteJob(job_id))
        possible = {left for rest in possible if rest is not None for left in after(rest, jobs[job_id])}
    assert None in possible
    assert open_jobs(drive) == {}
    assert drive.live == []
    assert drive.status == "completed"


@given(block=BLOCKS, data=st.data())
def test_cancelling_leaves_nothing_open(block: Block, data: st.DataObject) -> None:
    """Whatever was activated has completed or is cancelled, and every job that was requested is over."""
    drive = Drive(Drawing().process(named(block, count(1))))
    drive.start()
    for _ in range(data.draw(st.integers(0, 3))):
        jobs = open_jobs(drive)
        if jobs:
            drive.send(commands.CompleteJob(data.draw(st.sampled_from(sorted(jobs)))))
    requested = open_jobs(drive)
    if drive.status == "running":
        drive.send(commands.CancelInstance("enough"))
        cancelled = {event.job_id for event in drive.history if isinstance(event, events.JobCancelled)}
        assert cancelled == set(requested)
    began = {event.element_instance_id for event in drive.history if isinstance(event, events.ElementActivated)}
    ended = [
        event.element_instance_id
        for event in drive.history
        if isinstance(event, events.ElementCompleted | events.ElementCancelled)
    ]
    assert sorted(ended) == sorted(began)
