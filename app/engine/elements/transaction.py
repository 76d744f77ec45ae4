"""Transactions: subprocesses that a cancel end event undoes as a whole (BPMN 2.0.2, 13.3.4)."""

from app.engine.elements.sub_process import SubProcessSpec


class TransactionSpec(SubProcessSpec):
    element_type = "transaction"
