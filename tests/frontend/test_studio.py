"""The studio in a real browser: models open without a warning, and an edit becomes a deployed version."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.runtime.views import ModelKind
from tests.frontend.bundles import MODELS
from tests.frontend.complaints import PHONE, Complaints
from tests.frontend.studio_site import StudioSite

pytestmark = pytest.mark.browser


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[StudioSite]:
    site = StudioSite(tmp_path)
    with site.serving():
        yield site


@pytest.fixture
def dora(studio: StudioSite, context: BrowserContext) -> Page:
    return studio.open(context, "dora")


def open_editor(page: Page, studio: StudioSite, model: str) -> None:
    page.goto(f"{studio.address}/studio/{model}")
    expect(page.locator("[data-editor][data-ready]")).to_be_visible()


def status(page: Page) -> str:
    return page.locator("[data-status]").inner_text()


@pytest.mark.parametrize("file", sorted(path.name for path in MODELS.glob("*mn/*")))
def test_our_models_open_without_a_warning(dora: Page, studio: StudioSite, file: str) -> None:
    """Neither bpmn.io nor our own check has anything to say about them, and the console is silent."""
    complaints = Complaints(dora)
    stem, _, kind = file.rpartition(".")
    open_editor(dora, studio, f"{kind}/{stem}")
    assert status(dora) == ""
    expect(dora.locator("[data-problem-count]")).to_have_text("0")
    assert complaints.found == []


def test_an_edit_becomes_a_version(dora: Page, studio: StudioSite) -> None:
    """Edit → draft → check → deploy with a note, all in the browser; the one before stays."""
    open_editor(dora, studio, "bpmn/support-refund")
    dora.get_by_role("tab", name="Elements").click()
    dora.get_by_role("button", name="Send the reply").click()
    dora.locator(".bio-properties-panel-group-header", has_text="General").click()
    name = dora.locator(".bio-properties-panel-input[name=name], [data-entry-id=name] [contenteditable]").first
    name.fill("Send the answer")
    expect(dora.locator("[data-status]")).to_have_text("Not saved yet")
    dora.get_by_role("button", name="Save draft").click()
    expect(dora.locator("[data-status]")).to_contain_text("Draft saved by dora")
    dora.get_by_role("button", name="Check", exact=True).click()
    expect(dora.locator("[data-status]")).to_contain_text("no problems")
    dora.get_by_role("button", name="Deploy …").click()
    dora.get_by_label("What has changed, and why").fill("Plainer words")
    dora.get_by_role("button", name="Deploy", exact=True).click()
    expect(dora.locator("[data-status]")).to_contain_text("Deployed as version 2")
    latest = studio.runtime.deployments.model(ModelKind.BPMN, "support-refund")
    assert latest.version == 2
    assert b'name="Send the answer"' in (latest.content or b"")
    dora.goto(f"{studio.address}/studio/compare/bpmn/support-refund?before=1&after=2")
    expect(dora.get_by_role("row", name="Send the answer")).to_contain_text("Send the reply")


def test_a_problem_leads_to_its_element(dora: Page, studio: StudioSite) -> None:
    """Every problem is listed with what to do; choosing it selects the element, and undoing ends it."""
    open_editor(dora, studio, "bpmn/support-refund")
    dora.locator("g[data-element-id=to-send] .djs-hit").click(force=True)
    dora.keyboard.press("Delete")
    dora.get_by_role("button", name="Check", exact=True).click()
    expect(dora.locator("[data-status]")).to_contain_text("Checked: ")
    problem = dora.locator(".problem[data-element=send-reply]").first
    problem.click()
    chosen = problem.get_attribute("data-element")
    assert "selected" in (dora.locator(f"g[data-element-id='{chosen}']").first.get_attribute("class") or "")
    dora.get_by_role("button", name="Undo").click()
    expect(dora.locator("[data-problem-count]")).to_have_text("0")


def test_a_cell_of_a_decision_is_edited_and_judged(dora: Page, studio: StudioSite) -> None:
    """A mistake that the browser's FEEL linter lets pass is found by the server and leads back to its cell."""
    open_editor(dora, studio, "dmn/refund-eligibility")
    dora.get_by_role("button", name="Confidence", exact=True).click()
    dora.locator("[data-element-id=confidence-rule-4-in-2]").click()
    dora.keyboard.press("ControlOrMeta+A")
    dora.keyboard.type("> 500 +")
    expect(dora.locator(".problem-error")).not_to_have_count(0)
    dora.get_by_role("button", name="Requirements").click()
    dora.locator(".problem-error").first.click()
    expect(dora.locator(".view-tab[aria-pressed=true]")).to_contain_text("Confidence")
    dora.get_by_role("button", name="Save draft").click()
    expect(dora.locator("[data-status]")).to_contain_text("Draft saved")
    assert b"&gt; 500 +" in (
        studio.runtime.drafts.get(_dora(studio), ModelKind.DMN, "refund-eligibility").content or b""
    )


