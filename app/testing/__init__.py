"""The test kit: a whole platform in the test's own process, with a clock that stands still until it is advanced.

    with Platform(models=["models"], handlers=[refund], people={"anna": ["refund-approvers"]}) as platform:
        case = platform.start("support-refund", {"amount": 35})
        platform.run()
        platform.advance(minutes=30)
        assert platform.case(case).view.status == "completed"

Everything is real: the database (SQLite in a temporary folder), the engine, the mandates, the audit log. Only time is
not, and jobs run when the test says so. A process that no role names waits for a review wherever it writes, here as
anywhere; `ungoverned=Ungoverned.ALLOW` lets a test of a handler do without a role.
"""

from app.testing.platform import Platform, company_profile

__all__ = ["Platform", "company_profile"]
