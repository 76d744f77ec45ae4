"""One process that reads hostile input for all tests of a worker; sites as in the tests of the web."""

from collections.abc import Iterator

import pytest

from tests.security.bounded import Bounded
from tests.web.conftest import company, prepared, site

__all__ = ["company", "prepared", "site"]


@pytest.fixture(scope="session")
def bounded() -> Iterator[Bounded]:
    with Bounded() as process:
        yield process
