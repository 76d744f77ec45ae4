"""Identifiers: UUIDs of version 7 (RFC 9562), so that their order is the order of their making."""

import secrets
import time
import uuid


def new_id() -> str:
    """A new identifier of 36 characters: 48 bits of milliseconds since 1970, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    high, low = secrets.randbits(12), secrets.randbits(62)
    value = (milliseconds & ((1 << 48) - 1)) << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low
    return str(uuid.UUID(int=value))
