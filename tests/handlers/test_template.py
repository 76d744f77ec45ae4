"""Element templates, as the bpmn.io editor reads them."""

import json
from decimal import Decimal
from enum import StrEnum
from urllib.parse import unquote

from lxml import etree
from pydantic import BaseModel, Field

from app.handlers import ActionContext, action, element_template


class Tone(StrEnum):
    WARM = "warm"
    PLAIN = "plain"


class Draft(BaseModel):
    ticket_id: str = Field(description="The ticket to answer.")
    tone: Tone | None = None
    amount: Decimal


class Reply(BaseModel):
    draft_id: str


@action("helpdesk.draft-reply", system="helpdesk", effect="draft")
def draft_reply(request: Draft, context: ActionContext) -> Reply:
    """Draft a reply."""
    return Reply(draft_id="d")


def test_a_template_binds_type_inputs_and_outputs() -> None:
    """The job type is hidden; request fields are inputs, required ones filled; result fields are outputs."""
    template = element_template(draft_reply)
    properties = {str(each["binding"]): each for each in template["properties"]}
    task_type = properties["{'type': 'zeebe:taskDefinition', 'property': 'type'}"]
    ticket = properties["{'type': 'zeebe:input', 'name': 'ticket_id'}"]
    tone = properties["{'type': 'zeebe:input', 'name': 'tone'}"]
    output = properties["{'type': 'zeebe:output', 'source': '=draft_id'}"]
    assert (task_type["type"], task_type["value"]) == ("Hidden", "helpdesk.draft-reply")
    assert (ticket["value"], ticket["optional"], ticket["description"]) == (
        "=ticket_id",
        False,
        "The ticket to answer. A string.",
    )
    assert ("value" in tone, tone["optional"], tone["description"]) == (False, True, "One of warm, plain.")
    assert output["value"] == "draft_id"
    assert template["elementType"] == {"value": "bpmn:ServiceTask"}


def test_a_template_is_json_with_a_readable_icon() -> None:
    """The whole template is JSON, and its icon a well-formed SVG in a data address."""
    template = element_template(draft_reply)
    assert json.dumps(template)
    _, _, svg = template["icon"]["contents"].partition(",")
    assert etree.fromstring(unquote(svg)).tag.endswith("svg")


class Address(BaseModel):
    street: str
    floor: int | None = None


class Parcel(BaseModel):
    to: Address
    back_to: Address | None = None
    never: None = None


@action("post.send", system="post", effect="write", task_headers={"resultVariable": "Where the answer goes."})
def send(request: Parcel, context: ActionContext) -> Reply:
    """Send a parcel."""
    return Reply(draft_id="d")


def test_a_model_inside_a_model_has_dotted_inputs() -> None:
    """As Camunda's templates write them; what can only be null has no input, and task headers are properties too."""
    properties = {str(each.get("id")): each for each in element_template(send)["properties"]}
    names = [name for name in properties if name.startswith(("input-", "header-"))]
    assert names == [
        "input-to.street",
        "input-to.floor",
        "input-back_to.street",
        "input-back_to.floor",
        "header-resultVariable",
    ]
    assert [properties[name]["optional"] for name in names] == [False, True, True, True, True]
    assert properties["header-resultVariable"]["binding"] == {"type": "zeebe:taskHeader", "key": "resultVariable"}
