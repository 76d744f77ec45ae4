"""The pages in real Chromium: accessible, no wider than a phone, usable by keyboard, and usable without a script."""

from collections.abc import Iterator
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from app.handlers import TaskListenerResult
from app.runtime import SYSTEM
from tests.web.checks import install_check, task_of
from tests.web.site import PASSWORD, Site

pytestmark = pytest.mark.browser

SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
SCHEMES = ("light", "dark")


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, site.app, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)


def sign_in(context: BrowserContext, address: str, name: str) -> Page:
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


def hindrances(page: Page) -> list[tuple[object, list[object]]]:
    """What axe finds serious on the page: the rule, and where."""
    return [
        (violation["id"], [node["target"] for node in violation["nodes"]][:3])
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", sorted(SIZES))
def test_every_page_can_be_read_by_everybody(
    site: Site, address: str, browser: Browser, size: str, scheme: str
) -> None:
    """axe finds nothing serious, nothing is wider than the screen, and the console is silent."""
    instance_id = site.request_refund(80)
    approval = site.task_for("femi")
    site.request_refund(10, customer_id="C-1003", charge_id="CH-1003")
    carla = site.visitor("carla")
    carla.post("/operate/switches", scope="action", key="mail.send-reply", reason="A test of the brake")
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    said: list[str] = []
    page = sign_in(context, address, "carla")
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in (
        "/inbox/?view=all",
        f"/inbox/{approval.id}",
        f"/inbox/{approval.id}?tab=history",
        "/operate/instances",
        f"/operate/instances/{instance_id}",
        "/operate/incidents",
        "/operate/jobs",
        "/operate/controls",
        "/operate/start",
        f"/evidence/{instance_id}",
        "/audit/",
        "/roles/",
        "/roles/support-refunds",
        "/people/",
        "/account/",
    ):
        page.goto(f"{address}{path}")
        found = hindrances(page)
        assert not found, (path, found)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert not said
    context.close()


def test_the_smallest_phone_shows_everything(site: Site, address: str, browser: Browser) -> None:
    """At 320 pixels nothing is wider than the screen, and the account can be reached."""
    site.request_refund(80)
    task = site.task_for("femi")
    with browser.new_context(viewport={"width": 320, "height": 640}) as context:
        page = sign_in(context, address, "femi")
        for path in ("/inbox/", f"/inbox/{task.id}", f"/inbox/{task.id}?tab=history", "/account/"):
            page.goto(f"{address}{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
            box = page.locator("summary").filter(has_text="Account of").bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= 320, path


def test_the_inbox_is_worked_through_with_the_keyboard(site: Site, address: str, context: BrowserContext) -> None:
    """n opens the next task, r leads to the reason, a to the button; Enter asks once before it approves."""
    instance_id = site.request_refund(80)
    page = sign_in(context, address, "femi")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Approve billing.refund")).to_be_visible()
    page.keyboard.press("r")
    page.keyboard.type("Photos seen")
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="Approve billing.refund").click()
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Approve")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Approve billing.refund of 80.00")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Approved.")
    site.work()
    assert site.runtime.instances.get(SYSTEM, instance_id).view.status == "completed"


def test_stray_typing_decides_nothing(site: Site, address: str, context: BrowserContext) -> None:
    """Words typed at nothing, and Enter at the end of each, leave every task as it is, also on a slow line."""
    site.request_refund(450)
    task = site.task_for("gina")
    page = sign_in(context, address, "gina")
    page.route("**/inbox/next**", lambda _: None)  # what "n" leads to never arrives: the rest is typed into this page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    for word in ("anna", "cancel", "approve", "a", "au", "basic", "panic", "nc", "na"):
        page.goto(f"{address}/inbox/{task.id}")
        page.keyboard.type(word)
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
    page.goto(f"{address}/inbox/{task.id}")
    assert [url for url in sent if not url.endswith("/draft")] == []
    assert site.task_for("gina") == task


def test_a_key_by_itself_leads_to_the_button_that_sends(site: Site, address: str, context: BrowserContext) -> None:
    """c and then Enter claims; a key in between takes the focus away again."""
    site.request_refund(450)
    task = site.task_for("gina")
    page = sign_in(context, address, "gina")
    page.goto(f"{address}/inbox/{task.id}")
    page.keyboard.press("c")
    expect(page.get_by_role("button", name="Claim")).to_be_focused()
    page.keyboard.press("z")
    expect(page.get_by_role("button", name="Claim")).not_to_be_focused()
    page.reload()
    page.keyboard.press("c")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Release")).to_be_visible()


