"""Flask: inbox, operation, evidence, audit, roles, sign-in, the hooks, the JSON API and the studio.

A view reads the request, asks the runtime, and renders. Rules and rights live in `app.runtime`; what a page hides
because the actor may not do it, it hides by asking the same rights. No SQL here, no transaction, and no script or style
in a page.
"""

from app.web.factory import create_app

__all__ = ["create_app"]
