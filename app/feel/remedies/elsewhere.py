"""Functions, methods and constants of other languages, and what does the same in FEEL.

A form names its arguments by position: ``{0}``, ``{1}``; ``{*}`` are all of them, ``{+}`` all with plus signs between.
"""

import re
from collections.abc import Mapping, Sequence

FUNCTIONS: Mapping[str, str] = {
    # texts
    "concat": "{+}",
    "upper": "upper case({0})",
    "ucase": "upper case({0})",
    "uppercase": "upper case({0})",
    "toupper": "upper case({0})",
    "touppercase": "upper case({0})",
    "lower": "lower case({0})",
    "lcase": "lower case({0})",
    "tolower": "lower case({0})",
    "tolowercase": "lower case({0})",
    "length": "string length({0})",
    "len": "string length({0})",
    "strlen": "string length({0})",
    "char_length": "string length({0})",
    "substr": "substring({*})",
    "mid": "substring({*})",
    "left": "substring({0}, 1, {1})",
    "right": "substring({0}, -{1})",
    "indexof": "index of({*})",
    "instr": "contains({*})",
    "locate": "contains({1}, {0})",
    "search": "contains({1}, {0})",
    "startswith": "starts with({*})",
    "endswith": "ends with({*})",
    "regex": "matches({*})",
    "regexp_like": "matches({*})",
    "substitute": "replace({*})",
    "str": "string({0})",
    "text": "string({0})",
    "tostring": "string({0})",
    "format": "string({0})",
    "join": "string join({*})",
    "textjoin": "string join([{2}], {0})",
    "ltrim": "trim({0})",
    "rtrim": "trim({0})",
    # numbers
    "int": "number({0})",
    "integer": "number({0})",
    "float": "number({0})",
    "double": "number({0})",
    "parseint": "number({0})",
    "parsefloat": "number({0})",
    "tonumber": "number({0})",
    "value": "number({0})",
    "round": "round half up({0}, {1})",
    "rounddown": "round down({*})",
    "roundup": "round up({*})",
    "trunc": "round down({0}, 0)",
    "ceil": "ceiling({0})",
    "pow": "{0} ** {1}",
    "power": "{0} ** {1}",
    "mod": "modulo({*})",
    "avg": "mean({*})",
    "average": "mean({*})",
    "ln": "log({0})",
    "total": "sum({*})",
    "isnumber": "{0} instance of number",
    "isnan": "{0} = null",
    "isnumeric": "{0} instance of number",
    "istext": "{0} instance of string",
    "isstring": "{0} instance of string",
    "typeof": "{0} instance of string",
    # conditions
    "if": "if {0} then {1} else {2}",
    "iif": "if {0} then {1} else {2}",
    "ifs": "if {0} then {1} else null",
    "and": "{&}",
    "or": "{|}",
    "xor": "{0} != {1}",
    "ifnull": "if {0} != null then {0} else {1}",
    "isnull": "{0} = null",
    "nvl": "if {0} != null then {0} else {1}",
    "coalesce": "if {0} != null then {0} else {1}",
    "iferror": "if {0} != null then {0} else {1}",
    "isblank": "{0} = null",
    "isempty": "count({0}) = 0",
    "empty": "{0} = null",
    "exists": "{0} != null",
    "in": "{0} in ({1})",
    # lists
    "size": "count({0})",
    "counta": "count({0})",
    "sumproduct": "sum(for i in 1..count({0}) return {0}[i] * {1}[i])",
    "includes": "list contains({*})",
    "unique": "distinct values({0})",
    "distinct": "distinct values({0})",
    "first": "{0}[1]",
    "last": "{0}[-1]",
    "filter": "{0}[item > 1]",
    "map": "for x in {0} return x + 1",
    "keys": "get entries({0}).key",
    "values": "get entries({0}).value",
    "list": "[{*}]",
    "array": "[{*}]",
    # dates and times
    "getdate": "today()",
    "sysdate": "today()",
    "curdate": "today()",
    "current_date": "today()",
    "current_timestamp": "now()",
    "currenttime": "now()",
    "getutcdate": "now()",
    "todate": "date({0})",
    "to_date": "date({0})",
    "datevalue": "date({0})",
    "localdate": "date({*})",
    "datetime": "date and time({*})",
    "timestamp": "date and time({*})",
    "dateandtime": "date and time({*})",
    "year": "{0}.year",
    "month": "{0}.month",
    "day": "{0}.day",
    "hour": "{0}.hour",
    "minute": "{0}.minute",
    "second": "{0}.second",
    "weekday": "{0}.weekday",
    "dayofweek": "day of week({0})",
    "weeknum": "week of year({0})",
    "datediff": "{1} - {0}",
    "days": "({0} - {1}).days",
    "dateadd": '{0} + duration("P1D")',
    "edate": '{0} + duration("P1M")',
    "eomonth": "last day of month({0})",
    "datedif": "years and months duration({0}, {1}).years",
}
"""By name in lower case. Functions that FEEL has under the same name but for case, blanks and underscores are near
names, and no concern of this table."""

