"""Date and time functions (DMN 1.5, 10.3.4.1 conversions are in `conversions`; here 10.3.4.8 and 10.3.4.10)."""

from decimal import Decimal

from app.feel.builtins.registry import Registry
from app.feel.frame import Frame
from app.feel.from_python import from_python
from app.feel.temporal import Date, DateAndTime, YearsAndMonths, months_between
from app.feel.temporal.calendar import day_number, iso_week, iso_weekday
from app.feel.values import Function

FUNCTIONS = Registry()
function = FUNCTIONS.function

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def date_of(value: Date | DateAndTime) -> Date:
    return value.date if isinstance(value, DateAndTime) else value


@function("now()", frame=True)
def now(frame: Frame) -> object:
    return from_python(frame.now())


@function("today()", frame=True)
def today(frame: Frame) -> object:
    return from_python(frame.now().date())


@function("day of year(date: date|date and time)")
def day_of_year(value: Date | DateAndTime) -> Decimal:
    date = date_of(value)
    return Decimal(date.day_number - day_number(date.year, 1, 1) + 1)


@function("day of week(date: date|date and time)")
def day_of_week(value: Date | DateAndTime) -> str:
    return _DAYS[iso_weekday(date_of(value).day_number) - 1]


@function("month of year(date: date|date and time)")
def month_of_year(value: Date | DateAndTime) -> str:
    return _MONTHS[date_of(value).month - 1]


@function("week of year(date: date|date and time)")
def week_of_year(value: Date | DateAndTime) -> Decimal:
    return Decimal(iso_week(*date_of(value)))


@function("years and months duration(from: date|date and time, to: date|date and time)")
def years_and_months_duration(start: Date | DateAndTime, end: Date | DateAndTime) -> YearsAndMonths:
    return YearsAndMonths(months_between(date_of(start), date_of(end)))


@function("is(value1: any, value2: any)", frame=True)
def is_(frame: Frame, value1: object, value2: object) -> bool:
    """Whether two values are the same element of FEEL's semantic domain: of one type, and represented alike."""
    if type(value1) is not type(value2):
        return False
    if isinstance(value1, list) and isinstance(value2, list):
        frame.spend(len(value1))
        return len(value1) == len(value2) and all(is_(frame, a, b) for a, b in zip(value1, value2, strict=True))
    if isinstance(value1, dict) and isinstance(value2, dict):
        frame.spend(len(value1))
        return value1.keys() == value2.keys() and all(is_(frame, value, value2[key]) for key, value in value1.items())
    return value1 is value2 if isinstance(value1, Function) else value1 == value2
