"""Mistakes in role documents: each is one diagnostic with its place, and all are reported at once."""

import hashlib
import re
from dataclasses import replace

import pytest

from app.errors import Diagnostic, Severity
from app.roles import ActionInfo, compile_roles
from tests.roles.conftest import ACTIONS, Documents


def compile_with(documents: Documents, file: str, old: str, new: str) -> list[Diagnostic]:
    content = documents[file].decode()
    assert old in content
    compiled = compile_roles({**documents, file: content.replace(old, new, 1).encode()}, ACTIONS)
    assert not compiled.mandates or not compiled.diagnostics
    return list(compiled.diagnostics)


MISTAKES = [  # file, what is replaced, by what, code, path
    # the schema
    ("company.yaml", "currency: EUR", "currency: euro", "roles.misfit", "$.currency"),
    ("company.yaml", "currency: EUR", "curency: EUR", "roles.missing", "$.currency"),
    ("job.yaml", "risk_tier: 2", "risk_tier: 5", "roles.misfit", "$.risk_tier"),
    ("job.yaml", "tier: instant}", "tier: at-once}", "roles.misfit", "$.actions[1].gates[2].tier"),
    ("job.yaml", "gates:", "gate:", "roles.unknown-key", "$.actions[1].gate"),
    ("job.yaml", "kind: job-role", "kind: jobrole", "roles.kind", "$.kind"),
    ("job.yaml", "{last: 2026-01-01", "{last: 2026-13-01", "roles.misfit", "$.review.last"),
    # names
    ("company.yaml", "on_call: anna", "on_call: anne", "roles.unknown", "$.groups.approvers.on_call"),
    ("company.yaml", "[femi]", "[fem]", "roles.unknown", "$.people.anna.substitutes[0]"),
    ("company.yaml", "Europe/Berlin", "Europe/Berln", "roles.time-zone", "$.calendar.time_zone"),
    ("company.yaml", "opens: 09:00", "opens: 18:00", "roles.no-business-hours", "$.calendar"),
    ("integrations.yaml", "on_call: leads", "on_call: lead", "roles.unknown", "$.systems.billing.on_call"),
    (
        "integrations.yaml",
        "billing.look, system: billing",
        "billing.look, system: bill",
        "roles.unknown",
        "$.actions[0].system",
    ),
    (
        "integrations.yaml",
        "helpdesk.draft, system: helpdesk",
        "helpdesk.draft, system: billing",
        "roles.other-system",
        "$.actions[2].system",
    ),
    ("integrations.yaml", "mode: draft", "mode: final", "roles.other-effect", "$.actions[2].mode"),
    (
        "integrations.yaml",
        "mode: draft, verification: none",
        "mode: draft, verification: read-back",
        "roles.no-verification",
        "$.actions[2].verification",
    ),
    (
        "integrations.yaml",
        "verification: read-back",
        "verification: none",
        "roles.fire-and-forget",
        "$.actions[1].gates[2].tier",
    ),
    (
        "integrations.yaml",
        "mode: draft, verification: none",
        "mode: draft, verification: none, undo: tear it up",
        "roles.no-undo",
        "$.actions[2].undo",
    ),
    ("job.yaml", "approver: leads", "approver: lead", "roles.unknown", "$.actions[1].gates[0].approver"),
    ("job.yaml", "responsible: ben", "responsible: benn", "roles.unknown", "$.people.responsible"),
    ("job.yaml", "work_roles: [refunds]", "work_roles: [refund]", "roles.unknown", "$.work_roles[0]"),
    # FEEL
    ("job.yaml", "value: request.amount", "value: request.amount +", "roles.feel", "$.actions[1].value"),
    ("job.yaml", "value: request.amount", "value: amount", "roles.unknown-name", "$.actions[1].value"),
    ("job.yaml", "refund.instant_up_to", "refund.instantly", "roles.unknown-threshold", "$.actions[1].gates[1].when"),
    ("refunds.yaml", "result.amount = request.amount", "result.amount =", "roles.feel", "$.actions[1].checks[2].test"),
    (
        "refunds.yaml",
        "test: decision.outcome",
        "test: result.outcome",
        "roles.unknown-name",
        "$.actions[1].checks[0].test",
    ),
    (
        "job.yaml",
        "when: request.amount > company.thresholds.refund.fast",
        "when: request.amuont > company.thresholds.refund.fast",
        "roles.unknown-field",
        "$.actions[1].gates[0].when",
    ),
    (
        "integrations.yaml",
        "test: request.amount",
        "test: request.amuont",
        "roles.unknown-field",
        "$.actions[1].ceilings[0].test",
    ),
    (
        "refunds.yaml",
        "test: result.amount",
        "test: result.amuont",
        "roles.unknown-field",
        "$.actions[1].checks[2].test",
    ),
    (
        "job.yaml",
        "value: request.amount",
        "value: request.amount * company.rate",
        "roles.unknown-field",
        "$.actions[1].value",
    ),
    (
        "job.yaml",
        "value: request.amount",
        "value: sum(for x in [1] return request.amuont)",
        "roles.unknown-field",
        "$.actions[1].value",
    ),
    # what limits count
    ("job.yaml", "    value: request.amount\n", "", "roles.no-value", "$.actions[1]"),
    ("job.yaml", "    subject: variables.customer\n", "", "roles.no-subject", "$.actions[1]"),
    (
        "refunds.yaml",
        "    grant: act\n    checks",
        "    grant: act\n    value: request.amount * 2\n    checks",
        "roles.widens",
        "$.actions[1].value",
    ),
    (
        "refunds.yaml",
        "    grant: act\n    checks",
        "    grant: act\n    decision: other\n    checks",
        "roles.widens",
        "$.actions[1].decision",
    ),
    # names of a WorkRole
    (
        "refunds.yaml",
        "tier: full_review}",
        "tier: full_review, approver: lead}",
        "roles.unknown",
        "$.approvals[0].approver",
    ),
    (
        "refunds.yaml",
        "- {action: billing.refund, when",
        "- {action: billing.refunds, when",
        "roles.unknown",
        "$.approvals[0].action",
    ),
    ("refunds.yaml", "source: billing", "source: biling", "roles.unknown", "$.inputs[0].source"),
    ("refunds.yaml", "name: reversal-rate", "name: reversal-rat", "roles.misfit", "$.metrics[0].name"),
    # gates
    (
        "job.yaml",
        "{id: instant, tier: instant}",
        "{id: instant, when: true, tier: instant}",
        "roles.open-gates",
        "$.actions[1].gates[2].when",
    ),
    (
        "job.yaml",
        "when: request.amount > company.thresholds.refund.fast_track_up_to, ",
        "",
        "roles.unreachable-gate",
        "$.actions[1].gates[0]",
    ),
    ("job.yaml", ", approver: leads", "", "roles.no-approver", "$.actions[1].gates[0]"),
    ("job.yaml", "{id: fast,", "{id: full,", "roles.gate-twice", "$.actions[1].gates[1].id"),
    ("job.yaml", "tier: full_review", "tier: fast_track", "roles.weaker-gates", "$.actions[1]"),
    (
        "job.yaml",
        "tier: full_review, approver: leads",
        "tier: full_review, approver: leads, four_eyes: false",
        "roles.widens",
        "$.actions[1].gates[0].four_eyes",
    ),
    (
        "refunds.yaml",
        "tier: full_review}",
        "tier: full_review, approvals: 2}",
        "roles.widens",
        "$.actions[1].gates[0].approvals",
    ),
    (
        "refunds.yaml",
        "tier: full_review}",
        "tier: full_review, approver: approvers}",
        "roles.widens",
        "$.actions[1].gates[0].approver",
    ),
    (
        "job.yaml",
        "holders: [approvers]",
        "holders: [approvers, leads]",
        "roles.own-approver",
        "$.actions[1].gates[0].approver",
    ),
    # narrowing, never widening
    ("job.yaml", "risk_tier: 2", "risk_tier: 1", "roles.lower-risk-tier", "$.risk_tier"),
    ("refunds.yaml", "autonomy: full", "autonomy: supervised", "roles.widens", "$.autonomy"),
    (
        "refunds.yaml",
        "{action: billing.look, grant: act}",
        "{action: helpdesk.draft, grant: act}",
        "roles.widens",
        "$.actions[0].action",
    ),
    (
        "refunds.yaml",
        "{action: billing.look, grant: act}",
        "{action: billing.look, grant: draft}",
        "roles.widens",
        "$.actions[0].grant",
    ),
    ("refunds.yaml", "right: alone", "right: suggest", "roles.widens", "$.decisions[0].right"),
    ("refunds.yaml", "{decision: eligibility", "{decision: other", "roles.widens", "$.decisions[0].decision"),
    ("job.yaml", "act: 0.9", "act: 0.7", "roles.widens", "$.decisions[0].confidence"),
    ("job.yaml", ", confidence: {act: 0.9, suggest: 0.6}", "", "roles.widens", "$.decisions[0].confidence"),
    ("job.yaml", "max_age: PT30M", "max_age: PT2H", "roles.widens", "$.inputs[0].max_age"),
    ("job.yaml", ", max_age: PT30M", "", "roles.widens", "$.inputs[0].max_age"),
    ("job.yaml", "source: billing", "source: crm", "roles.widens", "$.inputs[0].source"),
    (
        "job.yaml",
        "name: per-customer, window: P30D, count: 2",
        "name: a-day, window: P1D, count: 4, value: 100",
        "roles.widens",
        "$.actions[1].limits[0]",
    ),
    (
        "job.yaml",
        "    gates:",
        "    checks: [{name: decided, test: true}]\n    gates:",
        "roles.widens",
        "$.actions[1].checks[0].name",
    ),
    (
        "job.yaml",
        "evidence:",
        "metrics: [{name: reversal-rate, maximum: 0.05}]\nevidence:",
        "roles.widens",
        "$.metrics[0]",
    ),
    # risk tiers
    ("job.yaml", "quality-review: five a week", "code-owners: finance", "roles.control", "$.controls"),
    # the answer sheet
    ("job.yaml", "  accountable: femi\n", "", "roles.no-answer", "$.people.accountable"),
    ("job.yaml", "  holders: [approvers]\n", "", "roles.no-answer", "$.people.holders"),
    ("job.yaml", "review: {last: 2026-01-01, by: femi}\n", "", "roles.no-answer", "$.review"),
    ("job.yaml", "  policy: {policy: it escalates, to: leads}\n", "", "roles.no-answer", "$.exceptions.policy"),
    ("job.yaml", "  paged: [leads]\n", "", "roles.no-answer", "$.operations.paged"),
    ("job.yaml", "  breaks: refunds wait\n", "", "roles.no-answer", "$.operations.breaks"),
    ("job.yaml", "  rollback: {how: undo them, within: PT15M}\n", "", "roles.no-answer", "$.operations.rollback"),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), [(*m[:3], m[3:]) for m in MISTAKES])
