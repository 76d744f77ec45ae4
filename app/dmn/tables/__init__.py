"""Decision tables: which rules match (`cells` → `columns` → `index`) and what the hit policy makes of them.

The index knows nothing of FEEL beyond `cells`; everything that needs an evaluation is handed in.
"""
