"""A form with the components of the schema, in real Chromium: drawn by the library, held to its rules by the server."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.runtime import SYSTEM
from tests.runtime.diagrams import END, START, diagram, user_task
from tests.web.site import Site
from tests.web.test_in_browser import address, hindrances, sign_in

pytestmark = pytest.mark.browser
__all__ = ["address"]  # the fixture

EMAIL = {"validationType": "email"}
CHOICE = [{"value": "air", "label": "By air"}, {"value": "rail", "label": "By rail"}]
COMPONENTS: list[dict[str, object]] = [
    {"type": "text", "id": "intro", "text": "Please check **everything**, {{traveller}}."},
    {"type": "html", "id": "rule", "content": "<em>Two nights at most</em>"},
    {"type": "separator", "id": "line"},
    {"type": "spacer", "id": "gap", "height": 8},
    {
        "type": "group",
        "id": "about",
        "label": "The trip",
        "components": [
            {"type": "textfield", "id": "goal", "key": "goal", "label": "Goal", "validate": {"required": True}},
            {
                "type": "textfield",
                "id": "mail",
                "key": "mail",
                "label": "Mail",
                "validate": EMAIL,
            },
        ],
    },
    {"type": "number", "id": "cost", "key": "cost", "label": "Cost", "decimalDigits": 2, "validate": {"max": 5000}},
    {"type": "expression", "id": "gross", "key": "gross", "expression": "=cost * 2"},
    {"type": "checkbox", "id": "abroad", "key": "abroad", "label": "Abroad"},
    {
        "type": "textfield",
        "id": "visa",
        "key": "visa",
        "label": "Visa",
        "validate": {"required": True},
        "conditional": {"hide": "=not(abroad)"},
    },
    {"type": "datetime", "id": "day", "key": "day", "subtype": "date", "dateLabel": "Day of travel"},
    {"type": "radio", "id": "way", "key": "way", "label": "Way", "values": CHOICE},
    {"type": "select", "id": "back", "key": "back", "label": "Way back", "values": CHOICE},
    {"type": "checklist", "id": "needs", "key": "needs", "label": "Needs", "values": CHOICE},
    {"type": "taglist", "id": "tags", "key": "tags", "label": "Tags", "valuesKey": "known_tags"},
    {"type": "textarea", "id": "note", "key": "note", "label": "Note"},
    {
        "type": "dynamiclist",
        "id": "legs",
        "path": "legs",
        "label": "Legs",
        "components": [{"type": "textfield", "id": "stop", "key": "stop", "label": "Stop"}],
    },
    {
        "type": "table",
        "id": "history",
        "label": "Earlier trips",
        "dataSource": "=trips",
        "columns": [{"label": "Where", "key": "where"}],
    },
    {"type": "image", "id": "picture", "alt": "A dot", "source": "data:image/gif;base64,R0lGODlhAQABAAAAACw="},
    {"type": "textfield", "id": "who", "key": "traveller", "label": "Traveller", "readonly": True},
]


def travel(site: Site) -> tuple[str, str]:
    """A case whose task has this form, and the task."""
    content = json.dumps({"id": "trip", "type": "default", "schemaVersion": 19, "components": COMPONENTS}).encode()
    task = user_task(groups="support-agents", more='<zeebe:formDefinition formId="trip" />')
    site.runtime.deployments.deploy(SYSTEM, {"trip.bpmn": diagram("trip", START, task, END), "trip.form": content})
    variables = {"traveller": "Marta", "known_tags": ["urgent", "repeat"], "trips": [{"where": "Ulm"}], "cost": 40}
    case = site.runtime.instances.start(SYSTEM, "trip", variables)
    (found,) = site.runtime.instances.get(SYSTEM, case).tasks
    return case, found.id


def complete(page: Page) -> None:
    page.get_by_role("button", name="Complete").click()


def test_every_component_is_drawn_and_answered(site: Site, address: str, context: BrowserContext) -> None:
    """Nothing vanishes; conditions follow what is typed; what is sent are the form's variables, and nothing else."""
    case, task_id = travel(site)
    said: list[str] = []
    page = sign_in(context, address, "ben")
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}/inbox/{task_id}")
    form = page.locator(".fjs-form")
    expect(form.get_by_text("everything", exact=True)).to_have_css("font-weight", "700")
    for words in ("Marta.", "Two nights at most", "The trip", "Earlier trips", "Ulm"):
        expect(form.get_by_text(words).first).to_be_visible()
    expect(form.get_by_alt_text("A dot")).to_be_attached()
    assert not hindrances(page)
    expect(form.get_by_label("Visa")).to_have_count(0)
    form.get_by_label("Goal").fill("Ulm")
    form.get_by_label("Mail").fill("marta@example.org")
    form.get_by_label("Cost").fill("1.234,50")
    form.get_by_label("Abroad").check()
    complete(page)
    expect(form.get_by_text("Field is required.")).to_be_visible()  # the visa, which is asked now
    form.get_by_label("Visa").fill("V-1")
    form.get_by_label("Day of travel").fill("12/24/2026")
    form.get_by_label("Note").fill("Two lines\nof text")
    form.locator(".fjs-form-field-radio").get_by_label("By rail").check()
    form.locator(".fjs-form-field-checklist").get_by_label("By air").check()
    form.get_by_label("Stop").fill("Stuttgart")
    complete(page)
    expect(page.get_by_role("status")).to_contain_text("Completed.")
    variables = site.runtime.instances.get(SYSTEM, case).variables
    expected = {
        "goal": "Ulm",
        "mail": "marta@example.org",
        "cost": Decimal("1234.5"),
        "gross": Decimal(2469),
        "abroad": True,
        "visa": "V-1",
        "day": "2026-12-24",
        "way": "rail",
        "needs": ["air"],
    }
    assert {name: variables[name] for name in expected} == expected
    assert variables["legs"] == [{"stop": "Stuttgart"}]
    assert variables["traveller"] == "Marta"
    assert not said


def test_nothing_typed_is_lost(site: Site, address: str, context: BrowserContext, tmp_path: Path) -> None:
    """Another tab, a reload and another day bring back the form as it was left; a number with two readings is asked."""
    _, task_id = travel(site)
    page = sign_in(context, address, "ben")
    page.goto(f"{address}/inbox/{task_id}")
    with page.expect_response("**/draft"):
        page.get_by_label("Goal").fill("Half a go")
    page.get_by_placeholder("Add a comment").fill("half a comment")
    page.get_by_role("link", name="History").click()
    page.get_by_role("link", name="Task", exact=True).click()
    expect(page.get_by_label("Goal")).to_have_value("Half a go")
    expect(page.get_by_label("Add a comment")).to_have_value("half a comment")
    with page.expect_response("**/draft"):
        page.get_by_label("Cost").fill("1,234")
        expect(page.get_by_text("1,234 can be read as both.")).to_be_visible()
        complete(page)
    expect(page.get_by_role("heading", name="Decide")).to_be_visible()
    assert site.task_for("ben").state == "open"
    page.reload()
    expect(page.get_by_label("Cost")).to_have_value("1,234")
