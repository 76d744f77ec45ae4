"""The evidence of a case in the five stages: a page that prints, and the pack as JSON and as JSON lines."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app import feel
from app.runtime.views import Stage
from app.web.frame.current import actor, runtime
from app.web.frame.representing import represent
from app.web.frame.signed_in import signed_in_only

evidence = Blueprint("evidence", __name__, url_prefix="/evidence")
evidence.before_request(signed_in_only)

QUESTIONS = {
    Stage.TRIGGER: "What happened?",
    Stage.UNDERSTAND: "What was gathered and checked?",
    Stage.DECIDE: "Who or what decided, by which rules?",
    Stage.ACT: "What was done, and who allowed it?",
    Stage.VERIFY: "Did it really happen?",
}


@evidence.get("/<instance_id>")
def page(instance_id: str) -> ResponseReturnValue:
    pack = represent(runtime().evidence.pack(actor(), instance_id))
    return render_template("audit/evidence.html", pack=pack, questions=QUESTIONS, instance_id=instance_id)


@evidence.get("/<instance_id>/pack.json")
def pack(instance_id: str) -> ResponseReturnValue:
    """The whole pack as one JSON document."""
    text = feel.json_dumps(represent(runtime().evidence.pack(actor(), instance_id)))
    return _download(text, "application/json", f"evidence-{instance_id}.json")


@evidence.get("/<instance_id>/lines.jsonl")
def lines(instance_id: str) -> ResponseReturnValue:
    """One JSON line per action, for a warehouse."""
    text = "".join(f"{line}\n" for line in runtime().evidence.lines(actor(), instance_id))
    return _download(text, "application/jsonl", f"evidence-{instance_id}.jsonl")


def _download(text: str, kind: str, name: str) -> Response:
    response = Response(text, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