def test_a_mistake_is_reported_where_it_stands(
    documents: Documents, file: str, old: str, new: str, expected: tuple[str, str]
) -> None:
    """Every mistake names its code and the path of the value, in a file and a line; no mandate comes of it."""
    diagnostics = compile_with(documents, file, old, new)
    assert expected in [(each.code, each.element_id) for each in diagnostics]
    assert all(each.file and each.line and each.message.startswith("Expected") for each in diagnostics)


def test_the_documents_compile(documents: Documents) -> None:
    """The documents that the mistakes are made in have none."""
    compiled = compile_roles(documents, ACTIONS)
    assert compiled.diagnostics == ()
    assert list(compiled.mandates) == ["support-refunds"]
    assert compiled.company is not None
    assert compiled.company.version == "1.10"


def test_all_mistakes_are_reported_at_once(documents: Documents) -> None:
    """One run shows mistakes of every stage and file, in the order of the files and lines."""
    changed = {
        **documents,
        "company.yaml": documents["company.yaml"].replace(b"on_call: anna", b"on_call: anne"),
        "job.yaml": documents["job.yaml"]
        .replace(b"act: 0.9", b"act: 0.7")
        .replace(b"quality-review", b"code-owners")
        .replace(b"  paged: [leads]\n", b""),
    }
    found = compile_roles(changed, ACTIONS).diagnostics
    assert [each.code for each in found] == ["roles.unknown", "roles.control", "roles.widens", "roles.no-answer"]


