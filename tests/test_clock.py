"""`app.clock`: time that stands still, and time that all processes of a demonstration share."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.clock import AdjustableClock, SystemClock, VirtualClock


def test_a_virtual_clock_moves_only_when_told() -> None:
    """Two readings agree; advancing adds exactly what was asked."""
    clock = VirtualClock(datetime(2026, 1, 1, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.advance(timedelta(minutes=30))
    assert clock.now() == datetime(2026, 1, 1, 0, 30, tzinfo=UTC)


def test_an_adjustable_clock_is_shared_through_its_file(tmp_path: Path) -> None:
    """What one process skips, another one sees."""
    here, there = (AdjustableClock(tmp_path / "offset") for _ in range(2))
    here.advance(timedelta(hours=2))
    here.advance(timedelta(minutes=1))
    assert there.offset() == timedelta(hours=2, minutes=1)
    assert there.now() - SystemClock().now() > timedelta(hours=2)


@pytest.mark.parametrize("backwards", [timedelta(seconds=-1), timedelta(days=-1)])
def test_time_runs_forward(tmp_path: Path, backwards: timedelta) -> None:
    """A negative step is refused."""
    with pytest.raises(ValueError, match="Time runs forward"):
        VirtualClock().advance(backwards)
    with pytest.raises(ValueError, match="Time runs forward"):
        AdjustableClock(tmp_path / "offset").advance(backwards)
