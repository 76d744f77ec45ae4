"""The proleptic Gregorian calendar as pure integer arithmetic, for years from -999,999,999 to 999,999,999."""

MIN_YEAR = -999_999_999
MAX_YEAR = 999_999_999

NANOS_PER_SECOND = 1_000_000_000
NANOS_PER_DAY = 86_400 * NANOS_PER_SECOND

MAX_DURATION_MONTHS = 12 * 10**12
MAX_DURATION_NANOS = 10**15 * NANOS_PER_DAY
"""No duration is longer: a thousand times what lies between the first year and the last."""

_DAYS_IN_MONTH = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAYS_PER_ERA = 146_097  # 400 years
_EPOCH_SHIFT = 719_468  # days from 0000-03-01 to 1970-01-01


def is_leap_year(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    return 29 if month == 2 and is_leap_year(year) else _DAYS_IN_MONTH[month]


def day_number(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01; negative before."""
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * _DAYS_PER_ERA + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - _EPOCH_SHIFT


def civil(number: int) -> tuple[int, int, int]:
    """Year, month and day of the day `number` counted from 1970-01-01."""
    era, day_of_era = divmod(number + _EPOCH_SHIFT, _DAYS_PER_ERA)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted_month + 2) // 5 + 1
    month = shifted_month + (3 if shifted_month < 10 else -9)
    return year_of_era + era * 400 + (month <= 2), month, day


def iso_weekday(number: int) -> int:
    """1 (Monday) to 7 (Sunday) of the day `number` counted from 1970-01-01, a Thursday."""
    return (number + 3) % 7 + 1


def iso_week(year: int, month: int, day: int) -> int:
    """The number of the week by ISO 8601: the week belongs to the year that holds its Thursday."""
    number = day_number(year, month, day)
    thursday = number + 4 - iso_weekday(number)
    return (thursday - day_number(civil(thursday)[0], 1, 1)) // 7 + 1
