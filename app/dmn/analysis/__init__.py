"""What can be said about a decision table without running it: gaps, overlaps, rules that cannot matter, boundary
values.

Only cells made of literals are understood. A column with other cells is `opaque`: two of its cells are known to
overlap only if they are written alike. Null inputs are left out of consideration.
"""

from app.dmn.analysis.report import Conflict, Gap, TableAnalysis, Witness, analyse_table

__all__ = ["Conflict", "Gap", "TableAnalysis", "Witness", "analyse_table"]
