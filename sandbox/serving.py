"""Serving the company over HTTP: for good, or for the length of a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from sandbox.company import create_company


class _Quiet(WSGIRequestHandler):
    """Writes no line per request: whoever wants to know asks for the effects."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


def open_server(database: Path, host: str, port: int) -> BaseWSGIServer:
    """A server that listens already; port 0 takes a free one, which is then its `port`."""
    return make_server(host, port, create_company(database), threaded=True, request_handler=_Quiet)


@contextmanager
def running_company(database: Path, port: int = 0) -> Iterator[str]:
    """The company, served by threads of this process. Yields its address, such as ``http://127.0.0.1:40123``."""
    server = open_server(database, "127.0.0.1", port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="sandbox", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
