from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.frontend.complaints import Complaints
from tests.frontend.site import Site


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def complaints(page: Page) -> Complaints:
    return Complaints(page)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site
