"""Camunda 7: attributes and elements of ``http://camunda.org/schema/1.0/bpmn`` whose meaning carries over."""

from app.bpmn.dialects.base import DialectReader


class CamundaReader(DialectReader):
    pass
