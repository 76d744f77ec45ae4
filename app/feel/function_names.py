"""The names of all built-in functions, for the parser, which has to know where a name of several words ends.

`app.feel.builtins` checks that it implements exactly these.
"""


def _listed(names: str) -> frozenset[str]:
    return frozenset(" ".join(name.split()) for name in names.split(";"))


STANDARD_NAMES = _listed(
    """
    abs; after; all; any; append; before; ceiling; coincides; concatenate; contains; context; context merge; context
    put; count; date; date and time; day of week; day of year; decimal; distinct values; duration; during; ends with;
    even; exp; finished by; finishes; flatten; floor; get entries; get value; includes; index of; insert before; is;
    list contains; list replace; log; lower case; matches; max; mean; median; met by; meets; min; mode; modulo; month of
    year; not; now; number; odd; overlaps; overlaps after; overlaps before; product; range; remove; replace; reverse;
    round down; round half down; round half up; round up; sort; split; sqrt; started by; starts; starts with; stddev;
    string; string join; string length; sublist; substring; substring after; substring before; sum; time; today; union;
    upper case; week of year; years and months duration
    """
)
"""DMN 1.5, 10.3.4."""

EXTENSION_NAMES = _listed(
    """
    and; assert; duplicate values; extract; from base64; from json; fromAi; get or else; is blank; is defined; is empty;
    last day of month; or; partition; put; put all; random number; to base64; to json; trim; uuid
    """
)
"""What Camunda 8 adds."""

FUNCTION_NAMES = STANDARD_NAMES | EXTENSION_NAMES

AMBIGUOUS_FUNCTIONS = frozenset(name for name in FUNCTION_NAMES if {"and", "or"} & set(name.split()))
"""Functions whose names could also be an operation on two variables; they are meant only where they are called."""
