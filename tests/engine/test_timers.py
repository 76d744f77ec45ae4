"""When timers are due."""

from datetime import UTC, datetime, timedelta

import pytest

from app.engine.timers import Duration, Schedule, parse_date

NOW = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT5S", datetime(2026, 1, 31, 9, 0, 5, tzinfo=UTC)),
        ("PT0.5S", datetime(2026, 1, 31, 9, 0, 0, 500_000, tzinfo=UTC)),
        ("P1DT2H", datetime(2026, 2, 1, 11, 0, tzinfo=UTC)),
        ("P2W", datetime(2026, 2, 14, 9, 0, tzinfo=UTC)),
        ("P1M", datetime(2026, 2, 28, 9, 0, tzinfo=UTC)),
        ("P1Y1M", datetime(2027, 2, 28, 9, 0, tzinfo=UTC)),
        ("-PT1H", datetime(2026, 1, 31, 8, 0, tzinfo=UTC)),
    ],
)
def test_durations_are_added_to_the_calendar_first(text: str, expected: datetime) -> None:
    """Months stay within the month; weeks, days and times are exact."""
    assert Schedule.after(text, NOW).due == expected


@pytest.mark.parametrize("text", ["", "P", "PT", "5", "P1H", "PT5", "1 hour", "P99999999999D", f"P{10**400}Y"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    """With a message that shows one that is."""
    with pytest.raises(ValueError, match="Expected a"):
        Duration.parse(text)


def test_a_duration_beyond_the_calendar_is_refused() -> None:
    """Years 1 to 9999."""
    with pytest.raises(ValueError, match="years 1 to 9999"):
        Schedule.after("P9000Y", NOW)
    with pytest.raises(ValueError, match="ISO 8601 date"):
        parse_date("9999-12-31T23:59:59-14:00")


def test_a_series_ends_where_the_calendar_ends() -> None:
    """The last firing that has a date is the last; a series of which none is to come is refused."""
    series = Schedule.repeating("R/2026-02-01T09:00:00Z/P3000000D", NOW)
    assert series.next(series.due) is None
    with pytest.raises(ValueError, match="years 1 to 9999"):
        Schedule.repeating("R/2026-01-01T09:00:00Z/P3000000D", NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01T10:00:00Z", datetime(2026, 3, 1, 10, 0, tzinfo=UTC)),
        ("2026-03-01T10:00:00", datetime(2026, 3, 1, 10, 0, tzinfo=UTC)),
        ("2026-03-01T10:00:00+02:00", datetime(2026, 3, 1, 8, 0, tzinfo=UTC)),
        ("2026-07-01T10:00:00@Europe/Berlin", datetime(2026, 7, 1, 8, 0, tzinfo=UTC)),
        ("2026-07-01T10:00:00+02:00[Europe/Berlin]", datetime(2026, 7, 1, 8, 0, tzinfo=UTC)),
        ("2026-07-01", datetime(2026, 7, 1, tzinfo=UTC)),
    ],
)
def test_dates_are_read_as_iso_and_feel_write_them(text: str, expected: datetime) -> None:
    """Without an offset it is UTC."""
    assert parse_date(text) == expected


def test_a_cycle_counts_its_firings() -> None:
    """R3/PT10S: three, ten seconds apart."""
    schedule: Schedule | None = Schedule.repeating("R3/PT10S", NOW)
    seconds = []
    while schedule is not None:
        seconds.append((schedule.due - NOW).total_seconds())
        schedule = schedule.next(schedule.due)
    assert seconds == [10, 20, 30]


def test_a_cycle_with_a_start_keeps_its_series() -> None:
    """A start in the past is not made up for; the times of day stay."""
    schedule = Schedule.repeating("R/2026-01-01T08:00:00Z/P1D", NOW)
    assert schedule.due == datetime(2026, 2, 1, 8, 0, tzinfo=UTC)
    assert schedule.remaining is None


def test_after_downtime_the_next_time_of_the_series_comes() -> None:
    """Missed times are skipped, for exact and for calendar intervals."""
    late = NOW + timedelta(days=100)
    following = Schedule.repeating("R/PT1H", NOW).next(late + timedelta(minutes=30))
    assert following is not None
    assert following.due == late + timedelta(hours=1)
    monthly = Schedule(NOW, "P1M", None).next(late)
    assert monthly is not None
    assert monthly.due > late


@pytest.mark.parametrize("interval", ["P1M", "P3M", "P1Y", "P1MT36H", "P1M3D"])
@pytest.mark.parametrize("day", [28, 29, 30, 31])
def test_a_series_of_months_counts_from_its_start(interval: str, day: int) -> None:
    """A short month takes the day from no other: each time is the start and so many intervals, stored between them.

    So is the first time after a downtime.
    """
    start = datetime(2027, 12, day, 9, 0, tzinfo=UTC)
    duration = Duration.parse(interval)
    expected = [duration.times(number).added_to(start) for number in range(40)]
    schedule = Schedule.repeating(f"R40/{start.isoformat()}/{interval}", NOW)
    found = [schedule.due]
    while following := Schedule.from_state(schedule.to_state()).next(schedule.due):
        schedule = following
        found.append(schedule.due)
    assert found == expected
    for late in (expected[30], expected[30] - timedelta(seconds=1)):
        jumped = Schedule.repeating(f"R/{start.isoformat()}/{interval}", NOW).next(late)
        assert jumped is not None
        assert jumped.due == next(moment for moment in expected if moment > late)


def test_a_series_of_months_without_a_date_counts_from_when_it_began() -> None:
    """Stored by the first release it has no start, and goes on from where it is."""
    last = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)
    first = Schedule.repeating("R/P1M", last)
    second = first.next(first.due)
    assert second is not None
    assert [first.due.day, second.due.day] == [28, 31]
    old = Schedule.from_state([first.due.isoformat(), "P1M", None]).next(first.due)
    assert old is not None
    assert old.due.day == 28


