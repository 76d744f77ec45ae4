"""From linked models to logic that runs: boxed expressions, decision tables, functions, and the plan of a decision.

Compilation is lazy and happens once; what it makes is shared by threads. A second, tracing compilation exists beside
the fast one and is made only when somebody asks for an explanation.
"""
