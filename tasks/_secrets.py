"""Secrets in a connector's inputs: ``{{secrets.NAME}}`` stands for one, until the last moment.

The request that is stored, shown and approved holds the reference. Only the connector puts the value in, and what comes
back passes through `scrub`, so that an answer that repeats a secret does not carry it into variables or evidence.
"""

import html
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from urllib.parse import quote, quote_plus

from app.handlers import ActionProblem, BpmnError, DataProblem, Escalation, PolicyProblem, TransientProblem

HIDDEN = "[redacted]"
PREFIX = "secrets."  # of the names in a handler's settings

_REFERENCE = re.compile(r"\{\{\s*secrets\.([A-Za-z0-9_.-]+)\s*\}\}")
_LIKE_ONE = re.compile(r"\{\{\s*secrets\.")


class Secrets:
    """The secrets of one call: which it may name, and which have been used."""

    def __init__(self, config: Mapping[str, str]) -> None:
        self._known = {_plain(name.removeprefix(PREFIX)): config[name] for name in config if name.startswith(PREFIX)}
        self._hidden: list[str] = []

    def resolve(self, request: Mapping[str, object], variables: Mapping[str, object]) -> dict[str, object]:
        """`request` (JSON) with every reference replaced by its secret.

        A reference belongs into the diagram. If a process variable spells one, it may have come in with the data of the
        case, and whoever wrote them could have it sent anywhere: `PolicyProblem`. Raises `DataProblem` for an unknown
        name.
        """
        if not _mentions(request):
            return dict(request)
        for name, value in variables.items():
            if _mentions(value):
                raise PolicyProblem(
                    f'Expected secrets to be named in the diagram only, but the variable "{name}" names one.'
                )
        return {name: _mapped(item, lambda text: _REFERENCE.sub(self._value, text)) for name, item in request.items()}

    def hide(self, *secrets: str) -> None:
        """Let `scrub` know further secrets, such as a token that was obtained with one."""
        for secret in filter(None, secrets):
            forms = (secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1], html.escape(secret))
            self._hidden.extend([*forms, b64encode(secret.encode(errors="replace")).decode()])
        self._hidden = sorted(set(self._hidden), key=len, reverse=True)

    def scrub(self, answer: Mapping[str, object]) -> dict[str, object]:
        """`answer` (JSON) without any secret, in plain or in one of the usual encodings."""
        return {name: _mapped(item, self.scrub_text) for name, item in answer.items()}

    def scrub_text(self, text: str) -> str:
        for form in self._hidden:
            text = text.replace(form, HIDDEN)
        return text

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Whatever is raised inside tells no secret: known problems are scrubbed, of others only the kind is told."""
        try:
            yield
        except (BpmnError, Escalation):
            raise
        except ActionProblem as problem:
            raise type(problem)(*(_mapped(each, self.scrub_text) for each in problem.args)) from None
        except Exception as error:  # noqa: BLE001 - its text may hold what was sent
            raise TransientProblem(f"The connector failed with {type(error).__name__}.") from None

    def _value(self, match: re.Match[str]) -> str:
        secret = self._known.get(_plain(match[1]))
        if not secret:
            raise DataProblem(
                f"Expected the secret {match[1]} in the settings, but found none. Let an administrator add it."
            )
        self.hide(secret)
        return secret


def _plain(name: str) -> str:
    """An environment variable knows neither small letters nor hyphens."""
    return name.casefold().replace("-", "_")


def _mentions(value: object) -> bool:
    if isinstance(value, str):
        return _LIKE_ONE.search(value) is not None
    if isinstance(value, Mapping):
        return any(_mentions(name) or _mentions(item) for name, item in value.items())
    return isinstance(value, list | tuple) and any(map(_mentions, value))


def _mapped(value: object, change: Callable[[str], str]) -> object:
    """`value` with every text changed, also the names of entries; a number counts by its digits."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {change(str(name)): _mapped(item, change) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(item, change) for item in value]
    if isinstance(value, Decimal):
        digits = str(value)
        changed = change(digits)
        return value if changed == digits else changed
    return value
