"""The ``bailiwick`` command. One file per noun; a command's module is imported only when the command is called, so that
``bailiwick feel`` does not wait for Flask. No logic lives here: read the arguments, call the room below, print.

Exit status: 0 done, 1 the answer is no (a model has errors, a chain is broken, a case failed), 2 the call was wrong.
"""

from app.cli.main import main

__all__ = ["main"]
