"""``bailiwick audit``: prove that nobody changed the log."""

import click

from app.cli.opening import open_platform


@click.group()
def audit() -> None:
    """The append-only, hash-chained log of every change."""


@audit.command()
@click.option("--head", help="A head that was anchored outside; the log must still lead to it.")
def verify(head: str | None) -> None:
    """Recompute the whole log. Names the first broken record; exit status 1 if there is one.

    Prints the head of all chains. Keep it outside (a ticket, a mail, a notary): a chain alone does not show that its
    newest records are missing.

    \b
    Example:  bailiwick audit verify
    """
    verdict = open_platform().audit.verify()
    if not verdict.ok:
        click.echo(f"broken: {verdict.why} (record {verdict.broken})")
        raise click.exceptions.Exit(1)
    click.echo(f"intact: {verdict.checked} records in {verdict.streams} streams, head {verdict.head}")
    if head is not None and head != verdict.head:
        click.echo("The head differs from the one that was anchored: records came since, or were taken away.")
        raise click.exceptions.Exit(1)
