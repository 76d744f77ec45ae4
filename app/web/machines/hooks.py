"""Webhooks: ``POST /hooks/<name>``. Everything is decided by `runtime.hooks`; here it is turned into an answer."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from app.errors import NotFound
from app.web.frame.current import runtime
from app.web.frame.request_log import set_trace
from app.web.frame.security import csrf

hooks = Blueprint("hooks", __name__)
csrf.exempt(hooks)  # callers are machines; the signature protects

SIGNATURE_HEADER = "X-Bailiwick-Signature"
REPLAYED_HEADER = "Idempotency-Replayed"  # beside the first answer, given again
KEY_HEADER = "Idempotency-Key"
WORDS = {
    202: "accepted",
    400: "the body does not fit",
    401: "the signature does not fit",
    404: "there is no such hook",
    409: "the key had another body",
    413: "the body is too large",
}


@hooks.post("/hooks/<name>")
def call(name: str) -> ResponseReturnValue:
    """202 with the delivery's id; 400 with the fields that do not fit; 401; 404; 413. Only 202 has stored anything."""
    try:
        request.max_content_length = runtime().hooks.max_bytes(name)
        body = request.get_data(cache=False)
    except NotFound:
        return _refused(404, {})
    except RequestEntityTooLarge:
        return _refused(413, {})
    receipt = runtime().hooks.accept(name, body, request.headers.get(SIGNATURE_HEADER), request.headers.get(KEY_HEADER))
    if receipt.trace_id:
        set_trace(receipt.trace_id)
    if receipt.status_code != 202:
        return _refused(receipt.status_code, dict(receipt.problems))
    answer = jsonify(delivery_id=receipt.delivery_id, trace_id=receipt.trace_id)
    if not receipt.first:
        answer.headers[REPLAYED_HEADER] = "true"
    return answer, 202


def _refused(status: int, problems: dict[str, str]) -> ResponseReturnValue:
    return jsonify(status=status, title=WORDS.get(status, "refused"), problems=problems), status
