"""Which of the four exception classes something is that a handler raised (governance.md, "Exceptions")."""

import httpx

from app.errors import said
from app.handlers import ActionProblem, DataProblem, InfrastructureProblem, PolicyProblem, TransientProblem

NO_RIGHT = frozenset({401, 403})
TRY_AGAIN = frozenset({408, 425, 429})
SYSTEM_IS_DOWN = frozenset({502, 503, 504})
LONGEST_MESSAGE = 1000


def classify(error: Exception, system: str) -> ActionProblem:
    """The problem that `error` is. A handler may let httpx's exceptions through; its own problems say what they are.

    What nobody expected counts as transient: it is tried again, within bounds, and becomes an incident.
    """
    match error:
        case ActionProblem():
            return error
        case httpx.HTTPStatusError(response=response):
            return _of_status(response, system)
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.ProxyError():
            return InfrastructureProblem(system, f"{system} cannot be reached.")
        case httpx.UnsupportedProtocol() | httpx.InvalidURL():
            return InfrastructureProblem(
                system, f"Expected the address of {system} in its settings, but found nonsense."
            )
        case httpx.TransportError():
            return TransientProblem(f"{system} did not answer ({type(error).__name__}).")
        case _:
            return TransientProblem(f"The handler failed with {type(error).__name__}: {said(error)}"[:LONGEST_MESSAGE])


def _of_status(response: httpx.Response, system: str) -> ActionProblem:
    status = response.status_code
    answered = f"{system} answered {status}."
    if status in SYSTEM_IS_DOWN:
        return InfrastructureProblem(system, answered)
    if response.has_redirect_location:
        return InfrastructureProblem(system, f"{answered} It has moved: correct its address in the settings.")
    if status in NO_RIGHT:
        return PolicyProblem(f"{answered} The right to do this is missing there.")
    if status in TRY_AGAIN or response.is_server_error:
        wish = response.headers.get("Retry-After", "")
        return TransientProblem(answered, float(wish) if wish.isdecimal() else None)
    return DataProblem(answered)
