"""Rules change by two people, in the browser and over the API."""

from pathlib import Path

from tests.web.site import Site, Visitor

COMPANY = Path(__file__).parents[3] / "models" / "roles" / "company.yaml"
SENTENCE = "may now do billing.refund up to 49 instead of 20 (request.amount) without fast track at fast-track"


def test_a_proposal_is_accepted_by_somebody_else(site: Site, carla: Visitor) -> None:
    """An analyst's deployment of a wider threshold is answered with 202; the page says what it changes, offers her to
    withdraw it, and an administrator to accept it; then the role says so.
    """
    wider = COMPANY.read_text().replace("instant_up_to: 20 ", "instant_up_to: 49 ")
    dora = site.visitor("dora")
    done = site.runtime.deployments.deploy(site.actor("dora"), {"roles/company.yaml": wider.encode()}, "more at once")
    own = dora.get("/roles/proposals").text
    assert SENTENCE in own
    assert ("Withdraw" in own, "Accept" in own) == (True, False)
    assert dora.post(f"/roles/proposals/{done.proposal}/accept").status_code == 403
    assert "Accept" in carla.get("/roles/proposals").text
    assert carla.post(f"/roles/proposals/{done.proposal}/accept").status_code == 303
    page = carla.get("/roles/proposals").text
    assert ("accepted" in page.lower(), "Withdraw" in page) == (True, False)
    mandate = site.runtime.deployments.mandate("support-refunds").document
    assert "'refund.instant_up_to': '49'" in str(mandate["company"])