def test_every_view_of_a_decision_can_be_read(dora: Page, studio: StudioSite) -> None:
    """Tables, literal expressions and functions: no class name of the pages hides one of the editor's parts."""
    open_editor(dora, studio, "dmn/reply-review")
    for tab in dora.locator(".view-tab").all()[1:]:
        tab.click()
        expect(tab).to_have_attribute("aria-pressed", "true")
        content = dora.locator(".tjs-table, [data-canvas] .cm-content").first
        expect(content).to_be_in_viewport()


def test_the_watermark_stays_uncovered_by_the_expression_editor(dora: Page, studio: StudioSite) -> None:
    """The popup of the FEEL editor opens above it, and leads nowhere outside."""
    open_editor(dora, studio, "bpmn/support-refund")
    dora.locator("g[data-element-id=refund-charge]").first.click()
    dora.locator(".bio-properties-panel-group-header", has_text="Output mapping").click()
    dora.locator(".bio-properties-panel-collapsible-entry-header", has_text="refund").last.click()
    dora.locator("[data-properties] .cm-content:visible").first.click()
    dora.locator(".bio-properties-panel-open-feel-popup:visible").first.click()
    expect(dora.locator(".bio-properties-panel-popup")).to_be_visible()
    assert dora.locator(".editor-canvas .bjs-powered-by").evaluate(
        """(mark) => {
          const { left, top, width, height } = mark.getBoundingClientRect();
          return [0.1, 0.5, 0.9].every((part) =>
            mark.contains(document.elementFromPoint(left + part * width, top + part * height)));
        }"""
    )
    assert dora.locator("a[href^=http]").count() == 1


def test_task_handlers_can_be_chosen(dora: Page, studio: StudioSite) -> None:
    """A developer's handler is offered for a task, by its name."""
    open_editor(dora, studio, "bpmn/support-refund")
    dora.locator("g[data-element-id=send-reply]").first.click()
    dora.get_by_role("button", name="Select", exact=True).click()
    expect(dora.locator(".djs-popup, .cmd-change-menu").first).to_contain_text("Send a reply")


def test_leaving_with_unsaved_changes_is_asked_about(dora: Page, studio: StudioSite) -> None:
    """Nobody loses an hour by closing a tab; what is saved may be left."""
    open_editor(dora, studio, "bpmn/support-refund")
    questions: list[str] = []
    dora.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))
    dora.locator("g[data-element-id=send-reply]").first.click()
    dora.keyboard.press("Delete")
    expect(dora.locator("[data-status]")).to_have_text("Not saved yet")
    dora.goto(f"{studio.address}/studio/")
    assert questions == ["beforeunload"]
    open_editor(dora, studio, "bpmn/support-refund")
    dora.goto(f"{studio.address}/studio/")
    assert questions == ["beforeunload"]


def test_ctrl_s_saves(dora: Page, studio: StudioSite) -> None:
    """The keys that everybody presses do what everybody means."""
    open_editor(dora, studio, "bpmn/invoice-approval")
    dora.keyboard.press("ControlOrMeta+S")
    expect(dora.locator("[data-status]")).to_contain_text("Draft saved")
    assert [draft.name for draft in studio.runtime.drafts.list(_dora(studio))] == ["invoice-approval"]


def test_a_new_process_starts_from_its_name(dora: Page, studio: StudioSite) -> None:
    """From the overview to an open editor with a first version ready to deploy."""
    dora.goto(f"{studio.address}/studio/")
    dora.get_by_role("button", name="New process").click()
    dialog = dora.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Holiday request")
    dialog.get_by_label("Id").fill("holiday-request")
    dialog.get_by_role("button", name="Create the draft").click()
    expect(dora.locator("[data-editor][data-ready]")).to_be_visible()
    expect(dora.locator("[data-problem-count]")).to_have_text("0")
    expect(dora.locator("[data-element-count]")).to_have_text("2")


def test_a_phone_shows_what_it_cannot_edit_well(studio: StudioSite, context: BrowserContext) -> None:
    """Nothing is wider than the screen, and the watermark is uncovered."""
    page = studio.open(context, "emil")
    page.set_viewport_size(PHONE)
    for path in ("", "bpmn/support-refund", "dmn/refund-eligibility", "versions/bpmn/support-refund"):
        page.goto(f"{studio.address}/studio/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path


def _dora(studio: StudioSite):  # type: ignore[no-untyped-def]  # an Actor
    found = studio.runtime.people.authenticate("dora", "bailiwick-demo")
    assert found is not None
    return found