def test_the_list_is_walked_with_j_and_k(site: Site, address: str, context: BrowserContext) -> None:
    """j and k move through the queue, Enter opens."""
    site.request_refund(80)
    page = sign_in(context, address, "femi")
    page.keyboard.press("j")
    expect(page.locator(".card").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Approve billing.refund")).to_be_visible()


def test_nobody_decides_on_what_is_no_longer_so(site: Site, address: str, context: BrowserContext) -> None:
    """A colleague decides while one looks: the pane says so, its buttons are dead, and the link shows the present."""
    site.request_refund(450)
    task = site.task_for("gina")
    page = sign_in(context, address, "gina")
    page.goto(f"{address}/inbox/{task.id}")
    site.runtime.inbox.approve(site.actor("femi"), task.id, "Photos seen")
    expect(page.get_by_text("This is no longer so.")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Approve")).to_be_disabled()
    assert not hindrances(page)
    page.get_by_role("link", name="Show it as it is now").click()
    expect(page.get_by_text("Photos seen")).to_be_visible()


def test_new_tasks_appear_by_themselves(site: Site, address: str, context: BrowserContext) -> None:
    """A queue that stands open shows what arrives."""
    page = sign_in(context, address, "femi")
    expect(page.get_by_text("Nothing to do here")).to_be_visible()
    site.request_refund(80)
    expect(page.get_by_text("billing.refund 80 EUR")).to_be_visible(timeout=30_000)


def test_an_instance_that_is_looked_at_goes_on(site: Site, address: str, context: BrowserContext) -> None:
    """The instance's page follows what happens, and stops asking when it has ended."""
    instance_id = site.request_refund(35)
    page = sign_in(context, address, "carla")
    page.goto(f"{address}/operate/instances/{instance_id}")
    expect(page.locator("#now").get_by_text("Running")).to_be_visible()
    site.skip(minutes=31)
    expect(page.locator("#now").get_by_text("Completed")).to_be_visible(timeout=30_000)
    expect(page.locator("#history-panel").get_by_text("Send the reply")).to_be_visible()
    expect(page.locator("#now[hx-get]")).to_have_count(0)


def test_a_held_up_task_comes_back_by_itself(site: Site, address: str, context: BrowserContext) -> None:
    """Its page can be read by everybody, and shows what the check said without being asked."""
    install_check(site).append(TaskListenerResult(denied=True, reason="A second signature is missing."))
    task_id = task_of(site, "completing")
    page = sign_in(context, address, "ben")
    page.goto(f"{address}/inbox/{task_id}")
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_text("Held up: the completion is being checked.")).to_be_visible()
    assert not hindrances(page)
    page.get_by_placeholder("Add a comment").fill("half a comm")
    site.work()
    expect(page.get_by_text("A second signature is missing.").first).to_be_visible()
    expect(page.get_by_role("button", name="Complete")).to_be_visible()
    expect(page.get_by_label("Add a comment")).to_have_value("half a comm")
    assert not hindrances(page)


def test_the_theme_is_remembered(site: Site, address: str, context: BrowserContext) -> None:
    """Dark chosen is dark on the next page, too, whatever the system says."""
    page = sign_in(context, address, "anna")
    page.get_by_text("Light or dark").click(force=True)
    with page.expect_response("**/preferences/theme"):
        page.get_by_role("button", name="Dark", exact=True).click()
    page.goto(f"{address}/account/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_everything_essential_works_without_a_script(site: Site, address: str, browser: Browser) -> None:
    """Sign in, open the task, approve, sign out: with scripts switched off."""
    instance_id = site.request_refund(80)
    with browser.new_context(java_script_enabled=False) as context:
        page = sign_in(context, address, "femi")
        page.get_by_role("link", name="Approve billing.refund").click()
        page.get_by_label("Reason").fill("Photos seen")
        page.get_by_role("button", name="Approve").click()
        expect(page.get_by_role("status")).to_contain_text("Approved.")
        page.locator("summary").filter(has_text="Account of").click()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_text("You are signed out.")).to_be_visible()
    site.work()
    assert site.runtime.instances.get(SYSTEM, instance_id).view.status == "completed"
