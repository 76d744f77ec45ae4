"""A small server for single pages: the built bundles and whatever a test puts there, under the strict policy."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from tests.frontend.bundles import BUILT

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'"
)
TYPES = {"js": "text/javascript", "css": "text/css", "json": "application/json", "html": "text/html; charset=utf-8"}


class Site:
    """`pages` maps a path to its content; what is not in it is looked for among the bundles."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {"/favicon.ico": b""}
        self.asked: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def show(self, path: str, body: str, *bundles: str, attributes: str = "") -> str:
        """Put a page there that loads these bundles; answers its address."""
        styles = "".join(f'<link rel="stylesheet" href="/{name}.css">' for name in bundles)
        scripts = "".join(f'<script defer src="/{name}.js"></script>' for name in bundles)
        head = f'<meta charset="utf-8"><title>Test</title>{styles}{scripts}'
        self.pages[path] = (
            f'<!doctype html><html lang="en" {attributes}><head>{head}</head><body>{body}</body></html>'.encode()
        )
        return self.address + path

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.split("?")[0]
                site.asked.append(path)
                file = BUILT / path.removeprefix("/")
                content = site.pages.get(path) if path in site.pages else file.read_bytes() if file.is_file() else None
                suffix = path.rpartition(".")[2] if "." in path else "html"
                self.send_response(200 if content is not None else 404)
                self.send_header("Content-Type", TYPES.get(suffix, "application/octet-stream"))
                self.send_header("Content-Security-Policy", STRICT)
                self.end_headers()
                self.wfile.write(content or b"")

            def log_message(self, *_: object) -> None:
                """The test's own output is enough."""

        return Handler
