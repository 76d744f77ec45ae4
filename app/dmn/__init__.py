"""Decision models, DMN 1.5 at conformance level 3: read, linked, compiled, evaluated, explained and analysed.

The stages, in pipeline order: `reading` (XML → `model`) → `linking` (files → one library) → `types` → `compiling`
(boxed expressions, tables, plans) → `running`. Beside them: `tables` (the index), `evaluation` (answers and
explanations), `prose`, `analysis`, `checking`. FEEL itself is in `app.feel`; databases, the web and the clock are
nobody's business here.
"""

from app.dmn.analysis.report import TableAnalysis
from app.dmn.checking import analyse, check
from app.dmn.decisions import Decisions, imported_files
from app.dmn.evaluation import (
    DecisionOutcome,
    DecisionTrace,
    Evaluation,
    RuleHit,
    RuleMiss,
    TableTrace,
    Trace,
)
from app.dmn.external import ExternalFunctions
from app.dmn.prose import Passage, tell
from app.dmn.reasons import DecisionReasonKind, LocatedReason, Place

__all__ = [
    "DecisionOutcome",
    "DecisionReasonKind",
    "DecisionTrace",
    "Decisions",
    "Evaluation",
    "ExternalFunctions",
    "LocatedReason",
    "Passage",
    "Place",
    "RuleHit",
    "RuleMiss",
    "TableAnalysis",
    "TableTrace",
    "Trace",
    "analyse",
    "check",
    "imported_files",
    "tell",
]
