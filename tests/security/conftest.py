"""One process that reads hostile input for all tests of a worker."""

from collections.abc import Iterator

import pytest

from tests.security.bounded import Bounded


@pytest.fixture(scope="session")
def bounded() -> Iterator[Bounded]:
    with Bounded() as process:
        yield process
