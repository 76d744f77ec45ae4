"""What of Camunda 7's expressions becomes FEEL, and how the rest is refused."""

import pytest

from app import feel
from app.bpmn.dialects.juel import Untranslatable, translate
from app.bpmn.extensions import Expression


@pytest.mark.parametrize(
    ("juel", "feel"),
    [
        ("${amount}", "amount"),
        ("#{amount}", "amount"),
        ("${order.customer.name}", "order.customer.name"),
        ("${order['key one']}", "order.`key one`"),
        ("${items[0].price}", "items[1].price"),
        ("${a == 'x' && !done}", 'a = "x" and not(done)'),
        ("${a eq 1 or b ne 2 and c gt 3}", "a = 1 or b != 2 and c > 3"),
        ("${(a or b) and c}", "(a or b) and c"),
        ("${a + b * (c - d) / 2}", "a + b * (c - d) / 2"),
        ("${a - (b - c)}", "a - (b - c)"),
        ("${x % 3 + 1 >= -2}", "modulo(x, 3) + 1 >= -2"),
        ("${x mod 3 div 2}", "modulo(x, 3) / 2"),
        ("${a == b == c}", "(a = b) = c"),
        ("${empty list}", '(list = null or list = "" or list = [])'),
        ("${not empty x and y}", 'not((x = null or x = "" or x = [])) and y'),
        ("${a ? b : c ? d : e}", "if a then b else if c then d else e"),
        ("${execution.getVariable('order id')}", "`order id`"),
        ("${return}", "`return`"),
        ("${'it\\'s \"so\"'}", '"it\'s \\"so\\""'),
        ("${null == x}", "null = x"),
        ("Order ${id} of ${name}!", '"Order " + string(id) + " of " + string(name) + "!"'),
        ("${'a}b'}", '"a}b"'),
    ],
)
def test_translated(juel: str, feel: str) -> None:
    """Variables, properties, comparison, logic, arithmetic, empty, ternary and composed texts become FEEL."""
    assert translate(juel) == Expression(feel)


@pytest.mark.parametrize("text", ["", "plain", "50 %", "a = b", "$ {x}"])
def test_literals(text: str) -> None:
    """A text without an expression stays what it is."""
    assert translate(text) == Expression(text, is_feel=False)


@pytest.mark.parametrize(
    ("juel", "found"),
    [
        ("${bean.run(1)}", "the method run()"),
        ("${now()}", "the function now()"),
        ("${execution.id}", "the engine's object 'execution'"),
        ("${task.assignee}", "the engine's object 'task'"),
        ("${a = 3}", "an assignment"),
        ("${items[i]}", "a computed index"),
        ("${a", "an expression without its closing brace"),
        ("${a +}", "the end of the expression"),
        ("${}", "the end of the expression"),
        ("${a b}", "'b'"),
        ("${a # b}", "'# b'"),
        ("${" + "(" * 500 + "a" + ")" * 500 + "}", "nested more than 100 deep"),
        ("${" + "!" * 5000 + "a}", "nested more than 100 deep"),
    ],
)
def test_refused(juel: str, found: str) -> None:
    """What cannot be translated is named, with a remedy."""
    with pytest.raises(Untranslatable) as refusal:
        translate(juel)
    assert found in refusal.value.found
    assert refusal.value.remedy


@pytest.mark.parametrize(
    "juel", ["${a ? b : -c}", "${empty (a) && !(b || c)}", "x ${a % 2} y", "${a['k'].b[0] / 2 ge 1}", "${return == 1}"]
)
def test_what_comes_out_is_feel(juel: str) -> None:
    """The translation can be read by FEEL."""
    assert feel.compile(translate(juel).text)
