"""`app.web.studio` over HTTP: models, versions, drafts, checks, deployments. The editors are in tests/frontend."""

from pathlib import Path

import pytest

from app.runtime import SYSTEM
from app.runtime.views import ModelKind
from tests.frontend.bundles import MODELS
from tests.frontend.studio_site import StudioSite

REFUND = "bpmn/support-refund"
PROCESS = (MODELS / "bpmn" / "support-refund.bpmn").read_text()
CHANGED = PROCESS.replace("PT4H", "PT2H")
BROKEN = PROCESS.replace('targetRef="fetch-charge"', 'targetRef="nowhere"')


@pytest.fixture
def site(tmp_path: Path) -> StudioSite:
    return StudioSite(tmp_path)


def test_the_overview_lists_every_model(site: StudioSite) -> None:
    """Processes, decisions, forms, roles and hooks, each with its version."""
    page = site.client("dora").get("/studio/")
    for name in ("Support refund", "refund-eligibility", "decide-by-hand", "support-refunds", "refund-requested"):
        assert name in page


@pytest.mark.parametrize("path", ["/studio/", f"/studio/{REFUND}", "/studio/api/element-templates"])
def test_who_may_not_see_models_sees_none(site: StudioSite, path: str) -> None:
    """An approver works in the inbox; the studio answers 403, and strangers are asked to sign in."""
    site.client("anna").get(path, 403)
    assert site.app.test_client().get(path).status_code == 303


def test_an_auditor_looks_and_does_not_edit(site: StudioSite) -> None:
    """The same address shows the viewer instead of the editor, and the server refuses what the page does not offer."""
    emil = site.client("emil")
    page = emil.get(f"/studio/{REFUND}")
    assert "data-bpmn-viewer" in page
    assert "data-editor" not in page
    emil.ask(f"/studio/api/check/{REFUND}", 403, content=PROCESS)
    emil.ask(f"/studio/api/draft/{REFUND}", 403, content=PROCESS)
    emil.ask(f"/studio/api/deploy/{REFUND}", 403, content=CHANGED, note="no")
    assert site.runtime.deployments.model(ModelKind.BPMN, "support-refund").version == 1


def test_only_the_editors_may_have_inline_styles(site: StudioSite) -> None:
    """Their libraries need it; every other page has the strict policy, and no page may evaluate text."""
    client = site.app.test_client()
    assert "unsafe" not in client.get("/sign-in").headers["Content-Security-Policy"]
    dora = site.client("dora")
    strict = dora.raw.get("/studio/").headers["Content-Security-Policy"]
    editor = dora.raw.get(f"/studio/{REFUND}").headers["Content-Security-Policy"]
    assert "unsafe" not in strict
    assert "style-src 'self' 'unsafe-inline'" in editor
    assert "unsafe-eval" not in editor


def test_a_draft_changes_nothing_that_runs(site: StudioSite) -> None:
    """It is what the editor opens next; what is deployed stays."""
    dora = site.client("dora")
    saved = dora.ask(f"/studio/api/draft/{REFUND}", content=CHANGED)
    assert saved["saved_by"] == "dora"
    assert dora.get(f"/studio/content/{REFUND}") == CHANGED
    assert dora.get(f"/studio/content/{REFUND}?version=1") == PROCESS
    assert site.runtime.deployments.model(ModelKind.BPMN, "support-refund").content == PROCESS.encode()


def test_a_draft_can_be_thrown_away(site: StudioSite) -> None:
    dora = site.client("dora")
    dora.ask(f"/studio/api/draft/{REFUND}", content=CHANGED)
    assert dora.post(f"/studio/discard/{REFUND}").status_code == 303
    assert dora.get(f"/studio/content/{REFUND}") == PROCESS


def test_a_check_tells_every_problem_with_its_element(site: StudioSite) -> None:
    """All at once, and nothing is written."""
    dora = site.client("dora")
    twice_wrong = PROCESS.replace("=review.check", "=review.check and").replace(
        'decisionId="reply-review"', 'decisionId="gone"'
    )
    found = dora.ask(f"/studio/api/check/{REFUND}", content=twice_wrong)["diagnostics"]
    assert isinstance(found, list)
    assert len(found) >= 2
    assert "check" in {problem["element_id"] for problem in found}
    assert all(problem["message"] and problem["code"] for problem in found)
    assert dora.ask(f"/studio/api/check/{REFUND}", content=PROCESS)["diagnostics"] == []


@pytest.mark.parametrize("nonsense", ["", "no XML", "<x", '<?xml version="1.0"?><y/>'])
def test_what_is_no_model_is_a_problem_and_not_a_crash(site: StudioSite, nonsense: str) -> None:
    dora = site.client("dora")
    assert dora.ask(f"/studio/api/check/{REFUND}", content=nonsense)["diagnostics"]
    assert dora.ask(f"/studio/api/deploy/{REFUND}", 422, content=nonsense, note="")["diagnostics"]


