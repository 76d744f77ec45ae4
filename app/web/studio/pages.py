"""The studio: models with their versions and drafts, the editors, checking and deploying.

The editors talk to the views below `/studio/api` in JSON; the models themselves travel as they are, as XML. Drafts are
in nobody's way: what runs changes by `deploy` only.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Invalid, NotFound
from app.handlers import element_template
from app.runtime import Permission
from app.runtime.people import require
from app.runtime.views import DraftView, ModelKind, ModelView
from app.web.frame import filters
from app.web.frame.current import actor, runtime
from app.web.frame.large import large_work
from app.web.frame.security import allow_inline_styles
from app.web.frame.sending import perform
from app.web.frame.signed_in import signed_in_only
from app.web.studio.comparison import compare
from app.web.studio.starters import NAME, start_model

studio = Blueprint("studio", __name__, url_prefix="/studio")
studio.before_request(signed_in_only)

KINDS = "<any(bpmn, dmn, form, role, hook, cases):kind>"
EDITABLE = (ModelKind.BPMN, ModelKind.DMN)
FOLDERS = {ModelKind.BPMN: "bpmn", ModelKind.DMN: "dmn"}
MIME_TYPES = {ModelKind.BPMN: "application/xml", ModelKind.DMN: "application/xml", ModelKind.FORM: "application/json"}
# The libraries of the canvases use short class names; pages that show one load none but the general stylesheets.
CANVAS_STYLESHEETS = tuple(f"css/{name}.css" for name in ("tokens", "base", "layout", "components"))
TITLES = {
    ModelKind.BPMN: "Processes",
    ModelKind.DMN: "Decisions",
    ModelKind.FORM: "Forms",
    ModelKind.ROLE: "Roles",
    ModelKind.HOOK: "Hooks",
    ModelKind.CASES: "Evaluation cases",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the overview: a model in service, a draft of one, or a draft that has never been deployed."""

    kind: ModelKind
    key: str
    name: str
    model: ModelView | None
    draft: DraftView | None


@studio.before_request
def _may_see() -> None:
    require(actor(), Permission.MODELS_SEE)


# --- pages ---


@studio.get("/")
def overview() -> ResponseReturnValue:
    """All models, each with its version and whether somebody is drafting."""
    groups = [(TITLES[kind], kind, entries) for kind in TITLES if (entries := _entries(kind)) or kind in EDITABLE]
    return render_template("studio/overview.html", groups=groups, may_edit=_may_edit())


@studio.post("/new")
def new() -> ResponseReturnValue:
    """Start a process or a decision as a draft, and open it."""
    kind = _editable(request.form.get("kind", ""))
    name = request.form.get("name", "").strip()
    key = request.form.get("key", "").strip()
    if not NAME.fullmatch(key):
        raise Invalid({"$.key": "Expected a letter followed by letters, digits, dots, hyphens or underscores"})
    if _find_model(kind, key) or _find_draft(kind, key):
        raise Invalid({"$.key": f"Expected a name that is free, but {key} exists already"})
    content = start_model(kind, key, name or key)
    here = url_for("studio.open_model", kind=kind, key=key)
    return perform(lambda: runtime().drafts.save(actor(), kind, key, content), f"{name or key} is now a draft.", here)


@studio.get(f"/{KINDS}/<path:key>")
def open_model(kind: str, key: str) -> ResponseReturnValue:
    """The editor for whoever may edit; the version that is asked for, or the latest, to look at for everybody else."""
    which = ModelKind(kind)
    model = _find_model(which, key)
    draft = _find_draft(which, key)
    if model is None and draft is None:
        raise NotFound(f"Expected a model {key}, but there is none.")
    version = filters.version(request.args.get("version", ""))
    if which in EDITABLE and _may_edit() and version is None and "read" not in request.args:
        allow_inline_styles()
        may_deploy = actor().may(Permission.MODELS_DEPLOY)
        return render_template(
            "studio/editor.html",
            kind=which,
            key=key,
            model=model,
            draft=draft,
            may_deploy=may_deploy,
            stylesheets=CANVAS_STYLESHEETS,
        )
    shown = runtime().deployments.model(which, key, version) if model else None
    if which is ModelKind.DMN:
        allow_inline_styles()
    text = shown.content.decode(errors="replace") if shown and shown.content and which not in EDITABLE else None
    return render_template(
        "studio/viewer.html",
        kind=which,
        key=key,
        model=shown,
        draft=draft,
        text=text,
        stylesheets=CANVAS_STYLESHEETS,
    )


@studio.get(f"/versions/{KINDS}/<path:key>")
def versions(kind: str, key: str) -> ResponseReturnValue:
    """Who deployed which version when and why, newest first, and the choice of two to compare."""
    which = ModelKind(kind)
    found = runtime().deployments.versions(which, key)
    draft = _find_draft(which, key)
    if not found and draft is None:
        raise NotFound(f"Expected a model {key}, but there is none.")
    notes = {deployment.id: deployment.note for deployment in runtime().deployments.list(limit=200)}
    return render_template("studio/versions.html", kind=which, key=key, versions=found, draft=draft, notes=notes)


@studio.get(f"/compare/{KINDS}/<path:key>")
def comparison(kind: str, key: str) -> ResponseReturnValue:
    """Which elements were added, removed and changed from one version to another ("draft" names the draft)."""
    which = _editable(kind)
    sides = request.args.get("before", "1"), request.args.get("after", "draft")
    before, after = (_content(which, key, side) for side in sides)
    with large_work(len(before) + len(after)):
        changes = compare(before, after)
    return render_template(
        "studio/compare.html",
        kind=which,
        key=key,
        sides=sides,
        comparison=changes,
        versions=runtime().deployments.versions(which, key),
        draft=_find_draft(which, key),
    )


