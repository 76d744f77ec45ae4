"""FEEL's built-in functions (DMN 1.5, 10.3.4), one file a family, and Camunda's in `extensions` and
`camunda_forms`.

Here live the functions; how they are declared and called is in `registry` and in `app.feel.calls`.
"""

from collections.abc import Mapping

from app.feel.builtins import (
    camunda_forms,
    contexts,
    conversions,
    extensions,
    intervals,
    lists,
    numbers,
    ordering,
    strings,
    temporals,
)
from app.feel.calls import builtin
from app.feel.function_names import EXTENSION_NAMES, STANDARD_NAMES
from app.feel.values import Builtin

_FAMILIES = (conversions, numbers, strings, lists, ordering, contexts, temporals, intervals)

STANDARD_FUNCTIONS: Mapping[str, Builtin] = {
    name: builtin for family in _FAMILIES for name, builtin in family.FUNCTIONS.builtins().items()
}
"""The functions of DMN 1.5."""


def _extended() -> dict[str, Builtin]:
    """Camunda's functions, and its forms of standard ones."""
    found = extensions.FUNCTIONS.builtins()
    for name, form in camunda_forms.FUNCTIONS.builtins().items():
        others = found[name].overloads if name in found else ()
        found[name] = builtin(name, (*others, *form.overloads))
    return found


FUNCTIONS: Mapping[str, Builtin] = {
    **STANDARD_FUNCTIONS,
    **{
        name: builtin(name, (*STANDARD_FUNCTIONS[name].overloads, *extension.overloads))
        if name in STANDARD_NAMES
        else extension
        for name, extension in _extended().items()
    },
}
"""The functions of DMN 1.5 and those of Camunda 8. An extension may widen a standard function, never replace it."""

if STANDARD_FUNCTIONS.keys() != STANDARD_NAMES or FUNCTIONS.keys() != STANDARD_NAMES | EXTENSION_NAMES:
    raise RuntimeError(
        f"Expected the functions of names.py, but found {FUNCTIONS.keys() ^ (STANDARD_NAMES | EXTENSION_NAMES)}."
    )
