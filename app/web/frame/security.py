"""Protection that every answer carries: security headers, the content security policy, CSRF tokens.

Two kinds of page exist: those under the strict policy, and the editors, whose libraries write style attributes
(`allow_inline_styles`). Scripts come from our own files everywhere.
"""

from flask import Flask, Response, abort, g, request
from flask_wtf.csrf import CSRFProtect

from app.runtime import WITHOUT_NUL, has_nul

csrf = CSRFProtect()

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "manifest-src": "'self'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HTTPS_FOR_A_YEAR = "max-age=31536000; includeSubDomains"


RAW_BODIES = frozenset({"api", "hooks"})  # what they are sent is theirs to read, whatever its type is said to be


def register(app: Flask) -> None:
    app.before_request(_refuse_nul)
    csrf.init_app(app)
    app.after_request(_protect)


def allow_inline_styles() -> None:
    """The page of this request may carry style attributes. For editors only; call it in the view."""
    g.inline_styles = True


def _refuse_nul() -> None:
    """U+0000 is no part of any text of ours, and PostgreSQL cannot store it: said here rather than there."""
    form = () if request.blueprint in RAW_BODIES else request.form.values()
    if has_nul([request.path, *request.args.values(), *form]):
        abort(400, WITHOUT_NUL)


def _protect(response: Response) -> Response:
    policy = dict(POLICY)
    if g.get("inline_styles"):
        policy["style-src"] = "'self' 'unsafe-inline'"
    response.headers["Content-Security-Policy"] = "; ".join(f"{name} {value}" for name, value in policy.items())
    for name, value in HEADERS.items():
        response.headers[name] = value
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = HTTPS_FOR_A_YEAR
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")  # pages hold personal data
    return response
