"""``bailiwick conformance``: the public suites, run over a folder, with the score in the last line."""

from pathlib import Path

import click

from app.dmn import conformance as dmn_suite
from app.engine import conformance as bpmn_suite

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
VERBOSE = click.option("--verbose", "-v", is_flag=True, help="Show what was expected and what was found.")


@click.group()
def conformance() -> None:
    """Run a public conformance suite. The last line is "N passed, M failed"; the exit status is 1 if any failed."""


@conformance.command()
@click.argument("folder", type=FOLDER)
@VERBOSE
def dmn(folder: Path, *, verbose: bool) -> None:
    """Run a folder in the format of the DMN Technology Compatibility Kit.

    \b
    Example:  bailiwick conformance dmn ../shared/dmn-tck
    """
    _exit(*dmn_suite.run(folder, verbose=verbose))


@conformance.command()
@click.argument("folder", type=FOLDER)
@VERBOSE
def bpmn(folder: Path, *, verbose: bool) -> None:
    """Run the cases.json of a folder in virtual time, and read the files that must be rejected.

    \b
    Example:  bailiwick conformance bpmn ../shared/bpmn-conformance
    """
    _exit(*bpmn_suite.run(folder, verbose=verbose))


def _exit(passed: int, failed: int) -> None:
    """An empty folder is no success: nothing was shown."""
    if failed or not passed:
        raise click.exceptions.Exit(1)
