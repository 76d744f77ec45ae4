"""`create_app`: the Flask application with everything registered on it."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.assembly import attach_runtime
from app.runtime import Announcer
from app.settings import Settings
from app.web import people
from app.web.api import api
from app.web.audit import audit, evidence
from app.web.frame import (
    assets,
    bodies,
    compression,
    demonstration,
    errors,
    navigation,
    presenting,
    request_log,
    security,
)
from app.web.inbox import inbox
from app.web.machines import health, hooks, metrics, readiness
from app.web.operate import operate
from app.web.roles import roles
from app.web.studio import studio

LARGEST_BODY_BYTES = 16 * 1024 * 1024  # a deployment's models; hooks have their own, lower bounds


def create_app(settings: Settings, announcer: Announcer | None = None) -> Flask:
    """The web application of one installation. The database must have been migrated.

    `announcer` tells workers about new jobs; without one they find them by polling.
    """
    app = Flask("app.web", static_folder="static", template_folder="templates")
    app.extensions["bailiwick-settings"] = settings
    app.config.update(
        SECRET_KEY=settings.signing_key(),
        MAX_CONTENT_LENGTH=LARGEST_BODY_BYTES,
        SESSION_COOKIE_NAME="bailiwick",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.cookies_need_tls,
        PERMANENT_SESSION_LIFETIME=settings.session_lifetime,
        WTF_CSRF_TIME_LIMIT=None,  # a token is as good as the session that it belongs to
        WTF_CSRF_SSL_STRICT=False,  # checks the Referer, which our own policy trims; the token itself is what protects
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    attach_runtime(app, settings, announcer)
    # What is registered first sees an answer last: compression comes after everything that writes headers and bodies.
    for part in (
        compression,
        request_log,
        metrics,
        readiness,
        security,
        people,
        errors,
        assets,
        bodies,
        presenting,
        navigation,
    ):
        part.register(app)
    for blueprint in (
        people.sign_in,
        people.account,
        inbox,
        operate,
        evidence,
        audit,
        roles,
        people.people,
        studio,
        hooks.hooks,
        api,
        health.health,
    ):
        app.register_blueprint(blueprint)
    if settings.adjustable_clock:
        app.register_blueprint(demonstration.demonstration)
    return app