def test_line_and_column_lead_to_the_value(documents: Documents) -> None:
    """The place is that of the key in the file, counted from 1."""
    (found,) = compile_with(documents, "job.yaml", "value: request.amount", "value: amount")
    lines = documents["job.yaml"].decode().splitlines()
    assert lines[(found.line or 0) - 1][(found.column or 0) - 1 :].startswith("value:")
    assert found.remedy == "Write request.amount or variables.amount."


def test_a_misspelt_key_gets_a_suggestion(documents: Documents) -> None:
    """Whoever writes `gate` meant `gates`."""
    found = compile_with(documents, "job.yaml", "gates:", "gate:")
    assert "Did you mean gates?" in [each.remedy for each in found]


def test_an_action_without_a_handler_is_unknown(documents: Documents) -> None:
    """What no task handler can do cannot be granted."""
    fewer = {name: info for name, info in ACTIONS.items() if name != "billing.look"}
    codes = [(each.code, each.element_id) for each in compile_roles(documents, fewer).diagnostics]
    assert ("roles.unknown", "$.actions[0].action") in codes


def test_a_handler_that_lost_its_undo_is_noticed(documents: Documents) -> None:
    """The integration kit promises an undo; the handler must keep the promise."""
    changed = {
        **ACTIONS,
        "billing.refund": ActionInfo("billing.refund", "billing", "write", reversible=False, verified=True),
    }
    assert [each.code for each in compile_roles(documents, changed).diagnostics] == ["roles.no-undo"]


