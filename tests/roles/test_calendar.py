"""Business hours."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.roles import BusinessCalendar

BERLIN = BusinessCalendar("Europe/Berlin", (0, 1, 2, 3, 4), time(9), time(17), (date(2026, 1, 6),))


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-01-05T08:00:00+00:00", True),
        ("2026-01-05T07:59:59+00:00", False),
        ("2026-01-05T15:59:59+00:00", True),
        ("2026-01-05T16:00:00+00:00", False),
        ("2026-01-06T10:00:00+00:00", False),  # a holiday
        ("2026-01-10T10:00:00+00:00", False),  # a Saturday
        ("2026-07-06T07:00:00+00:00", True),  # summer time
    ],
)
def test_open_is_by_the_local_clock(moment: str, *, is_open: bool) -> None:
    """Opening hours are those of the company's time zone, summer and winter; the closing minute is closed."""
    assert BERLIN.is_open(datetime.fromisoformat(moment)) is is_open


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-01-05T08:00:00+00:00", 1, "2026-01-05T09:00:00+00:00"),
        ("2026-01-05T15:30:00+00:00", 1, "2026-01-07T08:30:00+00:00"),  # over night and the holiday
        ("2026-01-09T12:00:00+00:00", 8, "2026-01-12T12:00:00+00:00"),  # over the weekend
        ("2026-01-10T12:00:00+00:00", 0.5, "2026-01-12T08:30:00+00:00"),
        ("2026-03-27T15:00:00+00:00", 2, "2026-03-30T08:00:00+00:00"),  # the clocks went forward
        ("2026-01-05T08:00:00+00:00", 8, "2026-01-05T16:00:00+00:00"),
    ],
)
def test_business_time_passes_while_it_is_open(start: str, hours: float, end: str) -> None:
    """A duration of business time leaves out nights, weekends and holidays."""
    assert BERLIN.after(datetime.fromisoformat(start), timedelta(hours=hours)).isoformat() == end


def test_a_calendar_that_never_opens_is_told() -> None:
    """A calendar without working days is a mistake and no endless search."""
    with pytest.raises(ValueError, match="business hours"):
        BusinessCalendar("UTC", (), time(9), time(17)).after(datetime(2026, 1, 5, tzinfo=UTC), timedelta(hours=1))
