"""The audit log in the database: chains of records, their proof, and the anchors that seal them.

`chain` appends, `sealing` hashes evidence into the records, `verifying` reads everything again, `anchors` writes down
where all chains ended at a moment. What is recorded, and who may look, is the runtime's business.
"""

from app.store.audit.anchors import Anchor, End, newest_anchor, seal, unsealed, verify_anchors
from app.store.audit.chain import BEGINNING, ORIGIN, SYSTEM_STREAM, Head, NewRecord, append, digest
from app.store.audit.sealing import SEALED, take
from app.store.audit.verifying import Streams, Verdict, first_problem, parts, verify

__all__ = [
    "BEGINNING",
    "ORIGIN",
    "SEALED",
    "SYSTEM_STREAM",
    "Anchor",
    "End",
    "Head",
    "NewRecord",
    "Streams",
    "Verdict",
    "append",
    "digest",
    "first_problem",
    "newest_anchor",
    "parts",
    "seal",
    "take",
    "unsealed",
    "verify",
    "verify_anchors",
]
