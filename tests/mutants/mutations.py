"""The mutations: each replaces one piece of source that must occur exactly once, and names the rule that it breaks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutation:
    """`old` in `file` becomes `new`; some test of the file `tests` must fail then."""

    name: str
    file: str
    old: str
    new: str
    tests: str = "tests/dmn/test_blind_spots.py"


MUTATIONS = (
    Mutation(
        "allowedValues are not checked",
        "app/dmn/types.py",
        "if definition.allowed is not None:",
        "if False:",
    ),
    Mutation(
        "typeConstraint is not checked",
        "app/dmn/types.py",
        "if definition.constraint is not None:",
        "if False:",
    ),
    Mutation(
        "inputValues are not checked",
        "app/dmn/compiling/columns.py",
        "if value is None or self.allowed.allows(value):",
        "if True:",
    ),
    Mutation(
        "outputValues are not checked",
        "app/dmn/compiling/outputs.py",
        "if allowed is None or place is None:",
        "if True:",
    ),
    Mutation(
        "a date does not become a date and time",
        "app/feel/types.py",
        "if wanted is DATE_AND_TIME and type(value) is Date:",
        "if False:",
    ),
    Mutation(
        "a scalar does not become a list",
        "app/feel/types.py",
        "        return [value]\n",
        "        return None\n",
    ),
    Mutation(
        "a list of one does not become its element",
        "app/feel/types.py",
        "if type(value) is list and len(value) == 1 and type(value[0]) is not list:",
        "if False:",
    ),
    Mutation(
        "UNIQUE takes the first of several hits",
        "app/dmn/compiling/policies.py",
        "rule = matches.only()",
        "rule = matches.first()",
    ),
    Mutation(
        "ANY does not look whether the outputs agree",
        "app/dmn/compiling/policies.py",
        "if hit_policies.agree(found, feel.equal):",
        "if True:",
    ),
    Mutation(
        "numbers have 16 digits",
        "app/feel/values.py",
        "prec=34",
        "prec=16",
    ),
    Mutation(
        "zoned times differ by their clocks",
        "app/feel/temporal/arithmetic.py",
        "def between_dates_and_times(later: DateAndTime, earlier: DateAndTime) -> DaysAndTime | None:",
        "def between_dates_and_times(later: DateAndTime, earlier: DateAndTime) -> DaysAndTime | None:\n"
        "    days = later.date.day_number - earlier.date.day_number\n"
        "    return DaysAndTime(days * NANOS_PER_DAY + later.nanos - earlier.nanos)",
    ),
    Mutation(
        "zoned times move on their clocks",
        "app/feel/temporal/arithmetic.py",
        "return DateAndTime.from_instant(value.instant_nanos + duration.nanos, value.offset_seconds, value.zone)",
        "days, nanos = divmod(value.nanos + duration.nanos, NANOS_PER_DAY)\n"
        "    date = Date.from_day_number(value.date.day_number + days)\n"
        "    return None if date is None else DateAndTime(date, nanos, value.offset_seconds, value.zone)",
    ),
    Mutation(
        "business knowledge models do not see themselves",
        "app/dmn/compiling/program.py",
        "for one in (*entry.requirements, Visible((entry.name,), entry)):",
        "for one in entry.requirements:",
    ),
    Mutation(
        "operators compute in any decimal context",
        "app/feel/compiler.py",
        "if emission.operates:",
        "if False:",
        "tests/feel/test_arithmetic.py",
    ),
    Mutation(
        "operators compute after a function of the host",
        "app/feel/expression.py",
        "if emitter.emission.operates and emitter.emission.invokes:",
        "if False:",
        "tests/feel/test_arithmetic.py",
    ),
    Mutation(
        "FEEL's decimal context can be changed",
        "app/feel/values.py",
        "    def __setattr__(self, name: str, value: object) -> None:\n        raise",
        "    def __setattr__(self, name: str, value: object) -> None:\n"
        "        return super().__setattr__(name, value)\n        raise",
        "tests/feel/test_arithmetic.py",
    ),
    Mutation(
        "large trees are remembered",
        "app/feel/expression.py",
        "if emitter.emission.large:",
        "if False:",
        "tests/feel/test_sharing.py",
    ),
    Mutation(
        "NaN comes in",
        "app/feel/from_python.py",
        "_CERTAIN = PLAIN_CLASSES - {Decimal}",
        "_CERTAIN = PLAIN_CLASSES",
        "tests/feel/test_safety.py",
    ),
    Mutation(
        "is defined says why its argument is null",
        "app/feel/frame.py",
        "            del self.reasons[since:]",
        "            pass",
        "tests/feel/test_functions.py",
    ),
    Mutation(
        "a missing variable gives a reason where nobody uses it",
        "app/feel/emitter.py",
        "            return py.choice(absent, self.at(",
        "            return py.choice(py.TRUE, self.at(",
        "tests/feel/test_functions.py",
    ),
)
