"""FEEL's temporal values: years to ±999,999,999, nanoseconds, offsets to ±18 hours, zones by name.

`datetime` holds none of these. Here live the values, their text and their arithmetic; comparison across kinds is FEEL's
business and lives in `app.feel.values`.
"""

from app.feel.temporal.arithmetic import (
    add_months,
    add_to_date,
    add_to_date_and_time,
    add_to_time,
    between_dates_and_times,
    between_times,
    months_between,
)
from app.feel.temporal.parsing import read_date, read_date_and_time, read_duration, read_temporal, read_time
from app.feel.temporal.values import Date, DateAndTime, DaysAndTime, Temporal, Time, YearsAndMonths

__all__ = [
    "Date",
    "DateAndTime",
    "DaysAndTime",
    "Temporal",
    "Time",
    "YearsAndMonths",
    "add_months",
    "add_to_date",
    "add_to_date_and_time",
    "add_to_time",
    "between_dates_and_times",
    "between_times",
    "months_between",
    "read_date",
    "read_date_and_time",
    "read_duration",
    "read_temporal",
    "read_time",
]
