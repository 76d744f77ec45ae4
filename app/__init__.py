"""Bailiwick: processes in BPMN, decisions in DMN, and role documents compiled into checks.

The rooms and the direction of imports are described in ``docs/architecture.md`` and enforced by import-linter.
"""
