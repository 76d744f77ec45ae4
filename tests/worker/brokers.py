"""What carries hints: files, and Redis where it answers."""

import os
from pathlib import Path

import pytest

from app.ids import new_id
from app.settings import Settings, load_settings

REDIS = os.environ.get("BAILIWICK_TEST_REDIS_URL", "")
BROKERS = [
    "files",
    pytest.param("redis", marks=[pytest.mark.redis, pytest.mark.skipif(not REDIS, reason="no Redis answers here")]),
]


def settings_on(broker: str, folder: Path) -> Settings:
    """Of an installation in `folder` whose queue nobody else uses."""
    address = "" if broker == "files" else REDIS
    return load_settings(data_folder=folder, broker_url=address, queue_name=f"test-{new_id()}")
