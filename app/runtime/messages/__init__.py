"""What comes from outside and from other instances: messages, webhooks, and the follow-ups that carry them on.

Not here: storing one, which any transaction may do (`transaction.outgoing`).
"""

from app.runtime.messages import following_up
from app.runtime.messages.commands import Commands
from app.runtime.messages.due import DUE
from app.runtime.messages.hooks import Hooks
from app.runtime.messages.messages import Messages

__all__ = [
    "DUE",
    "Commands",
    "Hooks",
    "Messages",
    "following_up",
]
