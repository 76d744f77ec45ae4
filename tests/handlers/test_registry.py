"""Handlers are found in modules."""

import sys
from pathlib import Path

import pytest

from app.errors import ModelError
from app.handlers import HandlerRegistry

SOURCE = """
from pydantic import BaseModel
from app.handlers import ActionContext, action

class Empty(BaseModel):
    pass

@action("{name}", system="mail", effect="draft")
def handle(request: Empty, context: ActionContext) -> Empty:
    return request
"""


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package `acme_tasks` with the handlers mail.one and mail.two, and a private module."""
    package = tmp_path / "acme_tasks"
    package.mkdir()
    (package / "__init__.py").write_text("from acme_tasks.one import handle\n")
    (package / "one.py").write_text(SOURCE.format(name="mail.one"))
    (package / "two.py").write_text(SOURCE.format(name="mail.two"))
    (package / "_private.py").write_text("raise RuntimeError('a private module is not imported')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.startswith("acme_tasks")]:
        monkeypatch.delitem(sys.modules, name)
    return package


def test_a_package_brings_the_handlers_of_its_public_modules(company: Path) -> None:
    """A new file in the package is enough; a handler that two modules name is one handler."""
    registry = HandlerRegistry()
    registry.load_modules(["acme_tasks"])
    assert list(registry) == ["mail.one", "mail.two"]
    assert registry["mail.two"].system == "mail"
    assert registry.get("mail.three") is None


def test_two_handlers_of_one_action_are_refused(company: Path) -> None:
    """Which of two functions would run must not depend on the import order: the diagnostic names both."""
    (company / "three.py").write_text(SOURCE.format(name="mail.one"))
    with pytest.raises(ModelError, match=r"acme_tasks\.one\.handle and acme_tasks\.three\.handle"):
        HandlerRegistry().load_modules(["acme_tasks"])
