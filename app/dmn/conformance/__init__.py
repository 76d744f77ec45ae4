"""The runner for test cases in the format of the DMN Technology Compatibility Kit.

It reads a folder tree, evaluates each case with `Decisions`, compares, and prints a score. It is a caller of
`app.dmn` like any other.
"""

from app.dmn.conformance.running import CaseResult, FolderScore, Score, run, score

__all__ = ["CaseResult", "FolderScore", "Score", "run", "score"]
