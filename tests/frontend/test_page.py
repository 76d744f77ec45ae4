"""The page enhancements of the bundle `app`, in a real browser under the strict content security policy."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.frontend.complaints import Complaints
from tests.frontend.site import Site

pytestmark = pytest.mark.browser
SERVER_NOW = 'data-now="2026-11-21T08:00:00Z"'


@pytest.mark.parametrize(
    ("moment", "words"),
    [("07:59:58", "just now"), ("07:55:00", "5 min. ago"), ("06:00:00", "2 hr. ago"), ("10:00:30", "in 2 hr.")],
)
def test_times_follow_the_servers_clock(page: Page, site: Site, moment: str, words: str) -> None:
    """The browser's own clock says something else; the platform's counts, also where it was moved."""
    body = f'<time datetime="2026-11-21T{moment}Z" data-relative></time>'
    page.goto(site.show("/", body, "app", attributes=SERVER_NOW))
    expect(page.locator("time")).to_have_text(words)
    assert "2026" in (page.locator("time").get_attribute("title") or "")


def test_a_countdown_shows_what_is_left(page: Page, site: Site) -> None:
    """Minutes and seconds, and hours where there are some."""
    body = (
        '<time id="soon" datetime="2026-11-21T08:29:59Z" data-countdown></time>'
        '<time id="later" datetime="2026-11-21T10:05:00Z" data-countdown></time>'
    )
    page.goto(site.show("/", body, "app", attributes=SERVER_NOW))
    expect(page.locator("#soon")).to_have_text(re.compile(r"^29:5\d$"))
    expect(page.locator("#later")).to_have_text(re.compile(r"^2:0[45]:\d\d$"))


def test_a_countdown_says_when_it_is_over(page: Page, site: Site) -> None:
    """The page can react to it, as htmx does to any event."""
    page.add_init_script("addEventListener('countdown:over', () => { window.over = true; })")
    body = '<time datetime="2026-11-21T08:00:00Z" data-countdown></time>'
    page.goto(site.show("/", body, "app", attributes=SERVER_NOW))
    expect(page.locator("time.is-over")).to_have_text("0:00")
    assert page.evaluate("window.over")


def test_key_sequences_follow_links_and_typing_is_left_alone(page: Page, site: Site) -> None:
    """ "g i" goes to the inbox, unless somebody writes these letters into a field."""
    page.goto(site.show("/", '<a href="#inbox" data-shortcut="g i">Inbox</a><input>', "app"))
    page.locator("input").press_sequentially("gi")
    assert page.url.endswith("/")
    page.locator("input").blur()
    page.keyboard.press("g")
    page.keyboard.press("i")
    assert page.url.endswith("#inbox")


def test_the_help_names_every_shortcut(page: Page, site: Site) -> None:
    """`?` opens a dialog with all shortcuts of this page, in the words of what they do."""
    body = (
        '<a href="#i" data-shortcut="g i">Inbox</a><button data-shortcut="a">Approve</button>'
        "<dialog data-shortcut-help><dl data-shortcut-list></dl></dialog>"
    )
    page.goto(site.show("/", body, "app"))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Inbox")
    expect(page.get_by_role("dialog")).to_contain_text("Approve")


def test_lists_are_walked_by_keys(page: Page, site: Site) -> None:
    """j and k move, Enter opens; the end of the list is an end."""
    rows = "".join(f'<li data-row id="row{n}"><a href="#task{n}">Task {n}</a></li>' for n in (1, 2))
    page.goto(site.show("/", f"<ul data-list-keys>{rows}</ul>", "app"))
    for key in ("j", "j", "j", "k", "Enter"):
        page.keyboard.press(key)
    assert page.url.endswith("#task1")


def test_a_question_is_asked_before_it_is_too_late(page: Page, site: Site) -> None:
    """Cancelling sends nothing; agreeing sends the form with the button that was pressed."""
    site.pages["/done"] = b"done"
    body = (
        '<form action="/done" data-confirm="Cancel this instance?" data-confirm-label="Cancel it">'
        '<button name="how" value="now">Go</button></form>'
    )
    page.goto(site.show("/", body, "app"))
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_role("dialog")).to_contain_text("Cancel this instance?")
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert "/done" not in site.asked
    page.get_by_role("button", name="Go").click()
    page.get_by_role("button", name="Cancel it").click()
    page.wait_for_url("**/done?how=now")


def test_a_form_is_sent_once_with_its_button(page: Page, site: Site) -> None:
    """Impatient clicks do not repeat an approval, and the pressed button's value is not lost."""
    site.pages["/done"] = b"done"
    body = '<form action="/done" data-submit-once><button name="vote" value="yes">Approve</button></form>'
    page.goto(site.show("/", body, "app"))
    page.get_by_role("button").dblclick()
    page.wait_for_url("**/done?vote=yes")
    assert site.asked.count("/done") == 1


def test_tabs_work_as_people_who_use_the_keyboard_know_them(page: Page, site: Site) -> None:
    """One tab stop, arrows switch, one panel shows, and the address remembers."""
    tabs = "".join(f'<button role="tab" aria-controls="{name}">{name}</button>' for name in ("Task", "Process"))
    panels = "".join(f'<div role="tabpanel" id="{name}">{name} panel</div>' for name in ("Task", "Process"))
    address = site.show("/", f'<div role="tablist">{tabs}</div>{panels}', "app")
    page.goto(address)
    expect(page.locator("#Process")).to_be_hidden()
    page.get_by_role("tab", name="Task").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#Process")).to_be_visible()
    expect(page.locator("#Task")).to_be_hidden()
    page.goto("about:blank")
    page.goto(f"{address}#Process")
    expect(page.get_by_role("tab", name="Process")).to_have_attribute("aria-selected", "true")


def test_htmx_swaps_are_enhanced_and_evaluate_nothing(page: Page, site: Site, complaints: Complaints) -> None:
    """New content gets the same manners, under the strict policy and without a complaint."""
    site.pages["/part"] = b'<time datetime="2026-11-21T07:00:00Z" data-relative></time>'
    page.goto(site.show("/", '<div hx-get="/part" hx-trigger="load"></div>', "app", attributes=SERVER_NOW))
    expect(page.locator("time")).to_have_text("1 hr. ago")
    assert page.evaluate("htmx.config.allowEval") is False
    assert complaints.found == []


def test_the_theme_changes_at_once(page: Page, site: Site) -> None:
    """The choice shows before the server has answered, and the pressed button says so."""
    buttons = "".join(f'<button data-theme-choice="{name}">{name}</button>' for name in ("light", "dark", "system"))
    page.goto(site.show("/", buttons, "app"))
    page.get_by_role("button", name="dark").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    expect(page.get_by_role("button", name="dark")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="system").click()
    assert page.evaluate("document.documentElement.dataset.theme") is None