@pytest.mark.parametrize(
    "text",
    [
        *("R0/PT1S", "R3/PT0S", "R3/", "every day", "R2/P1H", "* * * * * 61", "0 0 0 30 2 *", "0 0 0 1,99 * *"),
        *("0 0 22-2 * * *", "a b c d e f", "0 0 0 15W * ?", "0 0 0 ? * MON#x", "0 0 0 ? * L", "0 0/x 0 * * *"),
    ],
)
def test_what_is_no_cycle_is_refused(text: str) -> None:
    """Among them a date that never comes, a range that falls, and a mistake behind what is looked at first."""
    with pytest.raises(ValueError, match="Expected"):
        Schedule.repeating(text, NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 30 9 * * *", datetime(2026, 1, 31, 9, 30, tzinfo=UTC)),
        ("0 0 9 * * *", datetime(2026, 2, 1, 9, 0, tzinfo=UTC)),
        ("*/20 * * * * *", datetime(2026, 1, 31, 9, 0, 20, tzinfo=UTC)),
        ("0 0 9 * * MON-FRI", datetime(2026, 2, 2, 9, 0, tzinfo=UTC)),
        ("0 0 9 * * 7", datetime(2026, 2, 1, 9, 0, tzinfo=UTC)),
        ("0 0 0 L * *", datetime(2026, 2, 28, tzinfo=UTC)),
        ("0 0 0 * * 5L", datetime(2026, 2, 27, tzinfo=UTC)),
        ("0 0 0 ? * MON#2", datetime(2026, 2, 9, tzinfo=UTC)),
        ("0 0 0 29 FEB *", datetime(2028, 2, 29, tzinfo=UTC)),
        ("@hourly", datetime(2026, 1, 31, 10, 0, tzinfo=UTC)),
        ("@monthly", datetime(2026, 2, 1, tzinfo=UTC)),
    ],
)
def test_cron_texts(text: str, expected: datetime) -> None:
    """Six fields and macros, as Camunda 8 reads them; the first time later than now."""
    assert Schedule.repeating(text, NOW).due == expected


def test_a_schedule_survives_being_stored() -> None:
    """Date, interval and count."""
    for schedule in (
        Schedule.repeating("R3/PT10S", NOW),
        Schedule.repeating("R3/P1M", NOW),
        Schedule.at("2026-02-01T00:00:00Z"),
    ):
        assert Schedule.from_state(schedule.to_state()) == schedule
