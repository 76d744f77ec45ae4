"""From exceptions to answers: a page for people, ``application/problem+json`` (RFC 9457) for programs."""

from dataclasses import asdict

import structlog
from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.errors import Changed, Conflict, Forbidden, Invalid, ModelError, NotFound, Unavailable

log = structlog.get_logger("bailiwick.web")

TITLES = {
    400: "This request cannot be read",
    401: "Sign in first",
    403: "You may not do this",
    404: "There is nothing here",
    405: "This address does not do that",
    409: "Somebody was faster",
    412: "This has changed since",
    413: "This is too large",
    422: "Something does not fit",
    429: "Too many attempts",
    500: "Something broke on our side",
    503: "The platform is not ready",
}
RETRY_AFTER = "5"  # seconds
REMEDIES = {
    400: "Go back, reload the page and try again.",
    403: "If you should be able to, ask an administrator for the right that is named above.",
    404: "The address may be mistyped, or what it named is not for you to see.",
    409: "Go back and look at the present state.",
    412: "Look at the present state, and decide again.",
    429: "Wait a minute, then try again.",
    503: "What you did was not saved. Wait a few seconds, then try again.",
    500: "What you did was not saved. The trace id below helps whoever looks into it.",
}
KEPT_HEADERS = frozenset({"Allow", "Retry-After"})  # of the errors that the framework raises


def register(app: Flask) -> None:
    app.register_error_handler(NotFound, lambda problem: answer(404, str(problem)))
    app.register_error_handler(Forbidden, lambda problem: answer(403, str(problem)))
    app.register_error_handler(Conflict, lambda problem: answer(409, str(problem)))
    app.register_error_handler(Changed, lambda problem: answer(412, f"{problem} {REMEDIES[412]}"))
    app.register_error_handler(Invalid, _invalid)
    app.register_error_handler(ModelError, _model_error)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _our_bug)


def wants_json() -> bool:
    """Whether a program asks: the API always, elsewhere whoever prefers JSON to HTML."""
    if request.blueprint in {"api", "hooks", "health"} or request.path.startswith(("/api/", "/hooks/")):
        return True
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def answer(status: int, detail: str, **more: object) -> Response:
    """An error as the asker understands it."""
    title = TITLES.get(status, "This did not work")
    trace_id = g.get("trace_id", "")
    if wants_json():
        response = jsonify(type="about:blank", title=title, status=status, detail=detail, trace_id=trace_id, **more)
        response.content_type = "application/problem+json"
        response.status_code = status
        return response
    page = render_template(
        "frame/error.html",
        status=status,
        title=title,
        detail=detail,
        remedy=REMEDIES.get(status, ""),
        trace_id=trace_id,
    )
    return make_response(page, status)


def _invalid(problem: Exception) -> ResponseReturnValue:
    assert isinstance(problem, Invalid)  # noqa: S101 - registered for it
    return answer(422, str(problem), problems=problem.problems)


def _model_error(problem: Exception) -> ResponseReturnValue:
    assert isinstance(problem, ModelError)  # noqa: S101 - registered for it
    diagnostics = [asdict(diagnostic) for diagnostic in problem.diagnostics]
    return answer(422, f"{len(diagnostics)} problems in the models; nothing was changed.", diagnostics=diagnostics)


def _unavailable(problem: Exception) -> ResponseReturnValue:
    """The database is away, full or locked: no defect, and worth another try."""
    log.warning("database cannot be had", path=request.path, reason=str(problem))
    g.is_broken = True  # the error page must not ask the runtime again
    response = answer(503, str(problem))
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def _csrf(problem: Exception) -> ResponseReturnValue:
    return answer(400, f"{getattr(problem, 'description', 'The form has no valid token.')}")


def _http(problem: Exception) -> ResponseReturnValue:
    assert isinstance(problem, HTTPException)  # noqa: S101 - registered for it
    status = problem.code or 500
    if status < 400:
        return problem.get_response()
    response = answer(status, "" if status == 429 else problem.description or "")
    response.headers.extend((name, text) for name, text in problem.get_headers() if name in KEPT_HEADERS)
    return response


def _our_bug(problem: Exception) -> ResponseReturnValue:
    log.error("a defect", path=request.path, exc_info=problem)
    g.is_broken = True  # the error page must not ask the runtime again
    return answer(500, "The platform met a case that it does not handle.")
