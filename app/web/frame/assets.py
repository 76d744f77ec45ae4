"""Addresses of stylesheets, scripts and pictures, with a hash of the content: browsers may keep them for good."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request, url_for

STATIC = Path(__file__).parents[1] / "static"
BUILT = STATIC / "build"  # the front end's bundles; the other files of `static` are sources
STYLESHEETS = ("tokens", "base", "layout", "components", "inbox", "operate", "print")
A_YEAR_SECONDS = 365 * 24 * 3600


def register(app: Flask) -> None:
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["stylesheets"] = tuple(f"css/{name}.css" for name in STYLESHEETS)
    app.after_request(_keep_hashed)


def asset(name: str) -> str:
    """The address of a bundle ("viewer.js") or of a file below `static` ("css/base.css")."""
    path = f"build/{name}" if (BUILT / name).is_file() else name
    file = STATIC / path
    return url_for("static", filename=path, v=_digest(file, file.stat().st_mtime_ns) if file.is_file() else None)


@lru_cache(maxsize=256)
def _digest(file: Path, _modified: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def _keep_hashed(response: Response) -> Response:
    if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR_SECONDS}, immutable"
    return response
