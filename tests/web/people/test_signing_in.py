"""Signing in and out, and what protects it."""

import re

from app.runtime import SYSTEM
from app.settings import Settings
from tests.web.conftest import open_site
from tests.web.site import PASSWORD, Site, Visitor


def test_a_person_signs_in_and_is_led_to_the_page_that_they_wanted(site: Site) -> None:
    """Whoever opens a page without being signed in comes back to it afterwards."""
    visitor = site.visitor()
    asked = visitor.get("/operate/instances?status=running")
    assert asked.status_code == 303
    assert asked.location == "/sign-in?next=/operate/instances?status%3Drunning"

    visitor.get(asked.location)
    entered = visitor.post("/sign-in", name="carla", password=PASSWORD, next="/operate/instances?status=running")

    assert entered.location == "/operate/instances?status=running"
    assert visitor.get(entered.location).status_code == 200


def test_nobody_is_led_to_another_site(site: Site) -> None:
    """An address outside this installation is not followed after signing in."""
    for address in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        visitor = site.visitor()
        visitor.get("/sign-in")
        assert visitor.post("/sign-in", name="anna", password=PASSWORD, next=address).location == "/"


def test_a_wrong_password_says_nothing_about_the_name(site: Site) -> None:
    """A wrong password and an unknown name get the same answer."""
    answers = set()
    for name in ("anna", "nobody"):
        response = site.visitor().sign_in(name, "wrong password")
        answers.add(
            (response.status_code, re.sub(r'value="[^"]*"|content="[^"]*"|data-now="[^"]*"', "", response.text))
        )
    assert len(answers) == 1
    assert answers.pop()[0] == 401


def test_wrong_attempts_are_limited_by_address(site: Site) -> None:
    """After so many wrong attempts in a minute even the right password waits."""
    visitor = site.visitor()
    for attempt in range(site.settings.sign_in_attempts_per_minute):
        assert visitor.sign_in(f"name{attempt}", "wrong password").status_code == 401
    assert visitor.sign_in("anna").status_code == 429


def test_right_attempts_are_not_counted(site: Site) -> None:
    """A team behind one address can sign in as often as it likes."""
    for _ in range(site.settings.sign_in_attempts_per_minute + 3):
        assert site.visitor().sign_in("anna").status_code == 303


def test_a_form_without_its_token_changes_nothing(site: Site, anna: Visitor) -> None:
    """Every form of a page carries the CSRF token, and nothing goes without."""
    assert site.app.test_client().post("/sign-in", data={"name": "anna", "password": PASSWORD}).status_code == 400
    assert anna.client.post("/sign-out").status_code == 400
    assert anna.get("/account/").status_code == 200


def test_signing_out_ends_the_session_on_the_server(site: Site, anna: Visitor) -> None:
    """A cookie that was copied before signing out opens nothing afterwards."""
    cookie = anna.client.get_cookie("bailiwick")
    assert cookie is not None
    anna.post("/sign-out")

    thief = site.app.test_client()
    thief.set_cookie("bailiwick", cookie.value)

    assert thief.get("/account/").status_code == 303


def test_signing_out_everywhere_ends_every_session(site: Site) -> None:
    """The phone that was left in the train is signed out, too."""
    phone, desk, colleague = site.visitor("anna"), site.visitor("anna"), site.visitor("ben")
    desk.post("/sign-out-everywhere")
    assert phone.get("/account/").status_code == 303
    assert desk.get("/account/").status_code == 303
    assert colleague.get("/account/").status_code == 200


def test_a_session_ends_after_its_hours(site: Site, anna: Visitor) -> None:
    """A session lives as long as the settings say, however busy it is."""
    site.skip(hours=site.settings.session_hours + 0.1)
    assert anna.get("/account/").status_code == 303


def test_rights_are_those_of_today(site: Site, carla: Visitor) -> None:
    """A deactivated person is out with the next click, not with the next sign-in."""
    anna = site.visitor("anna")
    person = next(person for person in site.runtime.people.list(SYSTEM) if person.name == "anna")
    assert carla.post(f"/people/{person.id}/deactivate").status_code == 303
    assert anna.get("/inbox/").status_code == 303


def test_the_password_can_be_changed(site: Site, anna: Visitor) -> None:
    """The old password is asked for, and afterwards only the new one works."""
    anna.post("/account/password", old="wrong", new="a new long one", again="a new long one")
    assert anna.get("/account/").status_code == 200
    anna.post("/account/password", old=PASSWORD, new="a new long one", again="a new long one")
    assert anna.get("/account/").status_code == 303
    assert site.visitor().sign_in("anna").status_code == 401
    assert site.visitor().sign_in("anna", "a new long one").status_code == 303


def test_only_a_demonstration_shows_its_sign_ins(site: Site) -> None:
    """Hints and the skipping of time exist in a demonstration; elsewhere not even their address does."""
    shown = site.visitor().get("/sign-in").text
    assert "This is a demonstration" in shown
    assert site.visitor("anna").post("/demonstration/skip", minutes="60").status_code == 303

    production = open_site(
        Settings(
            data_folder=site.settings.data_folder,
            database_url=site.settings.database,
            secret_key="x" * 40,
            secure_cookies=False,
            task_modules=("tasks",),
        )
    )
    page = production.visitor().get("/sign-in").text
    assert "demonstration" not in page
    assert "anna" not in page
    assert production.visitor("anna").post("/demonstration/skip", minutes="60").status_code == 404


def test_cookies_are_kept_from_scripts_and_other_sites(site: Site) -> None:
    """HttpOnly and SameSite everywhere; Secure wherever it is not a demonstration."""
    production = open_site(
        Settings(database_url=site.settings.database, secret_key="x" * 40, data_folder=site.settings.data_folder)
    )
    cookie = production.app.test_client().get("/sign-in").headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Secure"} <= {part.strip() for part in cookie.split(";")}
    assert "Secure" not in site.app.test_client().get("/sign-in").headers["Set-Cookie"]
