"""Durations as people say them: the two largest units, rounded down."""

from datetime import timedelta

UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def in_words(duration: timedelta) -> str:
    """Words such as "7 days", "2 hours 5 minutes" or "less than a second"."""
    left = int(abs(duration).total_seconds())
    words = []
    for unit, seconds in UNITS:
        count, left = divmod(left, seconds)
        if count:
            words.append(f"{count} {unit}{'s' if count > 1 else ''}")
    return " ".join(words[:2]) or "less than a second"
