"""What tests of several rooms share: a real browser, and examples without a time limit."""

import os
import shutil
import sys
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, sync_playwright

EXAMPLES = int(os.environ.get("BAILIWICK_EXAMPLES", "100"))  # of each property: `make explore` looks further

settings.register_profile("whatever the machine does", deadline=None, max_examples=EXAMPLES)
settings.load_profile("whatever the machine does")

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """Commands set up logs for their process; what a test ran must not decide where the next one's lines go."""
    yield
    if structlog.is_configured():
        structlog.reset_defaults()
        for module in list(sys.modules.values()):
            logger = getattr(module, "log", None)
            if isinstance(logger, structlog._config.BoundLoggerLazyProxy):
                vars(logger).pop("bind", None)  # what it has cached


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window; it talks to nobody but the pages under test."""
    chromium = os.environ.get("BAILIWICK_TEST_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium here: make test installs it, as root with apt")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield running
        running.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of its own for one person: its own cookies, a desktop's size."""
    with browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce") as context:
        yield context
