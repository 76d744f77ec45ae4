"""From the bytes of a file to `model.Definitions`: XML is read here and nowhere else in `app.dmn`.

Reading refuses what is unsafe or unreadable with diagnostics, and never evaluates, resolves or downloads anything.
"""

from app.dmn.reading.definitions import read_definitions

__all__ = ["read_definitions"]
