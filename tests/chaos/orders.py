"""The process whose instances move money: three effects outside, a timer for the clock, a task for a person.

Workers run the refund, the clock announces the draft, and the web process that completes the task announces the reply.
"""

from dataclasses import dataclass
from decimal import Decimal

from tests.acceptance.installation import REPOSITORY
from tests.runtime.diagrams import END, diagram, start_by, timer_catch, user_task

EFFECTS = ("book-refund", "write-draft", "send-message")  # of one order, in this order
HOOK_FILE = "hooks/refund-requested.yaml"
CUSTOMERS = ("1001", "1002", "1005", "1009", "1010", "1011", "1012")  # their charges can bear many small refunds


@dataclass(frozen=True, slots=True)
class Order:
    """The `number`-th demand for some cents. Its ticket is the call's idempotency key and the case's business key."""

    number: int

    @property
    def ticket_id(self) -> str:
        return f"CHAOS-{self.number}"

    @property
    def customer(self) -> str:
        return CUSTOMERS[self.number % len(CUSTOMERS)]

    @property
    def charge_id(self) -> str:
        return f"CH-{self.customer}"

    @property
    def amount(self) -> Decimal:
        return Decimal(1 + self.number % 50) / 100


def models() -> dict[str, bytes]:
    """What is deployed: the process, and the product's own hook that starts it."""
    process = diagram(
        "chaos",
        start_by("message", "m"),
        _service_task("billing.refund", charge_id="=charge_id", amount="=amount", currency="EUR", reason="=ticket_id"),
        timer_catch("PT1S"),
        _service_task(
            "helpdesk.draft-reply", ticket_id="=ticket_id", kind="refund", customer_name="Marta", amount="=amount"
        ),
        user_task("confirm", groups="refund-approvers"),
        _service_task(
            "mail.send-reply", ticket_id="=ticket_id", to="marta@example.com", subject="Refund", body="=message"
        ),
        END,
        roots='<bpmn:message id="m" name="refund-requested" />',
    )
    return {"chaos.bpmn": process, HOOK_FILE: (REPOSITORY / "models" / HOOK_FILE).read_bytes()}


def _service_task(job_type: str, **inputs: str) -> str:
    mapping = "".join(f'<zeebe:input source="{source}" target="{name}" />' for name, source in inputs.items())
    return (
        f'<bpmn:serviceTask id="{job_type.replace(".", "-")}"><bpmn:extensionElements>'
        f'<zeebe:taskDefinition type="{job_type}" retries="3" /><zeebe:ioMapping>{mapping}</zeebe:ioMapping>'
        "</bpmn:extensionElements>{flows}</bpmn:serviceTask>"
    )