METHODS: Mapping[str, str] = {
    "size": "count({0})",
    "length": "string length({0})",
    "count": "count({0})",
    "len": "string length({0})",
    "touppercase": "upper case({0})",
    "upper": "upper case({0})",
    "tolowercase": "lower case({0})",
    "lower": "lower case({0})",
    "contains": "contains({*})",
    "includes": "list contains({*})",
    "has": "list contains({*})",
    "containskey": "{0}.{1} != null",
    "equals": "{0} = {1}",
    "equalsignorecase": "lower case({0}) = lower case({1})",
    "compareto": "{0} < {1}",
    "isempty": "count({0}) = 0",
    "isblank": "is blank({0})",
    "startswith": "starts with({*})",
    "endswith": "ends with({*})",
    "substring": "substring({*})",
    "substr": "substring({*})",
    "slice": "sublist({*})",
    "trim": "trim({0})",
    "strip": "trim({0})",
    "split": "split({*})",
    "replace": "replace({*})",
    "replaceall": "replace({*})",
    "matches": "matches({*})",
    "indexof": "index of({*})",
    "join": "string join({*})",
    "tostring": "string({0})",
    "get": "get value({*})",
    "getorder": "get value({*})",
    "first": "{0}[1]",
    "last": "{0}[-1]",
    "push": "append({*})",
    "add": "append({*})",
    "append": "append({*})",
    "concat": "concatenate({*})",
    "reverse": "reverse({0})",
    "sort": "sort({0}, function(a, b) a < b)",
    "map": "for x in {0} return x + 1",
    "filter": "{0}[item > 1]",
    "some": "some x in {0} satisfies x > 1",
    "every": "every x in {0} satisfies x > 1",
    "anymatch": "some x in {0} satisfies x > 1",
    "allmatch": "every x in {0} satisfies x > 1",
    "sum": "sum({0})",
    "keys": "get entries({0}).key",
    "values": "get entries({0}).value",
    "getyear": "{0}.year",
    "getfullyear": "{0}.year",
    "getmonth": "{0}.month",
    "getdate": "{0}.day",
    "plusdays": '{0} + duration("P1D")',
    "minusdays": '{0} - duration("P1D")',
    "isbefore": "{0} < {1}",
    "isafter": "{0} > {1}",
    "before": "{0} < {1}",
    "after": "{0} > {1}",
    "tofixed": "round half up({*})",
    "negate": "not({0})",
}
"""Methods, by name in lower case; ``{0}`` is the value before the point."""

CONSTANTS: Mapping[str, str] = {
    "True": "true", "TRUE": "true", "False": "false", "FALSE": "false",
    "None": "null", "NULL": "null", "Null": "null", "nil": "null", "undefined": "null", "NaN": "null", "NA": "null",
    "CURRENT_DATE": "today()", "CURRENT_TIMESTAMP": "now()", "SYSDATE": "today()", "current_date": "today()",
}  # fmt: skip

YES: Mapping[str, str] = {"yes": "true", "no": "false", "Yes": "true", "No": "false", "YES": "true", "NO": "false"}
"""Words that a person means a boolean by, or a text."""

ANYTHING = frozenset({"any", "all", "otherwise", "default", "Any", "ANY", "All", "ALL", "Otherwise", "Default"})
"""What people write into a cell that lets everything pass."""

_EXAMPLES = ("a", "b", "c")


def written(form: str, arguments: Sequence[str] = ()) -> str:
    """The form with its arguments in their places; missing ones are called a, b and c."""
    given = [*arguments, *_EXAMPLES[len(arguments) :]]
    every = list(arguments) or _EXAMPLES[: 1 + ("{1}" in form or form in ("{+}", "{&}", "{|}"))]
    text = form
    given = [_bracketed(argument, form, f"{{{index}}}") for index, argument in enumerate(given)]
    for mark, joint in (("{*}", ", "), ("{+}", " + "), ("{&}", " and "), ("{|}", " or ")):
        text = text.replace(mark, joint.join(every))
    for index, argument in enumerate(given):
        text = text.replace(f"{{{index}}}", argument)
    return text


_CALLED = re.compile(r"[\w.]+(?: \w+)*\(.*\)|\[.*\]|\(.*\)|\"[^\"]*\"|[\w.?]+")
"""What binds together whatever stands around it."""


def in_parentheses(text: str) -> str:
    """`text`, in parentheses where an operator beside it could take a part of it."""
    return text if _CALLED.fullmatch(text) else f"({text})"


def _bracketed(argument: str, form: str, mark: str) -> str:
    """The argument as it stands at `mark`: in parentheses where the form has operators beside it."""
    before, _, after = form.partition(mark)
    inside = before.endswith(("(", "[", ", ")) and after.startswith((")", "]", ","))
    clause = before.endswith(("if ", "then ", "else ", "in ")) and not after.startswith(" !=")
    return argument if inside or clause else in_parentheses(argument)


def is_example(form: str) -> bool:
    """Whether a form shows how something is written, with parts that nobody wrote."""
    return any(part in form for part in ("x + 1", "x > 1", "item > 1", "a < b", '"P1', "instance of string"))


__all__ = ["ANYTHING", "CONSTANTS", "FUNCTIONS", "METHODS", "YES", "in_parentheses", "is_example", "written"]
