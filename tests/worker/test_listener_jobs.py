"""Listeners' jobs in the worker: their answers are results like any other."""

from pathlib import Path

from pydantic import BaseModel

from app.handlers import ActionContext, TaskListenerResult, TransientProblem, Verification, action
from app.roles import Ungoverned
from app.runtime import SYSTEM
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, user_task

LISTENER = '<zeebe:taskListeners><zeebe:taskListener eventType="completing" type="desk.sign" /></zeebe:taskListeners>'


class Nothing(BaseModel):
    """No variables."""


def test_an_answer_that_got_lost_is_found_and_taken(tmp_path: Path) -> None:
    """The second attempt asks the verification first: what it finds denies the completion; nothing is done twice."""
    book: dict[str, TaskListenerResult] = {}
    denied = TaskListenerResult(denied=True, reason="The signature was refused.")

    def is_signed(_request: Nothing, _result: TaskListenerResult | None, context: ActionContext) -> Verification:
        found = book.get(context.idempotency_key)
        return Verification(confirmed=found is not None, receipt=found)

    @action("desk.sign", system="desk", effect="write", verify=is_signed)
    def sign(_request: Nothing, context: ActionContext) -> TaskListenerResult:
        """Have it signed."""
        assert context.idempotency_key not in book
        book[context.idempotency_key] = denied
        raise TransientProblem("The connection broke.")

    (tmp_path / "desk.bpmn").write_bytes(diagram("desk", START, user_task(more=LISTENER), END))
    with Platform(
        [tmp_path / "desk.bpmn"], [sign], people={"anna": ["clerks"]}, ungoverned=Ungoverned.ALLOW
    ) as platform:
        case = platform.start("desk")
        (task,) = platform.case(case).tasks
        platform.complete("anna", task.id)
        platform.advance(minutes=1)
        seen = platform.runtime.inbox.get(SYSTEM, task.id).item
        assert (seen.held_up, seen.denied, seen.denied_because) == (None, "completing", denied.reason)
        (job,) = platform.case(case).jobs
        assert (job.state, job.attempt, len(book)) == ("done", 2, 1)
