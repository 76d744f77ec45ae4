"""The tests. ``python -m tests`` prepares what they need (see `tests.services`) and runs pytest."""
