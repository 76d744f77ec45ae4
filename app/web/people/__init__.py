"""People: their accounts, one's own account, signing in and out.

Not here: how many wrong attempts are borne, which pages and the API share (`frame.attempts`), and roles (`roles`).
"""

from app.web.people.accounts import people
from app.web.people.own_account import account
from app.web.people.signing_in import register, sign_in

__all__ = ["account", "people", "register", "sign_in"]
