"""The step of `pip install` that builds the browser's bundles into the package.

How they are built is in `frontend/build.py`; here is only the bridge to hatchling.
"""

import importlib.util
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface  # type: ignore[import-not-found]

_spec = importlib.util.spec_from_file_location("frontend_build", Path(__file__).parent / "frontend" / "build.py")
if _spec is None or _spec.loader is None:
    raise ImportError("Expected frontend/build.py beside hatch_build.py, but found nothing to load.")
_frontend = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_frontend)


class FrontendBuildHook(BuildHookInterface):  # type: ignore[misc]  # hatchling is absent where mypy runs
    """Builds `app/web/static/build` before a wheel, editable or not, is assembled."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, object]) -> None:  # noqa: ARG002 -- hatchling's signature
        """Build the bundles; they are git-ignored, so `artifacts` in pyproject.toml takes them into the wheel."""
        try:
            _frontend.build()
        except _frontend.BuildFailed as problem:
            self.app.abort(str(problem))