@pytest.mark.parametrize("file", ["company.yaml", "integrations.yaml"])
def test_a_role_needs_a_company_and_its_systems(documents: Documents, file: str) -> None:
    """Without the profile there are no thresholds and no people; without the kit no actions."""
    del documents[file]
    assert "roles.no-document" in [each.code for each in compile_roles(documents, ACTIONS).diagnostics]


def test_no_documents_are_no_mistake() -> None:
    """An installation without roles has no mandates."""
    compiled = compile_roles({}, ACTIONS)
    assert (compiled.mandates, compiled.diagnostics, compiled.company) == ({}, (), None)


def test_a_document_twice_is_refused(documents: Documents) -> None:
    """One company, one kit, one document for each role: which one holds must not depend on the file's name."""
    for file in list(documents):
        again = {**documents, "zz.yaml": documents[file]}
        assert [each.code for each in compile_roles(again, ACTIONS).diagnostics] == ["roles.document-twice"]


def test_a_mandate_names_the_documents_it_came_from(documents: Documents) -> None:
    """File, kind, version and SHA-256 of each: evidence can show under which text an action ran."""
    stamps = compile_roles(documents, ACTIONS).mandates["support-refunds"].documents
    assert [stamp.file for stamp in stamps] == ["company.yaml", "integrations.yaml", "refunds.yaml", "job.yaml"]
    assert stamps[3].checksum == hashlib.sha256(documents["job.yaml"]).hexdigest()