@studio.get(f"/content/{KINDS}/<path:key>")
def content(kind: str, key: str) -> ResponseReturnValue:
    """The model itself: `version` is a number or "draft"; without it, the draft if there is one, else the latest."""
    which = ModelKind(kind)
    side = request.args.get("version", "")
    response = Response(_content(which, key, side), content_type=MIME_TYPES.get(which, "text/plain; charset=utf-8"))
    if "download" in request.args:
        suffix = which.value if which in EDITABLE else "txt"
        response.headers.set("Content-Disposition", "attachment", filename=f"{key.rpartition('/')[2]}.{suffix}")
    return response


@studio.post(f"/discard/{KINDS}/<path:key>")
def discard(kind: str, key: str) -> ResponseReturnValue:
    which = _editable(kind)
    return perform(
        lambda: runtime().drafts.discard(actor(), which, key), "The draft is gone.", url_for("studio.overview")
    )


# --- what the editors ask ---


@studio.get("/api/element-templates")
def element_templates() -> ResponseReturnValue:
    """The task handlers of this installation, as the BPMN editor offers them."""
    handlers = runtime().core.registry.values()
    return jsonify([element_template(each) for each in handlers if each.result_kind is None])


@studio.post(f"/api/draft/{KINDS}/<path:key>")
def save_draft(kind: str, key: str) -> ResponseReturnValue:
    saved = runtime().drafts.save(actor(), _editable(kind), key, _posted().encode())
    return jsonify(saved_by=saved.saved_by, saved_at=saved.saved_at.isoformat())


@studio.post(f"/api/check/{KINDS}/<path:key>")
def check(kind: str, key: str) -> ResponseReturnValue:
    """Every problem of the posted content, together with what is deployed. Nothing is written."""
    require(actor(), Permission.MODELS_EDIT)
    which = _editable(kind)
    files = {_path(which, key): _posted().encode()}
    with large_work(len(_posted())):
        found = runtime().deployments.check(files)
    return jsonify(diagnostics=[asdict(diagnostic) for diagnostic in found])


@studio.post(f"/api/deploy/{KINDS}/<path:key>")
def deploy(kind: str, key: str) -> ResponseReturnValue:
    """Take the posted content into service; the draft has then served its purpose."""
    which = _editable(kind)
    path = _path(which, key)
    with large_work(len(_posted())):
        done = runtime().deployments.deploy(actor(), {path: _posted().encode()}, _text("note"))
    if done.proposal is not None:  # the draft stays until somebody else has decided
        return jsonify(
            version=None,
            changed=False,
            proposal=done.proposal,
            location=url_for("roles.proposals"),
            warnings=[asdict(diagnostic) for diagnostic in done.warnings],
        )
    ours = next((model for model in (*done.changed, *done.models) if model.kind is which), None)
    if actor().may(Permission.MODELS_EDIT):
        runtime().drafts.discard(actor(), which, key)
    return jsonify(
        version=ours.version if ours else None,
        changed=bool(done.changed),
        location=url_for("studio.open_model", kind=kind, key=ours.key if ours else key),
        warnings=[asdict(diagnostic) for diagnostic in done.warnings],
    )


# --- what the views share ---


def _may_edit() -> bool:
    return actor().may(Permission.MODELS_EDIT)


def _editable(kind: str) -> ModelKind:
    if kind not in EDITABLE:
        raise NotFound(f"Expected a process or a decision, but {kind!r} cannot be edited here.")
    return ModelKind(kind)


def _posted() -> str:
    return _text("content")


def _text(field: str) -> str:
    body: object = request.get_json()
    text = body.get(field, "") if isinstance(body, dict) else None
    if not isinstance(text, str):
        raise Invalid({f"$.{field}": "Expected text"})
    return text


def _find_model(kind: ModelKind, key: str) -> ModelView | None:
    return next((model for model in runtime().deployments.models(kind) if model.key == key), None)


def _find_draft(kind: ModelKind, key: str) -> DraftView | None:
    return next((draft for draft in _drafts(kind) if draft.name == key), None)


def _drafts(kind: ModelKind) -> Sequence[DraftView]:
    return runtime().drafts.list(actor(), kind) if _may_edit() else ()


def _entries(kind: ModelKind) -> list[Entry]:
    models = {model.key: model for model in runtime().deployments.models(kind)}
    drafts = {draft.name: draft for draft in _drafts(kind)}
    return [
        Entry(kind, key, models[key].name if key in models else key, models.get(key), drafts.get(key))
        for key in sorted(models.keys() | drafts.keys())
    ]


def _content(kind: ModelKind, key: str, side: str) -> bytes:
    if side == "draft" or (not side and _find_draft(kind, key)):
        found = runtime().drafts.get(actor(), kind, key).content
    else:
        found = runtime().deployments.model(kind, key, filters.version(side)).content
    return found or b""


def _path(kind: ModelKind, key: str) -> str:
    """Where the file of this model lies below `models/`."""
    model = _find_model(kind, key)
    if model is None:
        return f"{FOLDERS[kind]}/{key}.{kind.value}"
    return model.file_name if "/" in model.file_name else f"{FOLDERS[kind]}/{model.file_name}"
