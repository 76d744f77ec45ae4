"""The blueprint of operation, and what holds for all of its pages: who may come in, how many lines a page has."""

from flask import Blueprint

from app.web.frame.signed_in import signed_in_only

operate = Blueprint("operate", __name__, url_prefix="/operate")
operate.before_request(signed_in_only)

PAGE_SIZE = 50
