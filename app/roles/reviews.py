"""Reviews: when a role must be looked at again, and that nobody claims one that has not been."""

from collections.abc import Iterator
from datetime import date, timedelta

from app.errors import Diagnostic, Severity
from app.roles.company import DEFAULT_REVIEW_CADENCE_DAYS
from app.roles.schema import JobRoleDocument
from app.roles.sources import Source, Sources

OVERDUE = "roles.review-overdue"  # a warning: what is deployed goes on, whoever deploys the role makes it an error


def check_reviews(source: Source[JobRoleDocument], sources: Sources, today: date) -> Iterator[Diagnostic]:
    """A review that is overdue by the cadence of the role's risk tier, or one of a day that has not been yet."""
    review, tier = source.model.review, source.model.risk_tier
    if review is None:
        return
    if review.last > today:
        message = f"Expected a review that has been held by {today}, but found {review.last}."
        yield source.diagnostic("review-to-come", ("review", "last"), message, "Set last to the day of the review.")
    cadence = sources.company.model.review_cadence_days if sources.company else {}
    days = {**DEFAULT_REVIEW_CADENCE_DAYS, **cadence}[tier]
    if review.last + timedelta(days=days) < today:
        message = (
            f"Expected a review within {days} days, as risk tier {tier} demands, but the last one of "
            f"{source.model.id} was on {review.last}."
        )
        yield source.diagnostic(
            OVERDUE.removeprefix("roles."),
            ("review", "last"),
            message,
            "Review the role and set last.",
            severity=Severity.WARNING,
        )
