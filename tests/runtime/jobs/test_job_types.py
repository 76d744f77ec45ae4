"""Task types as public diagrams write them: handlers answer to them, and say which system they touch."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from app.handlers import ActionContext, action, element_template
from app.handlers.registry import AnyHandler
from app.runtime import SYSTEM
from app.store.states import SwitchScope
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, service_task
from tests.store.databases import KINDS, fresh_database

TYPES = ("fetchGoods", "send_mail", "payment-service", "foo", "io.camunda:http-json:1", "Ware prüfen/1")


class Order(BaseModel):
    order: str


def handlers() -> Iterator[AnyHandler]:
    for name in TYPES:

        @action(name, system="shop", effect="read")
        def do(request: Order, context: ActionContext) -> Order:
            """Do something in the shop."""
            return request

        yield do


@pytest.fixture(params=KINDS)
def platform(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Platform]:
    with (
        fresh_database(request.param, tmp_path) as address,
        Platform([], handlers(), database=address) as platform,
    ):
        yield platform


def test_they_run_and_are_stopped_by_their_system(platform: Platform) -> None:
    """Deployed without a warning, held by the switch of their system, done when it is cleared, each by its handler."""
    tasks = [service_task(name, f"task-{position}") for position, name in enumerate(TYPES)]
    deployed = platform.runtime.deployments.deploy(SYSTEM, {"shop.bpmn": diagram("shop", START, *tasks, END)})
    assert [each.code for each in deployed.warnings] == ["bpmn.layout"]
    switch = platform.runtime.switches.set(SYSTEM, SwitchScope.SYSTEM, "shop", "an audit")
    case = platform.start("shop", {"order": "O-1"})
    platform.run()
    assert [(each.type, each.held_by) for each in platform.case(case).jobs] == [("fetchGoods", "switch")]
    platform.runtime.switches.clear(SYSTEM, switch)
    platform.run()
    detail = platform.case(case)
    assert detail.view.status == "completed"
    assert {each.type for each in detail.jobs} == set(TYPES)


def test_they_are_offered_in_the_editor(platform: Platform) -> None:
    """One element template each, with the job type as it is, under its system."""
    templates = [element_template(platform.registry[name]) for name in TYPES]
    assert [template["id"] for template in templates] == [f"bailiwick.{name}" for name in TYPES]
    assert {str(template["category"]) for template in templates} == {"{'id': 'shop', 'name': 'Shop'}"}
