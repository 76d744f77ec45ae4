"""Hooks: calls from outside that publish a message. Stored first, answered, processed afterwards, exactly once."""


from app.runtime.core import Core
from app.runtime.views import HookReceipt


class Hooks:
    def __init__(self, core: Core) -> None:
        self._core = core

    def accept(self, name: str, body: bytes, signature: str | None, idempotency_key: str | None) -> HookReceipt:
        """Check and store one call; then announce it. `signature`: the header's text, "sha256=<hex HMAC of the body>".

        Answers 202; 404 unknown hook; 413 too large; 401 wrong signature; 400 with `problems` (no idempotency key,
        not JSON, does not fit the schema). Whatever is not 202 has stored nothing. A repeated key returns the first answer.
        """
        raise NotImplementedError

    def process(self, delivery_id: str) -> None:
        """Publish the message of a stored delivery. Does nothing if that has already happened."""
        raise NotImplementedError

    def max_bytes(self, name: str) -> int:
        """How large a body this hook takes. Raises `NotFound`."""
        raise NotImplementedError
