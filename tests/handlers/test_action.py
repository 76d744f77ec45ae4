"""The decorator `action` and what it makes of a function."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

import pytest
from pydantic import BaseModel, Field

from app.handlers import ActionContext, DataProblem, Verification, action, receipt_variables


class Reason(StrEnum):
    LATE = "late"
    BROKEN = "broken"


class RefundRequest(BaseModel):
    charge_id: str
    amount: Decimal = Field(gt=0)
    reason: Reason = Reason.LATE


class RefundReceipt(BaseModel):
    refund_id: str
    amount: Decimal
    on: date
    attempts: int = 1
    took: timedelta = timedelta(seconds=2)


def receipt(request: RefundRequest) -> RefundReceipt:
    return RefundReceipt(refund_id=f"re_{request.charge_id}", amount=request.amount, on=date(2026, 1, 5))


def find_refund(request: RefundRequest, result: RefundReceipt | None, context: ActionContext) -> Verification:
    found = result or receipt(request)
    return Verification(confirmed=True, found={"key": context.idempotency_key}, receipt=found)


def cancel_refund(request: RefundRequest, result: RefundReceipt, context: ActionContext) -> RefundReceipt:
    return result.model_copy(update={"amount": Decimal(0)})


@action("billing.refund", system="billing", effect="write", verify=find_refund, undo=cancel_refund)
def refund(request: RefundRequest, context: ActionContext) -> RefundReceipt:
    """Refund a charge.

    Pays part or all of a charge back.
    """
    return receipt(request)


@action("crm.look", system="crm", effect="read")
def look(request: RefundRequest, context: ActionContext) -> RefundReceipt:
    return receipt(request)


VARIABLES = {"charge_id": "ch_1", "amount": Decimal("20.50"), "something_else": [Decimal(1)]}
RESULT = {
    "refund_id": "re_ch_1",
    "amount": Decimal("20.50"),
    "on": "2026-01-05",
    "attempts": Decimal(1),
    "took": "PT2S",
}


@pytest.fixture
def context() -> ActionContext:
    return ActionContext(
        idempotency_key="key-1",
        job_id="job-1",
        attempt=1,
        instance_id="instance-1",
        process_id="support-refund",
        trace_id="trace-1",
        started_at=datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
        timeout_seconds=30,
        config={"billing.url": "http://billing.test", "billing.token": "secret-word"},
    )


def test_a_handler_says_what_it_is() -> None:
    """Name, system and effect come from the decorator, the texts from the docstring."""
    assert (refund.name, refund.system, refund.effect) == ("billing.refund", "billing", "write")
    assert (refund.title, refund.description) == ("Refund a charge", "Pays part or all of a charge back.")
    assert (refund.verified, refund.reversible) == (True, True)
    assert (look.title, look.verified, look.reversible) == ("crm.look", False, False)


def test_calling_a_handler_calls_the_function(context: ActionContext) -> None:
    """A test of a handler needs no platform: the decorated function is called like the plain one."""
    assert refund(RefundRequest(charge_id="ch_1", amount=Decimal(3)), context).refund_id == "re_ch_1"


def test_variables_in_and_out_are_json_with_decimals(context: ActionContext) -> None:
    """Numbers come out as Decimal, dates and durations as ISO 8601; unknown variables are left out."""
    assert refund.perform(VARIABLES, context) == RESULT
    assert refund.check(VARIABLES) == {"charge_id": "ch_1", "amount": Decimal("20.50"), "reason": "late"}


def test_a_misfit_names_every_field() -> None:
    """Variables that do not fit are one data problem, which names each field by its JSON path."""
    with pytest.raises(DataProblem) as caught:
        refund.check({"amount": Decimal(-1), "reason": "mood"})
    assert set(caught.value.problems) == {"$.charge_id", "$.amount", "$.reason"}
    assert "billing.refund" in str(caught.value)


def test_verification_before_a_retry_finds_the_lost_receipt(context: ActionContext) -> None:
    """Asked without a result, a verification may return the receipt whose answer was lost, as result variables."""
    verification = refund.verify(VARIABLES, None, context)
    assert verification.confirmed
    assert receipt_variables(verification) == RESULT


def test_without_verification_the_answer_confirms_itself(context: ActionContext) -> None:
    """An unverified action is confirmed by its answer; without an answer nothing is known to have happened."""
    assert look.verify(VARIABLES, RESULT, context).confirmed
    assert not look.verify(VARIABLES, None, context).confirmed


def test_undo_gets_request_and_result(context: ActionContext) -> None:
    """Undo is called with what was asked and what came of it; a handler without one refuses."""
    assert refund.undo(VARIABLES, RESULT, context)["amount"] == Decimal(0)
    with pytest.raises(DataProblem, match="cannot be undone"):
        look.undo(VARIABLES, RESULT, context)


def test_a_wrong_receipt_type_is_our_bug(context: ActionContext) -> None:
    """A verification that returns another model than the handler's result is a mistake in the handler, said as such."""

    def wrong(request: RefundRequest, result: RefundReceipt | None, context: ActionContext) -> Verification:
        return Verification(confirmed=True, receipt=request)

    @action("billing.other", system="billing", effect="write", verify=wrong)
    def other(request: RefundRequest, context: ActionContext) -> RefundReceipt:
        return receipt(request)

    with pytest.raises(TypeError, match="RefundReceipt"):
        other.verify(VARIABLES, None, context)


