"""Accounts of people, in the browser's own words."""

from tests.web.site import Site, Visitor


def test_people_are_managed(site: Site, carla: Visitor) -> None:
    """A new account can sign in and sees what its roles allow."""
    carla.post("/people/", name="hugo", password="long enough password", roles="auditor", groups="a b")
    hugo = site.visitor()
    assert hugo.sign_in("hugo", "long enough password").status_code == 303
    assert hugo.get("/audit/").status_code == 200
    assert hugo.get("/people/").status_code == 403
