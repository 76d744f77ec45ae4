"""The studio: models with their versions and drafts, the editors, checking and deploying.

The editors talk to the views below `/studio/api` in JSON; the models themselves travel as they are, as XML.
"""

from flask import Blueprint

studio = Blueprint("studio", __name__, url_prefix="/studio")
