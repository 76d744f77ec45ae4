"""The wording of every remedy: what to write instead of what people bring along from Excel, JavaScript, Python, SQL and
JUEL.

Here live sentences only. Who recognises a mistake is in the other files of this folder; `tests/feel/mistakes.txt` is
the table of mistakes with the messages that they lead to.
"""

from enum import Enum, unique


@unique
class Mistake(Enum):
    """A kind of mistake; its value is the remedy. ``{found}`` is what was written, ``{instead}`` what to write."""

    # --- operators ---
    EQUALS_SIGNS = "Write one equals sign: {instead} compares in FEEL."
    UNEQUAL = "Write {instead} for what differs."
    ORDER = "Write {instead}: the equals sign comes last."
    ONE_SIGN = "Write {instead} without a blank."
    SIGN = "Write {instead}, which is made of ordinary characters."
    LOGIC = "Write the word {instead}."
    NEGATION = "Write {instead}: not is a function, with parentheses."
    JOIN = "Write {instead}: the plus joins texts."
    JOIN_OR_LOGIC = "Write + to join texts, or the word and between conditions."
    POWER = "Write {instead} for a power."
    PERCENT = "Write {instead}: FEEL has no percent sign."
    MODULO = "Write {instead}: the remainder is a function."
    INTEGER_DIVISION = "Write {instead}: what is left of a division without its fraction is a function."
    EXCLUSIVE_OR = "Write {instead}: two booleans that differ are one of them."
    CONDITIONAL = "Write {instead}: a choice is an if with then and else."
    DEFAULT = "Write {instead} for a value in place of null."
    SAFE_PATH = "Write {instead}: a member of null is null already."
    FILTER_ITEM = "Write {instead}: a filter is a condition, and item is what it is about."
    ASSIGNMENT = "Write {instead}: an expression has a value, and changes no variable."
    COMPARISON_WITHOUT_LEFT = "Write {instead}: both sides of {found} are comparisons of their own."

    # --- words ---
    CASE = "Write {instead} in lower case."
    NOT_IN = "Write {instead}: the negation goes around the whole test."
    IS = "Write {instead}: what is compared is compared by signs."
    WORD_OPERATOR = "Write {instead}: operators are signs, except for and, or, in and between."
    FUNCTION_BETWEEN = "Write {instead}: it is a function, and takes both in parentheses."
    LIKE = "Write {instead}: there are no patterns with % in FEEL."
    ELSE_IF = "Write {instead}: another condition is another if."
    THEN = "Write {instead}: the result follows then."
    ELSE = "Write {instead}: every if has an else."
    IF_FUNCTION = "Write {instead}: if takes no parentheses and commas."
    IF_BEHIND = "Write {instead}: the condition comes first."
    ELSE_BODY = "Write {instead}: the result follows else."
    EACH = "Write {instead}: that is the word of an iteration."
    CASE_WHEN = "Write {instead}: branches are ifs, one after the other."
    END_WORD = "Leave {found} out: nothing closes an if or a for."
    RETURN = "Write {instead}: what a for yields follows return."
    SATISFIES = "Write {instead}: the condition follows satisfies."
    COMPREHENSION = "Write {instead}: the iteration comes first."
    LAMBDA = "Write {instead}: a function is written with its word."
    BODY = "Write {instead}: the body is an expression without braces."
    NEW = "Leave {found} out: a function makes the value."
    STATEMENT = "Leave {found} out: an expression is its own result."
    INSTANCE_OF = "Write {instead}: a type is asked for with these words."
    TYPE = "Write {instead}: that is the type's name in FEEL."
    TYPE_NAME = (
        "Write a type: number, string, boolean, date, time, date and time, a duration, list<number> or the name \
of an item definition."
    )

    # --- texts, numbers, dates ---
    QUOTES = "Write {instead}: texts are between straight double quotation marks."
    QUOTES_OPEN = 'Write texts between straight double quotation marks, as in "gold".'
    UNCLOSED = "Write the closing quotation mark: {instead}."
    UNCLOSED_SOMEWHERE = 'Write " where the text ends; inside a text it is \\".'
    GROUPING = "Write {instead}: digits are not grouped."
    DECIMAL_COMMA = "Write {instead}: the decimal sign is a point."
    DECIMAL_POINT = "Write {instead}: digits follow a decimal point."
    HEXADECIMAL = "Write {instead}: numbers are decimal."
    CURRENCY = "Write {instead}: a number has no currency."
    UNIT = "Write {instead}: a number has no unit."
    NUMBER_SUFFIX = "Write {instead}: there is one kind of numbers."
    DURATION = "Write {instead}: a duration is a text with P in front, and T before hours."
    CLOCK = "Write {instead}: a time has hours, minutes and seconds."
    DATE = "Write {instead}: year, month, day."
    TEMPORAL = "Write {instead}: that is how it is spelled."
    NUMBER_RANGE = "Write a number of up to 34 digits, between -9.99e6144 and 9.99e6144."

    # --- ranges and cells ---
    BRACKETS = "Write {instead}: a range has brackets, and parentheses leave its endpoints out."
    DOTS = "Write two dots: {instead}."
    BOTH_BOUNDS = "Write {instead}: and joins conditions, and a cell holds tests."
    EITHER_TEST = "Write {instead}: the comma between tests means or."
    BOTH_TESTS = "Write {instead}: ? is the input of the column."
    BETWEEN_CELL = "Write {instead}: a range has brackets and two dots."
    ANYTHING = "Write {instead}, which lets everything pass."
    TEST_WORD = "Write {instead}: a cell holds the tests only."
    TEST_FUNCTION = "Write {instead}: ? is the input that the function is asked about."
    EMPTY_CELL = "Write - for a cell that lets everything pass."

    # --- brackets, commas, wrappings ---
    CLOSING = "Write the closing bracket: {instead}."
    SURPLUS = "Leave {found} out: no bracket is open here."
    WRONG_BRACKET = "Write {instead}, which closes what is open."
    COMMA = "Leave the last comma out."
    SEMICOLON = "Write {instead}: commas separate."
    SEMICOLON_END = "Leave the semicolon out."
    COLON = "Write {instead}: a colon stands between a key and its value."
    KEY = "Write {instead}: a key is a name or a text."
    KEY_ALONE = "Write {instead}: every key has a value."
    WRAPPED = "Write {instead}: {found} is another language's way to say that an expression follows."
    PARAMETER_SIGN = "Write {instead}: variables go by their bare names."
    LEADING_EQUALS = "Leave the equals sign out: this is an expression already."
    EMPTY = 'Write an expression, such as amount > 100 or "gold"; null is the value for nothing.'

    # --- names ---
    SPELLING = "Write {instead}, as it is declared."
    SPELLING_CHOICE = "Did you mean {instead}?"
    TWO_OPERANDS = "Write an operator or a comma before {found}, or write the name as it is declared."
    CONSTANT = "Write {instead}: that is FEEL's word for it."
    YES = "Write {instead}, or {quoted} where a text is meant."
    TEXT_WITHOUT_QUOTES = "Write {instead} in quotation marks if a text is meant."
    FUNCTION_ELSEWHERE = "Write {instead}: that is what FEEL has for it."
    METHOD = "Write {instead}: values have members and no methods."
    PARENTHESES = "Write {instead}: a function is called with parentheses."

    # --- readable, and not what is meant ---
    DATE_ARITHMETIC = "Write {instead}: a date without quotation marks is a subtraction."
    DIVIDED_DATE = "Write a date as in {instead}, with year, month and day: {found} is a division."
    MINUS_RANGE = "Write {instead} for a range: {found} is a subtraction."
    LIST_RANGE = "Write {instead} for a range: {found} is a list of values."
    GROUPED_TESTS = "Write {instead} for the number: the comma separates tests."
    TEXTS_AS_CONDITIONS = "Write {instead}: or joins conditions, and texts are none."
    TEXT_AND_NUMBER = "Write {instead}: texts are joined with texts."
    ONE_NEGATION = "Write {instead}: one not takes all the values."
    CHAINED = "Write {instead}: a comparison has two sides."
    COMPARED_TO_ALTERNATIVES = "Write {instead}: or joins conditions."
    FIRST_INDEX = "Write {instead}: positions count from 1."
    COMMENT = "Write {instead} for an integer division: // begins a comment."

    # --- values ---
    CONVERTED = "Write {instead}: a text is converted where something else is due."
    ZONES = "Give both a zone or an offset, or neither; a date alone counts in UTC."
    DATE_OF_BOTH = "Write date(…) around the date and time, or date and time(…) around the date."
    FUNCTION_FOR_LISTS = "Write {instead} for a list."

    # --- what was expected, where nobody's habit is known ---
    OPERAND = "Write a value, a name or a function call here."
    OPERATOR = "Write an operator before {found}, or leave it out."
    SEPARATOR = "Write a comma or an operator before {found}, or close the bracket."
    RESERVED_WORD = "Write a value here; {found} is a word of the language, and as a name it stands between backticks."
    TESTS = "Write a comma before {found}, or leave it out."
    IF_FORM = "An if is written: if condition then value else value."
    FOR_FORM = "An iteration is written: for x in list return x + 1."
    QUANTIFIED_FORM = "A quantification is written: some x in list satisfies x > 1."
    BETWEEN_FORM = "Bounds are written: x between 1 and 10."
    INSTANCE_FORM = "A type is asked for by: x instance of number."
    RANGE_FORM = "A range is written: [1..10], with parentheses where an endpoint is left out."
    ARGUMENT_FORM = "Arguments are written: f(1, 2), or all by their names: f(a: 1, b: 2)."
    CONTEXT_FORM = 'A context is written: {{a: 1, "b c": 2}}.'
    MEMBER_FORM = "Write the name of a member after the point; one with special characters between backticks."
    PARAMETER_FORM = "A function is written: function(a, b) a + b."
    TEMPORAL_FORM = 'A date, time or duration is written: @"2024-01-31", @"10:30:00", @"P1D".'
    NUMBER_FORM = 'A number is written: 1234.5; with separators they are named: number("1,234.5", ",", ".").'
    NAME_FORM = "Write a name: letters, digits and spaces, the first one being a letter."
    NAME_BACKTICKS = "Write a name between the backticks, as in `a/b`."
    LENGTH = "Take parts out into decisions or variables of their own."

    def sentence(self, found: str = "", instead: str = "", quoted: str = "") -> str:
        """The remedy in words."""
        return self.value.format(found=found, instead=instead, quoted=quoted)


__all__ = ["Mistake"]
