"""``bailiwick decision export`` and ``import``: decision tables as spreadsheets, and back into their models."""

from pathlib import Path

import click

from app import dmn

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def decision() -> None:
    """Decision tables as spreadsheets."""


@decision.command("export")
@click.argument("model", type=_FILE)
@click.option("--decision", "-d", "wanted", help="Name or id of one decision; without it, all tables of the model.")
@click.option("--output", "-o", type=_NEW_FILE, required=True, help="The file to write: .xlsx, or .csv for one table.")
def export(model: Path, wanted: str | None, output: Path) -> None:
    """Write the decision tables of MODEL as a workbook (.xlsx) that can be edited and imported, or one as .csv.

    \b
    Example:  bailiwick decision export models/dmn/refund-eligibility.dmn -o refunds.xlsx
    """
    from app.dmn import sheets  # noqa: PLC0415 - openpyxl takes 0.2 s, and the help needs none of it

    make = {".xlsx": sheets.to_xlsx, ".csv": sheets.to_csv}.get(output.suffix.casefold())
    if make is None:
        raise click.UsageError(f"Expected --output to end in .xlsx or .csv, but found {output.name}.")
    output.write_bytes(make(str(model), model.read_bytes(), wanted))
    click.echo(f"Wrote {output}.")


@decision.command("import")
@click.argument("model", type=_FILE)
@click.argument("workbook", type=_FILE)
@click.option("--output", "-o", type=_NEW_FILE, help="Where to write the model; without it, nothing is written.")
@click.option("--marked", type=_NEW_FILE, help="Where to write the workbook with its changes in colour.")
@click.option("--with", "others", multiple=True, type=_FILE, help="A model that MODEL imports; may be repeated.")
def import_(model: Path, workbook: Path, output: Path | None, marked: Path | None, others: tuple[Path, ...]) -> None:
    """Bring an exported and edited WORKBOOK back into MODEL, and list what changes.

    \b
    Example:  bailiwick decision import models/dmn/refund-eligibility.dmn refunds.xlsx -o refunds.dmn
    """
    from app.dmn import sheets  # noqa: PLC0415 - as above

    main = str(model), model.read_bytes()
    available = [(str(one), one.read_bytes()) for one in others]
    imported = dmn.imported_files(main, available)
    found = sheets.from_xlsx(*main, str(workbook), workbook.read_bytes(), *imported)
    for change in found.changes:
        click.echo(str(change))
    click.echo(f"{len(found.changes)} changes")
    if output is not None:
        output.write_bytes(found.content)
    if marked is not None:
        marked.write_bytes(found.marked)
