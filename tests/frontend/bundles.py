"""Where the bundles and their sources lie, and the program that makes one from the other."""

import importlib.util
from pathlib import Path
from types import ModuleType

REPOSITORY = Path(__file__).parents[2]
FRONTEND = REPOSITORY / "frontend"
BUILT = REPOSITORY / "app" / "web" / "static" / "build"
MODELS = REPOSITORY / "models"


def load_build() -> ModuleType:
    """`frontend/build.py`, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("frontend_build", FRONTEND / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
