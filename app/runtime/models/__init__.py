"""What is deployed and drafted: deployments, what is examined before one, versions and what binds to them.

Not here: what runs. A model in service is asked here (decisions, forms, facts of a process); instances are above.
"""

from app.runtime.models import task_forms
from app.runtime.models.assigning import InService
from app.runtime.models.bindings import find_process
from app.runtime.models.deciding import Asked, DecisionService
from app.runtime.models.deployments import Deployments
from app.runtime.models.drafts import Drafts
from app.runtime.models.evaluating import put_evaluation
from app.runtime.models.examining import actions_of, analyse_tables, examine, role_documents
from app.runtime.models.facts import is_global_task
from app.runtime.models.proposals import Proposals

__all__ = [
    "Asked",
    "DecisionService",
    "Deployments",
    "Drafts",
    "InService",
    "Proposals",
    "actions_of",
    "analyse_tables",
    "examine",
    "find_process",
    "is_global_task",
    "put_evaluation",
    "role_documents",
    "task_forms",
]
