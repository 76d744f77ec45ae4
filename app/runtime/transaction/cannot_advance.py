"""Our own bug while a process instance was advanced: which instance, and as much as may be told of what happened."""

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from app.errors import BailiwickError, ModelError, said
from app.runtime.transaction.json_values import storable_text

LONGEST_TEXT = 300
_QUOTED = re.compile(r"""'[^'\n]*'|"[^"\n]*\"""")
_DIGITS = re.compile(r"\d{3,}")


class CannotAdvance(Exception):
    """The instance could not be advanced, for no reason that anybody has foreseen. Nothing has changed."""

    def __init__(self, instance_id: str, what: str) -> None:
        self.instance_id = instance_id
        self.what = what
        super().__init__(instance_id, what)

    def __str__(self) -> str:
        return f"Expected instance {self.instance_id} to go on, but found {self.what}."


@contextmanager
def advancing_of(instance_id: str) -> Iterator[None]:
    """Whatever is raised here by mistake is raised as `CannotAdvance` of this instance.

    Not what is raised on purpose, and not what the database raises: it may have nothing to do with the instance.
    A model that was deployed once and cannot be read any more is a mistake of ours.
    """
    try:
        yield
    except ModelError as error:
        raise CannotAdvance(instance_id, told(error)) from error
    except (BailiwickError, SQLAlchemyError, CannotAdvance):
        raise
    except Exception as error:
        raise CannotAdvance(instance_id, told(error)) from error


def told(error: Exception) -> str:
    """The class of an exception, its text without what it quotes, and where it was raised: no data of a case.

    What was raised on purpose says itself what it may.
    """
    if isinstance(error, CannotAdvance):
        return error.what
    name = type(error).__name__
    if isinstance(error, BailiwickError):
        return storable_text(f"{name}: {said(error)}"[:LONGEST_TEXT])
    if isinstance(error, SQLAlchemyError):  # its text is a statement
        cause = getattr(error, "orig", None)
        return name if cause is None else f"{name} ({type(cause).__name__})"
    text = _DIGITS.sub("…", _QUOTED.sub("…", said(error).partition("\n")[0]))[:LONGEST_TEXT]
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "/app/" in frame.filename]
    place = f" in {ours[-1].filename.rpartition('/app/')[2]}:{ours[-1].lineno}" if ours else ""
    return storable_text(f"{name}{place}" + (f": {text}" if text else ""))
