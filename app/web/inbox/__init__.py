"""The inbox: the queue of tasks, one task with what is needed to decide it, its form, and what may be done with it.

Not here: who may do what with a task and which tasks are in which list (`app.runtime`), and pages that other nouns
have: an instance's page belongs to `operate`, its evidence to `audit`.
"""

from app.web.inbox.pages import inbox

__all__ = ["inbox"]
