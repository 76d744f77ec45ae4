"""The mandate: a JobRole after compilation. Immutable, with its own JSON and checksum; it answers from itself alone."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from pydantic import TypeAdapter

from app.roles import enforcement, rights
from app.roles.assessment import ActionRequest, Assessment, CheckResult, DecisionVerdict, InputFact, Measure
from app.roles.clauses import Clauses, EvidenceItem, Limit
from app.roles.evidence import Facts, missing_evidence
from app.roles.words import Phase


@dataclass(frozen=True, slots=True)
class Mandate(Clauses):
    """Everything that the runtime enforces for one JobRole."""

    @property
    def limits(self) -> tuple[Limit, ...]:
        """The windows that the runtime must count."""
        return tuple(limit for grant in self.grants.values() for limit in grant.limits)

    def assess(self, request: ActionRequest) -> Assessment:
        """Whether this action may happen now. Pure: the same request has the same answer."""
        return enforcement.assess(self, request)

    def check_after(
        self, request: ActionRequest, result: Mapping[str, object], verification: Mapping[str, object] | None = None
    ) -> tuple[CheckResult, ...]:
        """The checks of the phase *after*. `verification` is ``{"confirmed": …, "found": …, "detail": …}``."""
        return enforcement.run_checks(self, request, Phase.AFTER, {"result": result, "verification": verification})

    def measure(self, request: ActionRequest) -> Measure:
        """What the action adds to the limits of the role."""
        return enforcement.measure(self, request)

    def may_decide(self, decision: str, confidence: Decimal | None) -> DecisionVerdict:
        """What may come of a decision with this confidence (None: the decision states none)."""
        return rights.may_decide(self, decision, confidence)

    def inputs_seen(self, request: ActionRequest) -> tuple[InputFact, ...]:
        """The inputs of the role as this request shows them, with their source and age."""
        return enforcement.inputs_seen(self, request)

    def missing_evidence(self, facts: Facts) -> tuple[EvidenceItem, ...]:
        """What the evidence contract still demands before the instance may complete."""
        return missing_evidence(self, facts)

    def review_overdue(self, today: date) -> bool:
        return today > self.review_due

    def fast_track_ends(self, now: datetime) -> datetime:
        return self.company.fast_track_ends(now)

    def to_json(self) -> dict[str, object]:
        """The whole mandate as JSON; decimals, durations and dates are text."""
        document: dict[str, object] = _ADAPTER.dump_python(self, mode="json")
        return document

    @staticmethod
    def from_json(document: Mapping[str, object]) -> "Mandate":
        """The mandate that `to_json` wrote. Raises `pydantic.ValidationError` for anything else."""
        return _ADAPTER.validate_python(dict(document))

    def sealed(self) -> "Mandate":
        """The same mandate with the SHA-256 of everything that it says."""
        document = replace(self, checksum="").to_json()
        text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return replace(self, checksum=hashlib.sha256(text.encode()).hexdigest())


_ADAPTER: TypeAdapter[Mandate] = TypeAdapter(Mandate)
