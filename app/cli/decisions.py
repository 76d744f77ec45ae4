"""``bailiwick decide`` and ``bailiwick feel``: decisions and expressions on the command line, without a database."""

from datetime import UTC, datetime
from pathlib import Path

import click

from app import dmn, feel


class JsonObject(click.ParamType[dict[str, object]]):
    """A JSON object, given as text or as @FILE. Its numbers stay exact."""

    name = "json"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, object]:
        if isinstance(value, dict):
            return value
        text = str(value)
        try:
            content = feel.json_loads(Path(text[1:]).read_text() if text.startswith("@") else text)
        except (OSError, ValueError) as error:
            self.fail(f"Expected a JSON object or @FILE, but found {text[:60]!r} ({error}).", param, ctx)
        if not isinstance(content, dict):
            self.fail(f"Expected a JSON object, but found {text[:60]!r}.", param, ctx)
        return content


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--input", "-i", "inputs", type=JsonObject(), default="{}", help="The input data: JSON or @FILE.")
@click.option("--decision", "-d", help="Name or id. Needed where the model has several final decisions.")
@click.option("--explain", is_flag=True, help="Say what each decision saw, which rules matched and why others did not.")
@click.option("--json", "as_json", is_flag=True, help="With --explain: the whole explanation as JSON.")
def decide(
    files: tuple[Path, ...], inputs: dict[str, object], decision: str | None, *, explain: bool, as_json: bool
) -> None:
    """Evaluate a decision of FILES (a model and what it imports).

    \b
    Example:  bailiwick decide models/dmn/escalation-routing.dmn -i '{"level": 1}' --explain
    """
    decisions = dmn.Decisions.load(*files)
    name = decision or _only_final(decisions)
    evaluation = decisions.evaluate(name, inputs, explain=explain, now=datetime.now(UTC))
    if explain and not as_json:
        _tell(evaluation)
        return
    click.echo(feel.json_dumps(evaluation.to_json() if explain else feel.to_json(evaluation.value)))
    for reason in evaluation.reasons:
        click.echo(f"null because {reason.message}", err=True)


@click.command("feel")
@click.argument("expression")
@click.option("--input", "-i", "inputs", type=JsonObject(), default="{}", help="The variables: JSON or @FILE.")
def feel_(expression: str, inputs: dict[str, object]) -> None:
    """Evaluate one FEEL expression.

    \b
    Example:  bailiwick feel 'if amount > 20 then "fast track" else "instant"' -i '{"amount": 35}'
    """
    reasons: list[feel.Reason] = []
    compiled = feel.compile(expression, inputs)
    value = compiled.evaluate(inputs, reasons=reasons, now=datetime.now(UTC))
    click.echo(feel.json_dumps(feel.to_json(value)))
    for reason in reasons:
        click.echo(f"null because {reason.message} (characters {reason.start} to {reason.end})", err=True)
    for one in feel.advice(compiled):
        if not any(one.start <= reason.start < one.end for reason in reasons):
            click.echo(f"{one.line}:{one.column}: {one.message} {one.remedy}", err=True)


def _tell(evaluation: dmn.Evaluation) -> None:
    """The explanation in sentences, the answer last, where people look for it."""
    for passage in dmn.tell(evaluation):
        click.secho(passage.headline, bold=True)
        for sentence in passage.sentences:
            click.echo(f"  {sentence}")
    click.echo(f"Answer: {feel.json_dumps(feel.to_json(evaluation.value))}")


def _only_final(decisions: dmn.Decisions) -> str:
    """The one decision that no other requires. Asks for a name where there are several."""
    if len(decisions.final) != 1:
        known = ", ".join(decisions.final) or "none"
        raise click.UsageError(f"Expected --decision, because the final decisions are: {known}.")
    return decisions.final[0]
