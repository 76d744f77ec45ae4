"""Operation: process instances, incidents, jobs, and the controls that stop and release work, one module each.

Not here: what a person decides (`inbox`), the models (`studio`), the proof of what happened (`audit`).
"""

from app.web.operate import controls, incidents, instances, jobs
from app.web.operate.doorway import operate

_PARTS = (controls, incidents, instances, jobs)  # importing one puts its pages on the blueprint

__all__ = ["operate"]
