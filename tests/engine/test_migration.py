"""Moving running instances to another version."""

from app import engine, feel
from tests.engine.driving import Drive, chain, definitions, flow, job

TIMER = '<timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT1H</timeDuration></timerEventDefinition>'


def edge(identifier: str) -> str:
    return f'<boundaryEvent id="{identifier}" attachedToRef="A">{TIMER}</boundaryEvent><task id="late"/>' + flow(
        identifier, "late"
    )


def moved(drive: Drive, body: str, **mapping: str) -> engine.Migration:
    """Migrate, and on success let the drive go on with the other version."""
    target = engine.compile(definitions(body), "P")
    state = feel.json_loads(drive.stored)
    assert isinstance(state, dict)
    migration = engine.migrate(state, drive.program, target, mapping)
    if migration.state is not None:
        drive.program, drive.stored = target, feel.json_dumps(migration.state)
    return migration


def test_an_instance_goes_on_in_the_other_version() -> None:
    """Its open job is the same; what follows is the other version's."""
    drive = Drive(chain(job("A")))
    drive.start(x=1)
    assert moved(drive, chain(job("A"), job("B"))).problems == ()
    assert drive.complete("A")[-1] == "job work for B x=1"


def test_elements_may_have_other_ids() -> None:
    """By the mapping, boundary events included; scopes map with their contents."""
    before = chain('<subProcess id="sub">' + job("A") + edge("edge") + "</subProcess>")
    after = chain(
        '<subProcess id="other">'
        + (job("A") + edge("edge")).replace('"A"', '"Z"').replace('"edge"', '"brim"')
        + "</subProcess>"
    ).replace("edge-late", "brim-late")
    drive = Drive(before)
    drive.start()
    migration = moved(drive, after, sub="other", A="Z", edge="brim")
    assert migration.problems == ()
    assert drive.live == ["other", "Z"]
    assert drive.fire("edge")[:2] == ["job cancelled", "cancelled Z"]


def test_everything_that_cannot_move_is_reported_and_nothing_is_changed() -> None:
    """A missing element, and one of another kind."""
    fork = '<startEvent id="start"/>' + job("A") + job("B") + flow("start", "A") + flow("start", "B")
    drive = Drive(fork)
    drive.start()
    migration = moved(drive, chain('<userTask id="A"/>'))
    assert migration.state is None
    assert [problem.element_id for problem in migration.problems] == ["A", "B"]
    assert "is a userTask" in migration.problems[0].message


def test_a_new_boundary_event_is_warned_of() -> None:
    """The instance does not wait for it."""
    drive = Drive(chain(job("A")) + edge("edge"))
    drive.start()
    second = edge("other").replace('"late"', '"later"').replace("-late", "-later")
    migration = moved(drive, chain(job("A")) + edge("edge") + second)
    assert [problem.severity.value for problem in migration.problems] == ["warning"]
    assert migration.state is not None


def test_a_token_that_waits_at_a_join_needs_its_flow() -> None:
    """The arrivals are counted by flow."""
    body = (
        '<startEvent id="start"/><parallelGateway id="join"/>'
        + job("A")
        + job("B")
        + flow("start", "A")
        + flow("start", "B")
        + flow("A", "join")
        + flow("B", "join")
    )
    drive = Drive(body)
    drive.start()
    drive.complete("A")
    assert moved(drive, body.replace("A-join", "other")).state is None
    assert moved(drive, body).problems == ()
    drive.complete("B")
    assert drive.status == "completed"
