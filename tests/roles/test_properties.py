"""Whatever a case holds, a mandate answers, and never lets pass what its documents do not allow."""

import json
from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import Diagnostic
from app.roles import ApprovalTier, Autonomy, Decided, Mandate, Outcome, Usage, compile_roles
from app.roles.documents import Document, read_document
from tests.roles.conftest import ACTIONS, KEYS, Documents, RequestWith

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=2)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=20) | st.sampled_from(["approve", "2026-01-05T08:55:00Z"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["left", "read_at", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
VARIABLES = st.dictionaries(
    st.sampled_from(["outcome", "confidence", "customer", "charge", "odd", "withdrawn"]), JSON, max_size=6
)
USAGE = st.dictionaries(
    st.sampled_from(sorted(KEYS.values())),
    st.builds(Usage, st.integers(0, 5), NUMBERS.map(abs)),
    max_size=3,
)
RELAXED = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])


@RELAXED
@given(amount=JSON, variables=VARIABLES, usage=USAGE, approved=st.none() | st.sampled_from(list(ApprovalTier)))
def test_nothing_passes_that_is_not_allowed(
    mandate: Mandate,
    request_with: RequestWith,
    *,
    amount: object,
    variables: dict[str, object],
    usage: dict[str, Usage],
    approved: ApprovalTier | None,
) -> None:
    """With data of any shape the mandate answers; what it allows has a number as its amount, within ceiling and limits,
    a decision that approves it, fresh data, and for its amount at least the approval that the gates demand.
    """
    request = replace(
        request_with("1", variables), inputs={"amount": amount}, usage=usage, approved=approved, requester=None
    )
    assessment = mandate.assess(request)
    assert (assessment.outcome is Outcome.REFUSED) == (assessment.breach is not None)
    if assessment.outcome is not Outcome.ALLOWED:
        return
    assert isinstance(amount, Decimal)
    assert amount <= 500
    assert all(check.passed for check in assessment.checks if check.name not in KEYS)
    held = usage.get(KEYS["a-day"], Usage())
    assert held.count < 3
    assert held.value + amount <= 200
    demanded = ApprovalTier.FULL_REVIEW if amount > 50 else ApprovalTier.FAST_TRACK if amount > 20 else None
    assert demanded is None or (approved is not None and not demanded.exceeds(approved))


@RELAXED
@given(amount=NUMBERS, variables=VARIABLES, left=st.sampled_from(list(Autonomy)), sure=NUMBERS)
def test_less_autonomy_and_less_confidence_never_loosen(
    mandate: Mandate,
    request_with: RequestWith,
    *,
    amount: Decimal,
    variables: dict[str, object],
    left: Autonomy,
    sure: Decimal,
) -> None:
    """Taking autonomy or confidence away never lowers the tier that an action needs."""
    request = request_with(str(amount), variables)
    before, after = (
        mandate.assess(replace(request, decided={"eligibility": Decided({"outcome": "approve"}, each)}, autonomy=level))
        for each, level in ((Decimal(1), Autonomy.FULL), (min(sure, Decimal(1)), left))
    )
    assert not before.tier.exceeds(after.tier)


@RELAXED
@given(
    content=st.recursive(
        NUMBERS | st.text(max_size=10) | st.booleans() | st.none(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    )
)
def test_json_is_yaml_and_means_the_same(content: object) -> None:
    """Every JSON object is a document, and every value comes back as it was."""
    text = json.dumps({"key": content}, default=str, ensure_ascii=True)
    document = read_document("a.yaml", text.encode())
    assert isinstance(document, Document)
    assert json.dumps(document.content, default=str) == json.dumps(json.loads(text), default=str)


@RELAXED
@given(content=st.binary(max_size=60) | st.text(alphabet="{}[]:-&*!| \n\"'abc012", max_size=60).map(str.encode))
def test_no_bytes_break_the_compiler(documents: Documents, content: bytes) -> None:
    """Whatever stands in a file: it is a document or a diagnostic, never a crash."""
    assert isinstance(read_document("a.yaml", content), Document | Diagnostic)
    assert compile_roles({**documents, "a.yaml": content}, ACTIONS).diagnostics


@RELAXED
@given(data=st.data())
def test_no_cut_breaks_the_compiler(documents: Documents, data: st.DataObject) -> None:
    """Lines left out anywhere in the documents lead to diagnostics or to a mandate, never to a crash."""
    file = data.draw(st.sampled_from(sorted(documents)))
    lines = documents[file].splitlines(keepends=True)
    start = data.draw(st.integers(0, len(lines)))
    end = data.draw(st.integers(start, min(len(lines), start + 6)))
    compiled = compile_roles({**documents, file: b"".join(lines[:start] + lines[end:])}, ACTIONS)
    assert bool(compiled.diagnostics) or bool(compiled.mandates) or file == "job.yaml"
