"""`app.ids`: identifiers sort in the order of their making."""

import uuid

from app.ids import new_id


def test_ids_are_uuids_of_version_7() -> None:
    """36 characters, the version and the variant of RFC 9562."""
    made = uuid.UUID(new_id())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_ids_do_not_repeat() -> None:
    """Ten thousand in a row are all different."""
    assert len({new_id() for _ in range(10_000)}) == 10_000


def test_the_order_of_ids_is_the_order_of_time() -> None:
    """Two ids made in different milliseconds sort as they were made."""
    first = new_id()
    later = new_id()
    while later[:13] == first[:13]:
        later = new_id()
    assert first < later
