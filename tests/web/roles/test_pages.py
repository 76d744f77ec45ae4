"""The roles in force, in the browser's own words."""

from tests.web.site import Visitor


def test_the_role_page_is_the_answer_sheet(carla: Visitor) -> None:
    """The questions with their answers, gates in words, and what it was compiled from."""
    page = carla.get("/roles/support-refunds").text
    for words in ("Where are approvals enforced", "billing.refund", "four eyes", "finance-leads", "company.yaml"):
        assert words in page
