"""What every answer carries."""

import gzip
import re

import pytest
import sqlalchemy

from app.errors import Forbidden
from app.runtime import WITHOUT_NUL
from app.web.frame.assets import STATIC
from tests.web.site import Site, Visitor

PAGES = (
    "/sign-in",
    "/inbox/",
    "/operate/instances",
    "/operate/incidents",
    "/operate/jobs",
    "/operate/controls",
    "/operate/start",
    "/audit/",
    "/roles/",
    "/roles/support-refunds",
    "/people/",
    "/account/",
    "/studio/",
    "/nowhere",
)


@pytest.mark.parametrize("address", PAGES)
def test_pages_run_no_script_and_no_style_of_their_own(carla: Visitor, address: str) -> None:
    """The policy allows our files only, and no page carries anything that it would forbid."""
    response = carla.get(address, Accept="text/html")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", response.text)


def test_only_editors_may_style_inline(carla: Visitor) -> None:
    """The bpmn.io editors write style attributes; scripts stay strict there, too."""
    policy = carla.get("/studio/bpmn/support-refund").headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src 'self';" in policy


def test_pages_are_not_kept_and_not_framed(carla: Visitor) -> None:
    """Personal data stays out of caches, pages out of other people's frames."""
    headers = carla.get("/inbox/").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_static_files_are_kept_for_good_under_their_hash(site: Site, carla: Visitor) -> None:
    """An address with a content hash may be cached for a year; the same file without it may not."""
    page = carla.get("/inbox/").text
    address = re.search(r'href="(/static/css/tokens\.css\?v=\w+)"', page)
    assert address is not None
    client = site.app.test_client()
    assert "immutable" in client.get(address[1]).headers["Cache-Control"]
    assert "immutable" not in client.get("/static/css/tokens.css").headers.get("Cache-Control", "")


def test_every_icon_that_a_page_uses_exists(carla: Visitor) -> None:
    """A page names no picture that the sprite does not hold."""
    known = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    for address in PAGES:
        used = set(re.findall(r"icons\.svg\?v=\w+#([\w-]+)", carla.get(address, Accept="text/html").text))
        assert used <= known


def test_the_trace_of_a_caller_is_kept(site: Site) -> None:
    """A W3C trace id goes through; without one every answer names its own."""
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    client = site.app.test_client()
    answer = client.get("/healthz", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    assert answer.headers["X-Trace-Id"] == trace
    assert len(client.get("/healthz").headers["X-Trace-Id"]) == 32


def test_a_missing_page_is_a_page_for_people_and_a_problem_for_programs(carla: Visitor) -> None:
    """The same 404 in two forms, both with the trace id."""
    page = carla.get("/operate/instances/unknown", Accept="text/html")
    assert page.status_code == 404
    assert page.headers["X-Trace-Id"] in page.text
    problem = carla.get("/api/v1/instances/unknown")
    assert problem.status_code == 404
    assert problem.content_type == "application/problem+json"
    assert problem.json is not None
    assert problem.json["trace_id"] == problem.headers["X-Trace-Id"]


def test_a_defect_tells_nothing_of_itself(site: Site, carla: Visitor) -> None:
    """An exception that nobody foresaw is a 500 without its text, on a page that needs nothing that may be broken."""

    def broken() -> str:
        raise RuntimeError("the secret is 42")

    site.app.view_functions["roles.page"] = broken
    response = carla.get("/roles/", Accept="text/html")
    assert response.status_code == 500
    assert "the secret" not in response.text


def test_an_error_of_the_database_does_not_repeat_what_it_was_given(site: Site) -> None:
    """Its text enters logs, and what was given may be personal data."""
    with pytest.raises(sqlalchemy.exc.DBAPIError) as raised, site.runtime.core.store.read() as session:
        session.execute(sqlalchemy.text("SELECT :person FROM nowhere"), {"person": "Marta Muster"})
    assert "Marta" not in str(raised.value)


def test_a_null_character_in_a_form_is_refused(site: Site) -> None:
    """A name that no database could look up is no defect of ours."""
    visitor = site.visitor()
    answer = visitor.sign_in("an\0na", "password")
    assert answer.status_code == 400
    assert WITHOUT_NUL in answer.text


def test_a_missing_right_is_named(site: Site, carla: Visitor) -> None:
    """403 says which right is missing, so that an administrator can help."""

    def forbidden() -> str:
        raise Forbidden("Expected the right roles.see.")

    site.app.view_functions["roles.page"] = forbidden
    assert "roles.see" in carla.get("/roles/", Accept="text/html").text


PACKED = {"Accept-Encoding": "gzip, br"}


def test_texts_are_compressed_for_browsers_that_can_read_it(site: Site, carla: Visitor) -> None:
    """A page and a bundle arrive as gzip and are the same; what is small, and who asks for nothing, gets it plain."""
    for address in ("/inbox/", "/static/build/app.js", "/api/v1/openapi.json"):
        plain = carla.get(address)
        packed = carla.client.get(address, headers=PACKED)
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in packed.headers["Vary"]
        text = gzip.decompress(packed.data)
        assert len(packed.data) < len(text) * 0.6
        assert text == plain.data or address == "/inbox/"
    assert "Content-Encoding" not in carla.client.get("/healthz", headers=PACKED).headers


def test_the_first_load_of_the_inbox_is_small(site: Site, carla: Visitor) -> None:
    """Page, stylesheets, scripts and pictures together stay under 100 KB on the wire."""
    page = carla.client.get("/inbox/", headers=PACKED)
    total = len(page.data)
    for address in set(re.findall(r'(?:href|src)="(/static/[^"#]+)', gzip.decompress(page.data).decode())):
        total += len(carla.client.get(address, headers=PACKED).data)
    assert total < 100_000
