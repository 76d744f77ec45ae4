"""One migrated database with people and models for the whole run; each test gets a copy: none waits for another."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.model_files import read_models
from app.runtime import SYSTEM
from app.settings import Settings
from app.store.migrations import upgrade
from app.web import create_app
from sandbox import running_company
from tests.web.site import PASSWORD, PEOPLE, Queue, Site, Visitor, copy_of

MODELS = Path(__file__).parents[2] / "models"
SYSTEMS = ("crm", "billing", "helpdesk", "mail")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared") / "var"
    settings = Settings(demo=True, data_folder=folder, task_modules=("tasks",))
    folder.mkdir()
    upgrade(settings.database)
    site = open_site(settings)
    for name, (role, groups) in PEOPLE.items():
        site.runtime.people.create(SYSTEM, name, PASSWORD, display_name=name.title(), roles=(role,), groups=groups)
    site.runtime.deployments.deploy(SYSTEM, read_models([MODELS]), "for the tests")
    site.runtime.core.store.engine.dispose()
    return folder


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The sandbox company, over real HTTP."""
    database = tmp_path_factory.mktemp("company") / "company.sqlite"
    with running_company(database) as address, httpx.Client(base_url=address, trust_env=False) as client:
        yield client


@pytest.fixture
def site(prepared: Path, company: httpx.Client, tmp_path: Path) -> Iterator[Site]:
    folder = tmp_path / "var"
    copy_of(prepared, folder)
    tasks = {system: {"base_url": str(company.base_url.join(system))} for system in SYSTEMS}
    site = open_site(Settings(demo=True, data_folder=folder, task_modules=("tasks",), tasks=tasks))
    yield site
    site.runtime.core.store.engine.dispose()


@pytest.fixture
def anna(site: Site) -> Visitor:
    return site.visitor("anna")


@pytest.fixture
def carla(site: Site) -> Visitor:
    return site.visitor("carla")


def open_site(settings: Settings) -> Site:
    queue = Queue()
    app = create_app(settings, queue)
    return Site(app, app.extensions["bailiwick"], settings, queue)
