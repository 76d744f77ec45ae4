"""`Runtime`: the platform's use cases, one attribute per noun. Web, worker and command line use only this."""

from dataclasses import replace

from app.runtime import following_up
from app.runtime.audit import Audit
from app.runtime.bulk import Bulk
from app.runtime.circuits import Circuits
from app.runtime.conditions import Conditions
from app.runtime.core import Core
from app.runtime.deployments import Deployments
from app.runtime.drafts import Drafts
from app.runtime.evidence import Evidence
from app.runtime.figures import Figures
from app.runtime.history import History
from app.runtime.hooks import Hooks
from app.runtime.inbox import Inbox
from app.runtime.incidents import Incidents
from app.runtime.instances import Instances
from app.runtime.jobs import Jobs
from app.runtime.messages import Messages
from app.runtime.migrating import Migrating
from app.runtime.modifying import Modifying
from app.runtime.people import People
from app.runtime.sessions import Sessions
from app.runtime.setbacks import Setbacks
from app.runtime.start_occurrences import StartOccurrences
from app.runtime.switches import Switches
from app.runtime.ticking import Ticking
from app.runtime.undoing import Undoing
from app.runtime.views import Actor, TickCounts


class Runtime:
    """Every method is one transaction (lists are one read); the actor comes first and its rights are checked.

    All methods raise `NotFound`, `Forbidden`, `Conflict` or `Invalid` of `app.errors`, and `ModelError` where models
    are handed over.
    """

    def __init__(self, core: Core) -> None:
        core = replace(core, follow=following_up.follow)
        self.core = core
        self.deployments = Deployments(core)
        self.drafts = Drafts(core)
        self.instances = Instances(core)
        self.hooks = Hooks(core)
        self.messages = Messages(core)
        self.conditions = Conditions(core)
        self.start_occurrences = StartOccurrences(core)
        self.jobs = Jobs(core)
        self.inbox = Inbox(core)
        self.incidents = Incidents(core)
        self.evidence = Evidence(core)
        self.audit = Audit(core)
        self.people = People(core)
        self.sessions = Sessions(core)
        self.figures = Figures(core)
        self.switches = Switches(core)
        self.circuits = Circuits(core)
        self.setbacks = Setbacks(core)
        self.bulk = Bulk(core)
        self.history = History(core)
        self.modifying = Modifying(core)
        self.migrating = Migrating(core)
        self._undoing = Undoing(core)
        self._ticking = Ticking(core)

    def undo(self, actor: Actor, job_id: str, reason: str) -> str:
        """Take back what a finished job did, as a new job with the checks of any other action. Returns its id.

        Right: instances.operate. Raises `Conflict` if the action is not reversible, not done, or already undone.
        """
        return self._undoing.undo(actor, job_id, reason)

    def tick(self, limit: int = 100) -> TickCounts:
        """Do once whatever the clock says is due, at most `limit` things of a kind, each in its own transaction.

        Several processes may tick at the same time; nothing happens twice.
        """
        return self._ticking.tick(limit)
