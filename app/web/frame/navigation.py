"""What the frame of every page shows: the places that the actor may go to, counts, the theme, the server's time."""

from dataclasses import dataclass

from flask import Blueprint, Flask, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.runtime import Actor, InboxList, Permission
from app.web.frame.current import actor, actor_or_none, now, runtime, settings
from app.web.frame.demonstration import SKIPS
from app.web.frame.sending import back
from app.web.frame.signed_in import signed_in_only

THEMES = ("light", "dark", "system")
THEME_COOKIE = "theme"
A_YEAR_SECONDS = 365 * 24 * 3600

start = Blueprint("start", __name__)
preferences = Blueprint("preferences", __name__)
start.before_request(signed_in_only)


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation. `shortcut` is a key sequence such as "g i"."""

    name: str
    endpoint: str
    icon: str
    permission: Permission
    shortcut: str = ""

    def is_here(self) -> bool:
        """Whether the page being shown belongs to this place."""
        return (request.endpoint or "").split(".")[0] == self.endpoint.split(".")[0]


PLACES = (
    Place("Inbox", "inbox.page", "inbox", Permission.TASKS_WORK, "g i"),
    Place("Operate", "operate.instances", "pulse", Permission.INSTANCES_SEE, "g o"),
    Place("Studio", "studio.overview", "pen", Permission.MODELS_SEE, "g s"),
    Place("Roles", "roles.page", "shield", Permission.ROLES_SEE, "g r"),
    Place("Audit", "audit.page", "chain", Permission.AUDIT_SEE, "g a"),
)


def register(app: Flask) -> None:
    app.context_processor(_frame)
    app.register_blueprint(start)
    app.register_blueprint(preferences)


@start.get("/")
def page() -> ResponseReturnValue:
    """To the first place that the actor may see."""
    allowed = places(actor())
    if allowed:
        return redirect(url_for(allowed[0].endpoint), 303)
    return render_template("frame/nothing.html")


@preferences.post("/preferences/theme")
def theme() -> ResponseReturnValue:
    """Remember light, dark, or whatever the system says."""
    choice = request.form.get("theme", "")
    response = redirect(back(), 303)
    if choice in THEMES[:2]:
        response.set_cookie(
            THEME_COOKIE, choice, max_age=A_YEAR_SECONDS, samesite="Lax", secure=settings().cookies_need_tls
        )
    else:
        response.delete_cookie(THEME_COOKIE)
    return response


def places(of: Actor) -> tuple[Place, ...]:
    return tuple(place for place in PLACES if of.may(place.permission))


def _frame() -> dict[str, object]:
    who = None if g.get("is_broken") else actor_or_none()
    chosen = request.cookies.get(THEME_COOKIE, "")
    frame: dict[str, object] = {
        "me": who,
        "places": places(who) if who else (),
        "theme": chosen if chosen in THEMES[:2] else None,
        "server_now": now(),
        "Permission": Permission,
        "skips": SKIPS if who and settings().adjustable_clock else {},
        "demo": settings().demo,
    }
    if who and who.may(Permission.TASKS_WORK):
        frame["inbox_count"] = sum(runtime().inbox.counts(who, (InboxList.MINE, InboxList.AVAILABLE)).values())
    return frame
