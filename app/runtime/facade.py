"""`Runtime`: the platform's use cases, one attribute per noun. Web, worker and command line use only this."""

from dataclasses import replace

from app.runtime import governance, history, instances, jobs, messages, starts, tasks
from app.runtime.clock import Heartbeats, Setbacks, Ticking
from app.runtime.governance import Circuits, Evidence, Switches, Undoing
from app.runtime.history import Anchors, Audit, Figures, History
from app.runtime.instances import Incidents, Instances, Standstills
from app.runtime.jobs import Jobs, Restoring
from app.runtime.messages import Commands, Hooks, Messages, following_up
from app.runtime.models import Deployments, Drafts, Proposals
from app.runtime.people import People, Sessions
from app.runtime.repair import Bulk, Migrating, Modifying
from app.runtime.starts import Conditions, StartOccurrences
from app.runtime.tasks import Inbox, TaskDrafts
from app.runtime.transaction import Core
from app.runtime.views import Actor, TickCounts

DUE = (  # what the clock asks
    *instances.DUE,
    *starts.DUE,
    *governance.DUE,
    *tasks.DUE,
    *jobs.DUE,
    *messages.DUE,
    *history.DUE,
)


class Runtime:
    """Every method is one transaction (lists are one read); the actor comes first and its rights are checked.

    All methods raise `NotFound`, `Forbidden`, `Conflict` or `Invalid` of `app.errors`, and `ModelError` where models
    are handed over.
    """

    def __init__(self, core: Core) -> None:
        core = replace(core, follow=following_up.follow)
        self.core = core
        self.deployments = Deployments(core)
        self.proposals = Proposals(core, self.deployments)
        self.drafts = Drafts(core)
        self.instances = Instances(core)
        self.hooks = Hooks(core)
        self.messages = Messages(core)
        self.commands = Commands(core)
        self.conditions = Conditions(core)
        self.start_occurrences = StartOccurrences(core)
        self.jobs = Jobs(core)
        self.inbox = Inbox(core)
        self.task_drafts = TaskDrafts(core)
        self.incidents = Incidents(core)
        self.evidence = Evidence(core)
        self.audit = Audit(core)
        self.anchors = Anchors(core)
        self.people = People(core)
        self.sessions = Sessions(core)
        self.figures = Figures(core)
        self.switches = Switches(core)
        self.circuits = Circuits(core)
        self.setbacks = Setbacks(core)
        self.heartbeats = Heartbeats(core)
        self.restoring = Restoring(core)
        self.bulk = Bulk(core)
        self.history = History(core)
        self.modifying = Modifying(core)
        self.migrating = Migrating(core)
        self._undoing = Undoing(core)
        self._ticking = Ticking(core, DUE, Standstills())

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
