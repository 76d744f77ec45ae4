"""The demonstration that ``bailiwick run`` sets up: its people, their sign-ins, and a first request to send."""

import json

from app.errors import Conflict
from app.runtime import SYSTEM, PlatformRole, Runtime
from app.settings import DEMONSTRATION_MARK, Settings
from app.web.frame.demonstration import PASSWORD

PEOPLE: tuple[tuple[str, str, tuple[PlatformRole, ...], tuple[str, ...]], ...] = (
    ("anna", "Anna Approver", (PlatformRole.APPROVER,), ("refund-approvers",)),
    ("ben", "Ben Berger, support", (PlatformRole.APPROVER,), ("support-agents",)),
    ("carla", "Carla Admin", (PlatformRole.ADMIN,), ("operators",)),
    ("dora", "Dora Analyst", (PlatformRole.ANALYST,), ()),
    ("emil", "Emil Auditor", (PlatformRole.AUDITOR,), ()),
    ("femi", "Femi Finance", (PlatformRole.APPROVER,), ("finance-leads", "support-leads")),
    ("gina", "Gina Gallo, finance", (PlatformRole.APPROVER,), ("finance-leads",)),  # where four eyes keep Femi out
)

REQUEST: dict[str, object] = {
    "ticket_id": "T-1001",
    "customer_id": "C-1001",
    "charge_id": "CH-1001",
    "amount": 35,
    "reason": "damaged",
    "message": "It arrived broken.",
    "requested_by": "ben",
}


def mark(settings: Settings) -> None:
    """Remember that this data folder is a demonstration, for every later command on it."""
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    (settings.data_folder / DEMONSTRATION_MARK).touch()


def create_people(runtime: Runtime) -> None:
    """Create the people that are not there yet."""
    for name, display_name, roles, groups in PEOPLE:
        try:
            runtime.people.create(SYSTEM, name, PASSWORD, display_name=display_name, roles=roles, groups=groups)
        except Conflict:
            continue  # from an earlier run


def welcome(settings: Settings) -> str:
    """What `bailiwick run` prints: the address, the sign-ins and a first request."""
    people = "\n".join(f"  {name:<6} {display}" for name, display, _, _ in PEOPLE)
    chosen = {"port": settings.port, "data_folder": settings.data_folder}
    other = {name: value for name, value in chosen.items() if value != Settings.model_fields[name].default}
    variables = "".join(f"BAILIWICK_{name.upper()}={value} " for name, value in other.items())
    return f"""
Bailiwick runs at {settings.address}
Sign in with the password {PASSWORD} as
{people}

Send a refund request from another terminal:
  {variables}.venv/bin/bailiwick hook refund-requested --body '{json.dumps(REQUEST)}'

Ctrl-C stops everything; the data stays in {settings.data_folder}.
"""
