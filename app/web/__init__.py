"""Flask: pages for people, the JSON API for programs, and what machines ask.

A room for each noun that has pages (`inbox`, `operate`, `studio`, `roles`, `audit`, `people`), which know nothing of
each other; `api` and `machines` beside them; below them `frame`, which all share; above them `factory`, which puts them
together. Templates lie in folders of the same names.

A view reads the request, asks the runtime, and renders. Rules and rights live in `app.runtime`; what a page hides
because the actor may not do it, it hides by asking the same rights. No SQL here, no transaction, and no script or style
in a page.
"""

from app.web.factory import create_app

__all__ = ["create_app"]
