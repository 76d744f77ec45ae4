"""The default mandate: what a process may do that no role document names. It grants nothing by name."""

from datetime import date, time, timedelta

from app.roles.calendar import BusinessCalendar
from app.roles.clauses import People
from app.roles.company import DEFAULT_REVIEW_CADENCE_DAYS, CompanyProfile
from app.roles.mandate import Mandate
from app.roles.redaction import ALWAYS_REDACTED
from app.roles.words import DEFAULT_ROLE, Autonomy

DEFAULT_REVIEWERS = "operators"  # who reviews what ungoverned processes write
HIGHEST_RISK = 4  # what nobody has looked at may be anything

NO_COMPANY = CompanyProfile(
    id="no-company",
    name="No company profile",
    owner=DEFAULT_REVIEWERS,
    version="0",
    currency="",
    thresholds={},
    calendar=BusinessCalendar("UTC", tuple(range(7)), time(0), time.max),
    fast_track_window=timedelta(minutes=30),
    fast_track_in_business_time=False,
    retention={},
    review_cadence_days=DEFAULT_REVIEW_CADENCE_DAYS,
    people={},
    groups={},
)
"""Where no profile is deployed: nothing has a threshold, and whatever writes is reviewed."""


def default_mandate(company: CompanyProfile | None) -> Mandate:
    """The mandate of every process without a role, as the company's `ungoverned` says."""
    profile = company or NO_COMPANY
    return Mandate(
        id=DEFAULT_ROLE,
        name="No role",
        description="No role document names the process.",
        owner=profile.owner,
        version=profile.version,
        work_roles=(),
        risk_tier=HIGHEST_RISK,
        autonomy=Autonomy.FULL,
        company=profile,
        people=People((), DEFAULT_REVIEWERS, DEFAULT_REVIEWERS, (), (), DEFAULT_REVIEWERS),
        grants={},
        rights={},
        inputs=(),
        evidence_contract=(),
        exceptions=(),
        metrics=(),
        error_budget=None,
        fields_to_redact=tuple(sorted(ALWAYS_REDACTED)),
        controls={},
        reviewed_on=date.min,
        review_due=date.max,
        answer_sheet=(),
        documents=(),
        ungoverned=profile.ungoverned,
    ).sealed()
