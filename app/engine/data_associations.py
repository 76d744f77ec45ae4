"""Data associations between data objects and activities, as variables (BPMN 2.0.2, 10.4.2 and 13.5.1).

A data object is the variable of its name (of its id, if it has none); so is everything else that an association names.
A transformation gives the value, assignments set members, otherwise the source is copied to the target.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.bpmn import model
from app.engine import formulas
from app.engine.builder import Builder
from app.engine.formulas import Formula
from app.engine.mappings import VariableMapping, mapped
from app.engine.token import Token


@dataclass(frozen=True, slots=True)
class Association:
    """`source` and `target` are variables."""

    source: str | None
    target: str | None
    transformation: Formula | None
    assignments: tuple[VariableMapping, ...]

    def values(self, token: Token) -> dict[str, object]:
        """What the association sets, seen from the activity."""
        if self.assignments:
            return mapped(token, self.assignments)
        if self.target is None:
            return {}
        if self.transformation is not None:
            return {self.target: formulas.json_value(token, self.transformation)}
        known = token.lookup((self.source,)) if self.source else {}
        return {self.target: known[self.source]} if self.source in known else {}


def read(
    builder: Builder, node: model.Activity, associations: tuple[model.DataAssociation, ...]
) -> tuple[Association, ...]:
    """The associations of one side of an activity, data objects by their variables."""
    if not associations:
        return ()
    names = builder.data_names
    found = []
    for each in associations:
        source = each.source_ids[0] if each.source_ids else None
        found.append(
            Association(
                names.get(source, source) if source else None,
                names.get(each.target_id, each.target_id) if each.target_id else None,
                builder.optional(node, each.transformation, "transformation of the data"),
                tuple(
                    VariableMapping(builder.formula(node, origin, "assignment of data"), path(target.text, names))
                    for origin, target in each.assignments
                ),
            )
        )
    return tuple(found)


def path(target: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """``order.total`` as variable and members."""
    head, *rest = target.strip().split(".")
    return (names.get(head, head), *rest)


def gathered(token: Token, associations: tuple[Association, ...]) -> dict[str, object]:
    """What all these associations set."""
    values: dict[str, object] = {}
    for association in associations:
        values.update(association.values(token))
    return values
