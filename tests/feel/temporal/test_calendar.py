"""The calendar's integer arithmetic against the standard library, and beyond its years."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.feel.temporal import Date, DateAndTime, DaysAndTime, add_to_date_and_time
from app.feel.temporal.calendar import NANOS_PER_SECOND, civil, day_number, iso_week, iso_weekday
from app.feel.temporal.parsing import read_temporal


@given(st.dates())
def test_it_agrees_with_the_standard_library(day: date) -> None:
    """Day numbers, weekdays and ISO weeks are those of datetime, where datetime reaches."""
    number = day_number(day.year, day.month, day.day)
    assert number == (day - date(1970, 1, 1)).days
    assert civil(number) == (day.year, day.month, day.day)
    assert iso_weekday(number) == day.isoweekday()
    assert iso_week(day.year, day.month, day.day) == day.isocalendar().week


@given(st.integers(-999_999_999, 999_999_999), st.integers(1, 12), st.integers(1, 28))
def test_a_date_of_any_year_comes_back_from_its_number_and_its_text(year: int, month: int, day: int) -> None:
    """Number and notation lose nothing, in years of nine digits and before the first."""
    value = Date(year, month, day)
    assert Date.from_day_number(value.day_number) == value
    assert read_temporal(str(value)) == value


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2037, 1, 1)),  # noqa: DTZ001 - wall clocks
    st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]),
    st.integers(-400 * 86_400, 400 * 86_400),
)
def test_arithmetic_with_a_zone_is_on_instants(wall: datetime, zone: str, seconds: int) -> None:
    """Adding a duration moves the instant; the wall clock follows the zone's rules."""
    start = wall.replace(microsecond=0, tzinfo=UTC).astimezone(ZoneInfo(zone))
    value = DateAndTime(
        Date(start.year, start.month, start.day),
        ((start.hour * 60 + start.minute) * 60 + start.second) * NANOS_PER_SECOND,
        None,
        zone,
    )
    if start.fold:
        return  # a wall clock cannot say which of the two it means
    expected = (start.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(ZoneInfo(zone))
    moved = add_to_date_and_time(value, DaysAndTime(seconds * NANOS_PER_SECOND))
    assert str(moved) == f"{expected:%Y-%m-%dT%H:%M:%S}@{zone}"


@given(st.integers(-(10**24), 10**24))
def test_a_duration_comes_back_from_its_text(nanos: int) -> None:
    """Days, hours, minutes, seconds and nine decimals, with one sign in front."""
    value = DaysAndTime(nanos)
    assert read_temporal(str(value)) == value
