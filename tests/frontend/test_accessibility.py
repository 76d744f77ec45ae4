"""The studio's pages by axe. Canvases are hidden: overlapping shapes have no background that a program could judge."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.frontend.complaints import PHONE
from tests.frontend.studio_site import StudioSite

pytestmark = pytest.mark.browser
PAGES = (
    "",
    "bpmn/support-refund",
    "dmn/refund-eligibility",
    "bpmn/support-refund?read=1",
    "versions/bpmn/support-refund",
    "compare/bpmn/support-refund?before=1&after=1",
    "hook/refund-requested",
)
CANVASES = "[data-canvas], [data-properties], .diagram-canvas, .decision-box"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioSite]:
    site = StudioSite(Path(tmp_path_factory.mktemp("accessible")))
    with site.serving():
        yield site


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, PHONE], ids=["desktop", "phone"])
def test_nothing_keeps_anybody_out(studio: StudioSite, browser: Browser, scheme: str, size: dict[str, int]) -> None:
    """No violation in light and dark, on a desktop and on a phone."""
    with browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce") as context:  # type: ignore[arg-type]
        page = studio.open(context, "dora")
        for path in PAGES:
            page.goto(f"{studio.address}/studio/{path}")
            if page.locator("[data-editor]").count():
                expect(page.locator("[data-editor][data-ready]")).to_be_visible()
            page.evaluate(
                f"for (const each of document.querySelectorAll('{CANVASES}')) each.style.visibility = 'hidden'"
            )
            found = Axe().run(page)
            assert found.violations_count == 0, f"{path}: {found.generate_report()}"
