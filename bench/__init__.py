"""Benchmarks. Each module prints ratios and medians of one run; ``python -m bench`` runs them all."""
