"""`app.roles.durations`: people read these in checks."""

from datetime import timedelta

import pytest

from app.roles.durations import in_words


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(milliseconds=451), "less than a second"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(days=7), "7 days"),
        (timedelta(hours=2, minutes=5, seconds=9), "2 hours 5 minutes"),
        (timedelta(days=1, seconds=30), "1 day 30 seconds"),
    ],
)
def test_a_duration_in_words(duration: timedelta, words: str) -> None:
    """The two largest units that there are, in the right number."""
    assert in_words(duration) == words
