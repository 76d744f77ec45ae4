"""What a model says of itself beside its content: properties of a process, and the facts kept with each version."""

ROLE_PROPERTY = "bailiwick:role"  # of a process: the id of the JobRole that governs it
REQUESTER_PROPERTY = "bailiwick:requester"  # FEEL over the variables: who asked, and so may not approve
GLOBAL_TASK = "global_task"  # in a model's facts: which kind of BPMN's global tasks it is


def is_global_task(facts: object) -> bool:
    """Whether a model with these facts is a task that call activities share, and no process."""
    return isinstance(facts, dict) and GLOBAL_TASK in facts
