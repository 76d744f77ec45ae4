"""One running installation for the stories of a module, and people who are signed in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.cli.demonstration import PASSWORD
from tests.acceptance.installation import PATIENCE_SECONDS, Installation

expect.set_options(timeout=PATIENCE_SECONDS * 1000)  # a busy machine is slow, not wrong


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """What `make run` starts, on a folder of its own."""
    with Installation(tmp_path_factory.mktemp("installation") / "var") as installation:
        yield installation.run()


@pytest.fixture
def sign_in(browser: Browser, installation: Installation) -> Iterator[Callable[[str], Page]]:
    """Opens a browser as this person: ``sign_in("anna")``."""
    contexts = []

    def open_as(person: str) -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{installation.address}/sign-in")
        page.get_by_label("Name").fill(person)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    yield open_as
    for context in contexts:
        context.close()


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    """For a test that starts and kills processes of its own."""
    return tmp_path / "var"
