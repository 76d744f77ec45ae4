"""The studio: models with their versions and drafts, comparing two versions, the editors, checking and deploying.

Not here: what a model means and whether it is correct (`app.bpmn`, `app.dmn`, `app.roles`), and the editors
themselves, which are scripts (`frontend/`).
"""

from app.web.studio.pages import studio

__all__ = ["studio"]
