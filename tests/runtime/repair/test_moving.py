"""Tokens moved between scopes: they come to where they were sent, and nothing goes on by itself from what they left."""

import pytest

from app.runtime import SYSTEM, Actor
from app.runtime.views import Activation
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, user_task
from tests.runtime.instances.calls import assert_whole

MANY = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
    '<zeebe:loopCharacteristics inputCollection="=[1, 2, 3]" inputElement="item" />'
    "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
)


def box(name: str, *inner: str, more: str = "") -> str:
    """A subprocess in which these elements follow each other."""
    ids = [f"{name}-start", *(each.partition('id="')[2].partition('"')[0] for each in inner), f"{name}-end"]
    parts = [f'<bpmn:startEvent id="{name}-start">{{flows}}</bpmn:startEvent>', *inner]
    parts.append(f'<bpmn:endEvent id="{name}-end">{{flows}}</bpmn:endEvent>')
    body = ""
    for position, part in enumerate(parts):
        flows = f"<bpmn:incoming>{name}-{position}</bpmn:incoming>" if position else ""
        flows += f"<bpmn:outgoing>{name}-{position + 1}</bpmn:outgoing>" if position < len(parts) - 1 else ""
        body += part.replace("{flows}", flows)
        if position:
            source, target = ids[position - 1], ids[position]
            body += f'<bpmn:sequenceFlow id="{name}-{position}" sourceRef="{source}" targetRef="{target}" />'
    return f'<bpmn:subProcess id="{name}">{{flows}}{more}{body}</bpmn:subProcess>'


def start(platform: Platform, *elements: str) -> str:
    platform.runtime.deployments.deploy(SYSTEM, {"moved.bpmn": diagram("moved", START, *elements, END)})
    return platform.start("moved")


def places(platform: Platform, case: str) -> dict[str, int]:
    return dict(platform.case(case).active)


def finish(platform: Platform, case: str) -> int:
    """Complete whatever is in the inbox until nothing is left. Returns how many tasks that were."""
    done = 0
    while items := platform.inbox("anna"):
        platform.complete("anna", items[0].id)
        done += 1
    assert platform.case(case).view.status == "completed"
    assert_whole(platform)
    return done


@pytest.mark.parametrize(("more", "tokens"), [("", 1), (MANY, 3)], ids=["one", "many"])
@pytest.mark.parametrize("depth", [1, 2])
def test_tokens_move_outwards_and_leave_no_scope_behind(
    platform: Platform, admin: Actor, more: str, tokens: int, depth: int
) -> None:
    """The subprocess is cancelled whole, with every instance of it: it does not complete beside the moved tokens."""
    inner = box("box", user_task("inner"), more=more)
    case = start(platform, inner if depth == 1 else box("outer", inner), user_task("next"))
    assert platform.runtime.modifying.move(admin, case, "inner", "next") == tokens
    assert places(platform, case) == {"next": tokens}
    assert finish(platform, case) == tokens


def test_a_scope_in_which_somebody_stays_goes_on(platform: Platform, admin: Actor) -> None:
    """One of two tokens is moved out of the subprocess: the other completes it in its time."""
    case = start(platform, box("box", user_task("inner"), user_task("second")), user_task("next"))
    (inner,) = platform.runtime.modifying.live(admin, case)[1:]
    platform.runtime.modifying.move(admin, case, "inner", "second")
    platform.runtime.modifying.modify(admin, case, [Activation("inner", {}, inner.scope_id)])
    assert platform.runtime.modifying.move(admin, case, "second", "next") == 1
    assert places(platform, case) == {"box": 1, "inner": 1, "next": 1}
    assert finish(platform, case) == 4


def test_tokens_move_within_their_instances(platform: Platform, admin: Actor) -> None:
    """Each stays in the instance that it is in, also if only one is left."""
    case = start(platform, box("box", user_task("inner"), user_task("second"), more=MANY))
    for item in platform.inbox("anna")[:2]:
        platform.complete("anna", item.id)
    assert platform.runtime.modifying.move(admin, case, "inner", "second") == 1
    assert places(platform, case) == {"box": 4, "second": 3}
    assert finish(platform, case) == 3


def test_tokens_move_sideways(platform: Platform, admin: Actor) -> None:
    """From one subprocess into another: the first is cancelled, the second opened once, for all."""
    first, second = box("first", user_task("inner"), more=MANY), box("other", user_task("goal"))
    case = start(platform, first, second)
    assert platform.runtime.modifying.move(admin, case, "inner", "goal") == 3
    assert places(platform, case) == {"other": 1, "goal": 3}
    assert finish(platform, case) == 3


def test_a_repeated_activity_is_one_token(platform: Platform, admin: Actor) -> None:
    """Moved from a multi-instance task with three instances, one token comes to the next."""
    task = user_task("inner").replace("{flows}", "{flows}" + MANY)
    case = start(platform, task, user_task("next"))
    assert platform.runtime.modifying.move(admin, case, "inner", "next") == 1
    assert places(platform, case) == {"next": 1}
    assert finish(platform, case) == 1
