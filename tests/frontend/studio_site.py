"""The real application on a database of its own: our models are deployed, the demonstration's people are there."""

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from app.assembly import open_runtime
from app.cli.demonstration import PASSWORD, create_people
from app.model_files import read_models
from app.runtime import SYSTEM, Runtime
from app.settings import Settings
from app.store.migrations import upgrade
from app.web import create_app
from tests.frontend.bundles import MODELS

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


class StudioSite:
    """`runtime` looks at the same database from outside the application."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(_prepared().name, folder, dirs_exist_ok=True)
        self.runtime: Runtime = open_runtime(_settings(folder))
        self.app = create_app(_settings(folder))
        self.address = ""

    def client(self, person: str) -> "Client":
        return Client(self.app.test_client(), person)

    def open(self, context: BrowserContext, person: str) -> Page:
        """A page of this person's browser, signed in."""
        page = context.new_page()
        page.goto(f"{self.address}/sign-in")
        page.get_by_label("Name").fill(person)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    @contextmanager
    def serving(self) -> Iterator[None]:
        server = make_server("127.0.0.1", 0, self.app, threaded=True, request_handler=Quiet)
        self.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


def _settings(folder: Path) -> Settings:
    return Settings(demo=True, data_folder=folder, task_modules=("tasks",))


@cache
def _prepared() -> TemporaryDirectory[str]:
    """The data folder that every test begins with: made once, copied for each."""
    folder = TemporaryDirectory(prefix="bailiwick-studio-")
    settings = _settings(Path(folder.name))
    upgrade(settings.database)
    runtime = open_runtime(settings)
    create_people(runtime)
    runtime.deployments.deploy(SYSTEM, read_models([MODELS]), "as in the repository")
    runtime.core.store.engine.dispose()  # SQLite's journal goes into the file
    return folder


class Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """The application logs each request itself."""


class Client:
    """Requests as a signed-in person, with the token that changing ones need."""

    def __init__(self, client: FlaskClient, person: str) -> None:
        self.raw = client
        self._token = _token_of(client.get("/sign-in").text)
        answer = self.post("/sign-in", name=person, password=PASSWORD)
        assert answer.status_code == 303, answer.text
        self._token = _token_of(client.get("/studio/").text) or self._token

    def get(self, path: str, status: int = 200) -> str:
        answer = self.raw.get(path)
        assert answer.status_code == status, answer.text
        return answer.text

    def post(self, path: str, **fields: str):  # type: ignore[no-untyped-def]  # werkzeug's TestResponse
        return self.raw.post(path, data={"csrf_token": self._token, **fields})

    def ask(self, path: str, status: int = 200, **body: object) -> dict[str, object]:
        """Post JSON as the editors do."""
        headers = {"X-CSRFToken": self._token, "Accept": "application/json"}
        answer = self.raw.post(path, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        found: dict[str, object] = answer.get_json()
        return found


def _token_of(page: str) -> str:
    match = TOKEN.search(page)
    return match.group(1) if match else ""
