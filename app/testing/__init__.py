"""The test kit: a whole platform in the test's own process, with a clock that stands still until it is advanced.

    with Platform(models=["models"], handlers=[refund], people={"anna": ["refund-approvers"]}) as platform:
        case = platform.start("support-refund", {"amount": 35})
        platform.run()
        platform.advance(minutes=30)
        assert platform.case(case).view.status == "completed"

Everything is real: the database (SQLite in a temporary folder), the engine, the mandates, the audit log. Only time is
not, and jobs run when the test says so.
"""

from app.testing.platform import Platform

__all__ = ["Platform"]
