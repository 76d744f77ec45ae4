"""The roles in force: each mandate with its answer sheet, gates, limits, people and rights.

Not here: compiling role documents (`app.roles`), and people's accounts with their platform roles (`people`).
"""

from app.web.roles.pages import roles

__all__ = ["roles"]