def test_deploying_makes_a_version_and_uses_up_the_draft(site: StudioSite) -> None:
    """The note says why; the version before is still there."""
    dora = site.client("dora")
    dora.ask(f"/studio/api/draft/{REFUND}", content=CHANGED)
    done = dora.ask(f"/studio/api/deploy/{REFUND}", content=CHANGED, note="People answer within two hours")
    assert (done["version"], done["changed"]) == (2, True)
    latest = site.runtime.deployments.model(ModelKind.BPMN, "support-refund")
    assert (latest.version, latest.content, latest.deployed_by) == (2, CHANGED.encode(), "dora")
    assert site.runtime.drafts.list(SYSTEM, ModelKind.BPMN) == []
    page = dora.get(f"/studio/versions/{REFUND}")
    assert "People answer within two hours" in page
    assert dora.get(f"/studio/content/{REFUND}?version=1") == PROCESS


def test_deploying_a_broken_model_changes_nothing(site: StudioSite) -> None:
    """It is refused with its problems; version and draft stay."""
    dora = site.client("dora")
    dora.ask(f"/studio/api/draft/{REFUND}", content=BROKEN)
    refused = dora.ask(f"/studio/api/deploy/{REFUND}", 422, content=BROKEN, note="oops")
    assert refused["diagnostics"]
    assert site.runtime.deployments.model(ModelKind.BPMN, "support-refund").version == 1
    assert dora.get(f"/studio/content/{REFUND}") == BROKEN


def test_deploying_the_same_again_is_no_new_version(site: StudioSite) -> None:
    done = site.client("dora").ask(f"/studio/api/deploy/{REFUND}", content=PROCESS, note="")
    assert (done["version"], done["changed"]) == (1, False)


def test_versions_are_compared_by_elements(site: StudioSite) -> None:
    """The page tells the property with both values; the draft can be one of the sides."""
    dora = site.client("dora")
    dora.ask(f"/studio/api/draft/{REFUND}", content=CHANGED)
    page = dora.get(f"/studio/compare/{REFUND}?before=1&after=draft")
    assert "Decide by hand" in page
    assert "PT4H" in page
    assert "PT2H" in page


@pytest.mark.parametrize(("kind", "key"), [("bpmn", "invoice"), ("dmn", "discount")])
def test_a_new_model_is_a_draft_that_can_be_deployed(site: StudioSite, kind: str, key: str) -> None:
    """From the name to the first version without a problem on the way."""
    dora = site.client("dora")
    made = dora.post("/studio/new", kind=kind, key=key, name="Something <new>")
    assert made.headers["Location"] == f"/studio/{kind}/{key}"
    content = dora.get(f"/studio/content/{kind}/{key}")
    assert dora.ask(f"/studio/api/check/{kind}/{key}", content=content)["diagnostics"] == []
    assert dora.ask(f"/studio/api/deploy/{kind}/{key}", content=content, note="first")["version"] == 1


@pytest.mark.parametrize("fields", [{"key": "1st"}, {"key": "../x"}, {"key": "support-refund"}, {"kind": "role"}])
def test_a_new_model_needs_a_free_and_proper_id(site: StudioSite, fields: dict[str, str]) -> None:
    answer = site.client("dora").post("/studio/new", **{"kind": "bpmn", "key": "ok", "name": "x", **fields})
    assert answer.status_code in {404, 422}
    assert site.runtime.drafts.list(SYSTEM) == []


def test_a_changing_request_needs_its_token(site: StudioSite) -> None:
    """A page of somebody else cannot deploy in a signed-in person's name."""
    dora = site.client("dora")
    answer = dora.raw.post(f"/studio/api/deploy/{REFUND}", json={"content": CHANGED, "note": ""})
    assert answer.status_code == 400
    assert site.runtime.deployments.model(ModelKind.BPMN, "support-refund").version == 1


def test_task_handlers_are_element_templates(site: StudioSite) -> None:
    """What a developer wrote is what an analyst can choose."""
    templates = site.client("dora").raw.get("/studio/api/element-templates").get_json()
    assert "bailiwick.billing.refund" in {template["id"] for template in templates}


@pytest.mark.parametrize("path", ["bpmn/nothing", f"{REFUND}?version=99", "nonsense/x"])
def test_what_is_not_there_is_said(site: StudioSite, path: str) -> None:
    assert "nothing" in site.client("dora").get(f"/studio/{path}", 404)


def test_other_documents_are_shown_as_they_are(site: StudioSite) -> None:
    """Roles and hooks are files: the studio shows them, the repository changes them."""
    dora = site.client("dora")
    for model in site.runtime.deployments.models():
        page = dora.get(f"/studio/{model.kind}/{model.key}")
        if model.kind is ModelKind.HOOK:
            assert "additionalProperties" in page
