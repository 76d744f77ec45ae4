"""The JSON API, version 1, below ``/api/v1``; it describes itself at ``/api/v1/openapi.json``.

Every endpoint is a thin door to one method of the runtime. Who asks is known by a bearer token, which
``POST /api/v1/sessions`` gives, or by the browser's session, which then needs the CSRF token for every change.
"""

from app.web.api import deployments, instances, messages, openapi, operation, processes, repair, sessions, tasks
from app.web.api.doorway import api

for _part in (sessions, processes, instances, tasks, messages, deployments, operation, repair, openapi):
    _part.register(api)

__all__ = ["api"]