def test_tier_4_asks_people_always(documents: Documents) -> None:
    """Regulated or irreversible work: every gate is a full review, and its controls are named."""
    found = compile_with(documents, "job.yaml", "risk_tier: 2", "risk_tier: 4")
    missing = {each.message.split(",")[0].removeprefix("Expected the control ") for each in found}
    assert missing == {"compliance-sign-off", "adversarial-cases", "formal-audit", "human-approval"}


def test_tier_0_stays_inside(documents: Documents) -> None:
    """Internal work grants no external action."""
    changed = {file: content.replace(b"risk_tier: 2", b"risk_tier: 0") for file, content in documents.items()}
    found = [(each.code, each.element_id) for each in compile_roles(changed, ACTIONS).diagnostics]
    assert found == [("roles.control", "$.actions[1]")]


def test_tier_1_speaks_to_customers(documents: Documents) -> None:
    """Customer-facing text needs cases, style, a human override, and redaction."""
    changed = {file: content.replace(b"risk_tier: 2", b"risk_tier: 1") for file, content in documents.items()}
    found = compile_roles(changed, ACTIONS).diagnostics
    assert {each.message.split(",")[0].removeprefix("Expected the control ") for each in found} == {
        "evaluation-cases",
        "style-check",
        "human-override",
        "redaction",
    }
    changed["refunds.yaml"] += b"redact: [message]\n"
    assert "redaction" not in str(compile_roles(changed, ACTIONS).diagnostics)


def test_tier_2_limits_every_final_action(documents: Documents) -> None:
    """A write without any limit, of the WorkRole or the JobRole, is refused."""
    without = {
        file: re.sub(rb" +limits:\n( +- .*\n)+", b"", content) if file != "integrations.yaml" else content
        for file, content in documents.items()
    }
    found = compile_roles(without, ACTIONS).diagnostics
    assert [(each.code, each.element_id) for each in found] == [("roles.control", "$.actions[1]")]
    assert "rate-limits" in found[0].message


def test_the_controls_of_every_work_role_are_needed(documents: Documents) -> None:
    """A JobRole of a high tier still needs what the tiers of its WorkRoles demand."""
    found = compile_with(documents, "job.yaml", "risk_tier: 2", "risk_tier: 3")
    missing = {each.message.split(",")[0].removeprefix("Expected the control ") for each in found}
    assert missing == {"code-owners", "rollback-plan", "provenance"}
    again = compile_with(documents, "job.yaml", "quality-review: five a week", "code-owners: finance")
    assert ["quality-review" in each.message for each in again] == [True]


def test_a_write_needs_gates(documents: Documents) -> None:
    """Where approvals are enforced must be said for every final action."""
    found = compile_with(documents, "job.yaml", "    gates:\n", "    x:\n")
    assert "roles.unknown-key" in [each.code for each in found]
    lines = documents["job.yaml"].decode().splitlines(keepends=True)
    start = lines.index("    gates:\n")
    without = "".join(lines[:start] + lines[start + 4 :]).encode()
    codes = [each.code for each in compile_roles({**documents, "job.yaml": without}, ACTIONS).diagnostics]
    assert codes == ["roles.no-gates", "roles.weaker-gates"]


@pytest.mark.parametrize("name", ["fetchGoods", "send_mail", "payment-service", "Pay back", "io.camunda:http-json:1"])
def test_actions_are_granted_by_the_job_types_of_the_world(documents: Documents, name: str) -> None:
    """The documents name the action as the diagram does; the kit says its system, and the handler must agree."""
    renamed = {file: content.replace(b"billing.look", name.encode()) for file, content in documents.items()}
    actions = {**ACTIONS, name: replace(ACTIONS["billing.look"], name=name)}
    compiled = compile_roles(renamed, actions)
    assert [each for each in compiled.diagnostics if each.severity is Severity.ERROR] == []
    assert all(name in mandate.grants for mandate in compiled.mandates.values())
    elsewhere = {**actions, name: replace(actions[name], system="helpdesk")}
    assert "roles.other-system" in {each.code for each in compile_roles(renamed, elsewhere).diagnostics}