def test_schemas_call_a_decimal_a_number() -> None:
    """JSON Schema of a request: decimals are numbers with their bounds, required fields are listed."""
    schema = refund.input_schema
    assert schema["required"] == ["charge_id", "amount"]
    assert schema["properties"]["amount"] == {"exclusiveMinimum": 0, "title": "Amount", "type": "number"}
    assert refund.output_schema["properties"]["amount"]["type"] == "number"


@pytest.mark.parametrize("name", ["", " ", " refund", "refund ", "re\nfund", "=kind", "re\0fund", "x" * 256])
def test_what_no_diagram_can_name_is_refused_at_import(name: str) -> None:
    """One line of text, without spaces around it and without a leading =, which is FEEL."""
    with pytest.raises(ValueError, match="Expected an action name"):
        action(name, system="billing", effect="write")


@pytest.mark.parametrize(
    "name",
    [
        "fetchGoods",
        "send_mail",
        "payment-service",
        "foo",
        "Fetch goods",
        "zahlung/prüfen",
        "io.camunda:http-json:1",
        "2",
    ],
)
def test_job_types_as_the_world_writes_them_are_action_names(name: str) -> None:
    """The action is called as the job is; its system is said apart."""
    handler = action(name, system="shop", effect="write")(refund.function)
    assert (handler.name, handler.system) == (name, "shop")


def test_an_action_says_its_system() -> None:
    """Circuits and kill switches name it; it is not guessed from the name."""
    with pytest.raises(ValueError, match=r"system that billing\.refund touches"):
        action("billing.refund", system=" ", effect="write")


def test_a_function_that_is_no_handler_is_refused_at_import() -> None:
    """Argument and result must be pydantic models; the message says which one is not."""
    with pytest.raises(TypeError, match="pydantic model as the result"):

        @action("billing.wrong", system="billing", effect="read")
        def wrong(request: RefundRequest, context: ActionContext) -> dict[str, str]:
            return {}


def test_a_missing_setting_names_system_and_setting(context: ActionContext) -> None:
    """A missing address takes its system out of service, not the case; settings never show in the context's text."""
    assert context.setting("billing.url") == "http://billing.test"
    with pytest.raises(Exception, match=r"crm: Expected the setting crm\.url"):
        context.setting("crm.url")
    assert "secret-word" not in repr(context)


def test_a_verification_of_another_request_is_refused_at_import() -> None:
    """A verification or undo of another request, or with other arguments, is a mistake that shows at import."""

    def of_a_receipt(request: RefundReceipt, result: RefundReceipt | None, context: ActionContext) -> Verification:
        return Verification(confirmed=True)

    def of_two(request: RefundRequest, context: ActionContext) -> Verification:
        return Verification(confirmed=True)

    for wrong, expected in ((of_a_receipt, "RefundRequest"), (of_two, "2 arguments")):
        with pytest.raises(TypeError, match=expected):
            action("billing.other", system="billing", effect="write", verify=wrong)(refund.function)
