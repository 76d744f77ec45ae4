"""``bailiwick people``: the accounts of an installation. There is no default password."""

import click

from app.cli.opening import open_platform
from app.errors import NotFound
from app.runtime import SYSTEM, PlatformRole, Runtime

ROLES = click.Choice([role.value for role in PlatformRole])


@click.group()
def people() -> None:
    """Accounts: add people, give them roles and groups, set passwords."""


@people.command()
@click.argument("name")
@click.option("--role", "roles", multiple=True, type=ROLES, help="May be repeated.")
@click.option("--group", "groups", multiple=True, help="A JobRole or a group of your own. May be repeated.")
@click.option("--display-name", default="")
@click.password_option(help="Asked for, if not given.")
def add(name: str, roles: tuple[str, ...], groups: tuple[str, ...], display_name: str, password: str) -> None:
    """Add an account with the sign-in NAME.

    \b
    Example:  bailiwick people add carla --role admin
    """
    granted = [PlatformRole(role) for role in roles]
    open_platform().people.create(SYSTEM, name, password, display_name=display_name, roles=granted, groups=groups)
    click.echo(f"{name} can sign in.")


@people.command()
@click.argument("name")
@click.password_option(help="Asked for, if not given.")
def password(name: str, password: str) -> None:
    """Set the password of NAME.

    \b
    Example:  bailiwick people password carla
    """
    runtime = open_platform()
    runtime.people.set_password(SYSTEM, _person_id(runtime, name), password)
    click.echo(f"{name} has a new password.")


@people.command()
@click.argument("name")
def activate(name: str) -> None:
    """Let NAME sign in again.

    \b
    Example:  bailiwick people activate ben
    """
    runtime = open_platform()
    runtime.people.activate(SYSTEM, _person_id(runtime, name))
    click.echo(f"{name} can sign in again.")


@people.command()
@click.argument("name")
def deactivate(name: str) -> None:
    """Let NAME sign in no more. What the person did stays on record.

    \b
    Example:  bailiwick people deactivate ben
    """
    runtime = open_platform()
    runtime.people.deactivate(SYSTEM, _person_id(runtime, name))
    click.echo(f"{name} cannot sign in any more.")


@people.command(name="list")
def list_people() -> None:
    """List all accounts with their roles and groups.

    \b
    Example:  bailiwick people list
    """
    for person in open_platform().people.list(SYSTEM):
        state = "" if person.active else "  (deactivated)"
        click.echo(f"{person.name:<16} {', '.join(person.roles):<24} {', '.join(person.groups)}{state}")


def _person_id(runtime: Runtime, name: str) -> str:
    for person in runtime.people.list(SYSTEM):
        if person.name == name:
            return person.id
    raise NotFound(f"Expected an account named {name}, but found none. See: bailiwick people list")
