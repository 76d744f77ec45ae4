"""`app.forms.answer`: what a form takes, and what is wrong with the rest, whoever sends it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from app.forms import Answer, answer, read

TODAY = date(2026, 11, 30)


def asked(*components: Mapping[str, object], known: Mapping[str, object] | None = None, **given: object) -> Answer:
    return answer(read({"components": list(components)}), known or {}, given, TODAY)


def field(kind: str, key: str = "x", /, **said: object) -> dict[str, object]:
    return {"type": kind, "id": key, "key": key, **said}


@pytest.mark.parametrize(
    ("component", "good", "bad"),
    [
        (field("textfield", validate={"required": True}), "a", ["", None]),
        (field("textfield", validate={"minLength": 3, "maxLength": 5}), "abcd", ["ab", "abcdef", 7, " a "]),
        (field("textfield", validate={"minLength": "=limit"}), "abcd", ["abc"]),
        (field("textfield", validate={"pattern": "^[A-Z]{2}$"}), "DE", ["de", "DEU"]),
        (field("textfield", validate={"validationType": "email"}), "a@b.de", ["a@", "gestern"]),
        (field("textfield", validate={"validationType": "phone"}), "+4930664040900", ["030", "call me"]),
        (field("textarea", validate={"maxLength": 2}), "ab", ["abc"]),
        (field("number", validate={"min": 1, "max": 10}), Decimal("2.5"), [Decimal(0), 11, "2", "NaN", True]),
        (field("number", decimalDigits=2), Decimal("1.25"), [Decimal("1.234")]),
        (field("number", decimalDigits=0), 4, [Decimal("4.5")]),
        (field("number", increment=Decimal("0.25")), Decimal("1.5"), [Decimal("1.3")]),
        (field("number", serializeToString=True), "0.10", ["ten"]),
        (field("checkbox", validate={"required": True}), True, [False, None, "yes"]),
        (field("radio", values=[{"value": "a", "label": "A"}, {"value": 2, "label": "B"}]), 2, ["c", "2"]),
        (field("select", valuesKey="countries"), "DE", ["FR"]),
        (field("select", valuesExpression='=for c in countries return c + "!"'), "AT!", ["AT"]),
        (field("checklist", values=[{"value": "a"}], validate={"required": True}), ["a"], [[], ["b"], "a"]),
        (field("taglist", valuesKey="countries"), ["DE", "AT"], [["DE", "FR"]]),
        (field("datetime", subtype="date"), "2026-12-24", ["gestern", "2026-02-30", "24.12.2026", 5]),
        (field("datetime", subtype="date", disallowPassedDates=True), "2026-11-30", ["2026-11-29"]),
        (field("datetime", subtype="time"), "12:30", ["noon", "25:00"]),
        (field("datetime", subtype="datetime"), "2026-12-24T18:00+01:00", ["noon", "2026-12-24", "2026-13-01T10:00"]),
    ],
)
def test_each_component_keeps_its_rules(component: Mapping[str, object], good: object, bad: list[object]) -> None:
    """A value that fits is taken as it is; each that does not fit is named by its field."""
    known = {"limit": Decimal(4), "countries": ["DE", "AT"]}
    fits = asked(component, known=known, x=good)
    assert fits.problems == {}
    assert fits.variables == {"x": good}
    for each in bad:
        assert set(asked(component, known=known, x=each).problems) == {"x"}, each


def test_a_required_field_inside_a_group_is_asked() -> None:
    """However deep; a group with a path keeps its values together."""
    inner = field("textfield", "city", validate={"required": True})
    group = {"type": "group", "path": "address", "components": [{"type": "group", "components": [inner]}]}
    assert asked(group).problems == {"address.city": "Please fill this in."}
    assert asked(group, address={"city": "Ulm", "vip": True}).variables == {"address": {"city": "Ulm"}}


def test_what_a_condition_hides_is_neither_asked_nor_taken() -> None:
    """The condition sees what is given; a hidden value does not count for other conditions."""
    trip = field("checkbox", "abroad")
    visa = field("textfield", "visa", validate={"required": True}, conditional={"hide": "=not(abroad)"})
    note = field("textfield", "note", conditional={"hide": '=visa = null or visa = ""'})
    at_home = asked(trip, visa, note, abroad=False, visa="forged", note="forged")
    assert at_home.problems == {}
    assert at_home.variables == {"abroad": False}
    assert at_home.hidden == {"visa", "note"}
    assert asked(trip, visa, note, abroad=True).problems == {"visa": "Please fill this in."}
    assert asked(trip, visa, note, abroad=True, visa="V1", note="n").variables["note"] == "n"


def test_a_list_is_checked_item_by_item() -> None:
    """Conditions and bounds inside see their own item; the path names which one."""
    lines = {
        "type": "dynamiclist",
        "path": "lines",
        "components": [
            field("number", "amount", validate={"required": True, "max": "=limit"}),
            field("textfield", "why", validate={"required": True}, conditional={"hide": "=this.amount < 10"}),
        ],
    }
    known = {"limit": Decimal(100)}
    found = asked(lines, known=known, lines=[{"amount": 5}, {"amount": 50}, {"amount": 500, "why": "dear"}])
    assert found.problems == {"lines[1].why": "Please fill this in.", "lines[2].amount": "At most 100."}
    assert found.variables["lines"][0] == {"amount": Decimal(5)}  # type: ignore[index]
    assert asked(lines, known=known, lines="nonsense").problems.keys() == {"lines"}
    fixed = {**lines, "allowAddRemove": False}
    assert "none may be added" in asked(fixed, known={**known, "lines": [{}]}, lines=[{}, {}]).problems["lines"]


def test_what_is_locked_or_computed_is_not_taken_from_anybody() -> None:
    """Read-only, disabled and read-only by expression keep what the task has; an expression is computed here."""
    found = asked(
        field("textfield", "a", readonly=True, validate={"required": True}),
        field("textfield", "b", disabled=True),
        field("textfield", "c", readonly="=locked"),
        {"type": "expression", "key": "total", "expression": "=net * 1.19"},
        field("number", "net"),
        known={"a": "kept", "locked": True},
        a="forged",
        b="forged",
        c="forged",
        total=1,
        net=Decimal(100),
    )
    assert found.problems == {}
    assert found.variables == {"net": Decimal(100), "total": Decimal("119.00")}


def test_what_is_not_given_is_what_the_field_began_with() -> None:
    """The task's value, else the default, else the kind's empty value: as the page would send it."""
    found = asked(
        field("textfield", "a"),
        field("textfield", "b", defaultValue="usual"),
        field("number", "c"),
        field("checkbox", "d"),
        field("taglist", "e", values=[{"value": "x"}]),
        field("textarea", "f", validate={"required": True}),
        known={"a": "known", "f": "prefilled"},
    )
    assert found.problems == {}
    assert found.variables == {"a": "known", "b": "usual", "c": None, "d": False, "e": [], "f": "prefilled"}


def test_a_pattern_cannot_hold_the_server() -> None:
    """One that backtracks for ever is broken off, and does not fit."""
    assert asked(field("textfield", validate={"pattern": "^(a+)+$"}), x="a" * 60 + "!").problems
