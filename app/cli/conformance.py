"""``bailiwick conformance``: the public suites, run over a folder, with the score in the last line."""

from pathlib import Path

import click

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def conformance() -> None:
    """Run a public conformance suite. The last line is "N passed, M failed"; the exit status is 1 if any failed."""
