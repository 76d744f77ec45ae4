"""``bailiwick start``, ``hook`` and ``evidence``: process instances from the command line."""

import hashlib
import hmac

import click
import httpx

from app import feel
from app.cli.decisions import JsonObject
from app.cli.opening import open_platform
from app.errors import NotFound
from app.ids import new_id
from app.runtime import SYSTEM
from app.settings import load_settings

CALL_SECONDS = 10


@click.command()
@click.argument("process_id")
@click.option("--variables", "-v", type=JsonObject(), default="{}", help="The start variables: JSON or @FILE.")
@click.option("--version", type=int, help="Which version; the latest if none is named.")
@click.option("--business-key", help="The name of the case in your own systems.")
def start(process_id: str, variables: dict[str, object], version: int | None, business_key: str | None) -> None:
    """Start an instance of PROCESS_ID and print its id.

    \b
    Example:  bailiwick start support-refund --variables @refund.json
    """
    click.echo(open_platform().instances.start(SYSTEM, process_id, variables, version, business_key))


@click.command()
@click.argument("name")
@click.option("--body", "-b", type=JsonObject(), required=True, help="The body: JSON or @FILE.")
@click.option("--key", default="", help="The idempotency key; a new one if none is given.")
@click.option("--url", help="The platform's address; the one of the settings if none is given.")
def hook(name: str, body: dict[str, object], key: str, url: str | None) -> None:
    """Call the running platform's hook NAME with a signed BODY, as another system would.

    \b
    Example:  bailiwick hook refund-requested --body @refund.json
    """
    settings = load_settings()
    key_of_sender = settings.hook_keys.get(name)
    if key_of_sender is None:
        variable = name.upper().replace("-", "_")
        raise NotFound(f"Expected a key for the hook {name}. Set BAILIWICK_HOOK_SECRETS__{variable}.")
    content = feel.json_dumps(body).encode()
    signature = hmac.new(key_of_sender.encode(), content, hashlib.sha256).hexdigest()
    answer = httpx.post(
        f"{url or settings.address}/hooks/{name}",
        content=content,
        headers={
            "Content-Type": "application/json",
            "X-Bailiwick-Signature": f"sha256={signature}",
            "Idempotency-Key": key or new_id(),
        },
        timeout=CALL_SECONDS,
    )
    click.echo(f"{answer.status_code} {answer.text}")
    if not answer.is_success:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("instance_id")
@click.option("--lines", is_flag=True, help="One JSON line per action, for a warehouse, instead of the pack.")
def evidence(instance_id: str, *, lines: bool) -> None:
    """Print the evidence pack of an instance: trigger, understand, decide, act, verify.

    \b
    Example:  bailiwick evidence 01a1fd02-6b43-7961-a743-2e1350b90548 > pack.json
    """
    records = open_platform().evidence
    if lines:
        for line in records.lines(SYSTEM, instance_id):
            click.echo(line)
    else:
        click.echo(feel.json_dumps(records.pack(SYSTEM, instance_id)))
