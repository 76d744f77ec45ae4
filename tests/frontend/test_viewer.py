"""The diagram viewer, in a real browser under the strict content security policy."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.frontend.bundles import MODELS
from tests.frontend.complaints import PHONE, Complaints
from tests.frontend.site import Site

pytestmark = pytest.mark.browser

DIAGRAM = (MODELS / "bpmn" / "support-refund.bpmn").read_bytes()
MARKS = {
    "active": {"refund-charge": 1},
    "completed": {"refund-requested": 1, "fetch-customer": 2},
    "incidents": {"draft-reply": 1},
    "cancelled": {"check-reply": 1},
    "flows": ["to-customer"],
    "finished": True,
}
VIEWER = '<div data-bpmn-viewer data-xml-url="/refund.bpmn" {}></div>'


@pytest.fixture
def marked(site: Site) -> str:
    site.pages["/refund.bpmn"] = DIAGRAM
    site.pages["/marks.json"] = json.dumps(MARKS).encode()
    return site.show("/", VIEWER.format('data-marks-url="/marks.json"'), "app", "viewer")


def test_a_diagram_is_shown_without_a_complaint(page: Page, complaints: Complaints, marked: str) -> None:
    """Nothing in it needs more than script-src and style-src 'self'."""
    page.goto(marked)
    expect(page.locator(".badge-mark")).to_have_count(5)
    assert complaints.found == []


def test_marks_are_told_in_words(page: Page, marked: str) -> None:
    """Where the token is and was is a symbol, a count and a word; the table says the same as the diagram."""
    page.goto(marked)
    row = page.locator("tr[data-element=fetch-customer]")
    expect(row).to_contain_text("✓ Completed × 2")
    expect(page.locator("tr[data-element=refund-charge]")).to_contain_text("▶ Active")
    expect(page.locator("tr[data-element=draft-reply]")).to_contain_text("! Incident")
    expect(page.locator("tr[data-element=check-reply]")).to_contain_text("✕ Cancelled")
    expect(page.get_by_role("img", name="Draft the reply: incident")).to_be_visible()
    assert "is-taken" in (page.locator("g[data-element-id=to-customer]").get_attribute("class") or "")


def test_the_table_and_the_diagram_select_the_same(page: Page, marked: str) -> None:
    """A line of the table selects its element; the page around is told which."""
    page.goto(marked)
    expect(page.locator(".badge-mark").first).to_be_visible()
    page.evaluate("addEventListener('element:selected', (event) => { window.selected = event.detail.id; })")
    page.get_by_role("button", name="Decide by hand").click()
    assert "selected" in (page.locator("g[data-element-id=decide-by-hand]").first.get_attribute("class") or "")
    assert page.evaluate("window.selected") == "decide-by-hand"
    page.locator("g[data-element-id=send-reply]").first.click()
    assert page.evaluate("window.selected") == "send-reply"
    expect(page.locator("tr[data-element=send-reply]")).to_have_attribute("aria-current", "")


def test_marks_are_kept_fresh(page: Page, site: Site, marked: str) -> None:
    """What changes on the server shows without a reload, until the instance has finished."""
    site.pages["/marks.json"] = json.dumps({"active": {"fetch-charge": 1}}).encode()
    site.show("/", VIEWER.format('data-marks-url="/marks.json" data-refresh-seconds="0.05"'), "viewer")
    page.goto(marked)
    expect(page.locator("tr[data-element=fetch-charge]")).to_contain_text("Active")
    site.pages["/marks.json"] = json.dumps(MARKS).encode()
    expect(page.locator("tr[data-element=fetch-charge] .element-state")).to_be_empty()
    expect(page.locator("tr[data-element=refund-charge]")).to_contain_text("Active")


def test_the_watermark_is_visible_and_uncovered(page: Page, marked: str) -> None:
    """Its licence asks for it, also on a phone."""
    for size in (page.viewport_size, PHONE):
        assert size is not None
        page.set_viewport_size(size)
        page.goto(marked)
        expect(page.locator(".badge-mark").first).to_be_visible()
        assert page.locator(".bjs-powered-by").evaluate(
            """(mark) => {
              mark.scrollIntoView();
              const { left, top, width, height } = mark.getBoundingClientRect();
              return width > 30 && mark.contains(document.elementFromPoint(left + width / 2, top + height / 2));
            }"""
        )


def test_a_diagram_without_layout_is_laid_out(page: Page, site: Site, complaints: Complaints) -> None:
    """A model that another program wrote shows all the same."""
    site.pages["/refund.bpmn"] = re.sub(rb"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", b"", DIAGRAM, flags=re.DOTALL)
    page.goto(site.show("/", VIEWER.format(""), "viewer"))
    expect(page.locator("g[data-element-id=refund-charge]").first).to_be_visible()
    assert complaints.found == []


@pytest.mark.parametrize(("content", "why"), [(b"<x>", "cannot be shown"), (None, "404")])
def test_what_cannot_be_shown_is_said(page: Page, site: Site, content: bytes | None, why: str) -> None:
    """A broken or missing diagram is a sentence, not an empty frame."""
    if content is not None:
        site.pages["/refund.bpmn"] = content
    page.goto(site.show("/", VIEWER.format(""), "viewer"))
    expect(page.get_by_role("alert")).to_contain_text(why)


def test_umlauts_survive_an_old_encoding(page: Page, site: Site) -> None:
    """A file is read in the encoding that it names."""
    text = DIAGRAM.decode().replace("Decide by hand", "Prüfen").replace('encoding="UTF-8"', 'encoding="ISO-8859-1"')
    site.pages["/refund.bpmn"] = text.encode("latin-1")
    page.goto(site.show("/", VIEWER.format(""), "viewer"))
    expect(page.get_by_role("button", name="Prüfen")).to_be_visible()


@pytest.mark.parametrize("decision", sorted(path.name for path in (MODELS / "dmn").glob("*.dmn")))
def test_a_decision_model_is_shown_with_all_its_views(page: Page, site: Site, decision: str) -> None:
    """The requirements and each decision's own view are a press away."""
    site.pages["/decision.dmn"] = (MODELS / "dmn" / decision).read_bytes()
    page.goto(site.show("/", '<div data-dmn-viewer data-xml-url="/decision.dmn"></div>', "decisions"))
    expect(page.locator(".view-tab[aria-pressed=true]")).to_have_text("Requirements")
    page.locator(".view-tab").nth(1).click()
    expect(page.locator(".dmn-decision-table-container")).to_be_visible()
