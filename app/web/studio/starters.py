"""The models that the studio's "New process" and "New decision" begin with. They are complete and can be deployed."""

import re
from xml.sax.saxutils import quoteattr

from app.runtime.views import ModelKind

NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,99}")
"""What the id of a new model may look like: an NCName without the letters that addresses would have to escape."""

_PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:modeler="http://camunda.org/schema/modeler/1.0"
  id="definitions" targetNamespace="http://bpmn.io/schema/bpmn"
  modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.8.0">
  <bpmn:process id={key} name={name} isExecutable="true">
    <bpmn:startEvent id="start" name="Started">
      <bpmn:outgoing>to-end</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:endEvent id="end" name="Done">
      <bpmn:incoming>to-end</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="to-end" sourceRef="start" targetRef="end" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram">
    <bpmndi:BPMNPlane id="plane" bpmnElement={key}>
      <bpmndi:BPMNShape id="start_di" bpmnElement="start">
        <dc:Bounds x="160" y="100" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="158" y="143" width="40" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="end_di" bpmnElement="end">
        <dc:Bounds x="320" y="100" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="324" y="143" width="28" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="to-end_di" bpmnElement="to-end">
        <di:waypoint x="196" y="118" />
        <di:waypoint x="320" y="118" />
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""

_DECISION = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"
  xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/"
  xmlns:di="http://www.omg.org/spec/DMN/20180521/DI/" xmlns:modeler="http://camunda.org/schema/modeler/1.0"
  id="definitions" name={name} namespace="http://camunda.org/schema/1.0/dmn"
  modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.8.0">
  <decision id={key} name={name}>
    <variable id="variable" name={name} typeRef="string" />
    <decisionTable id="table">
      <input id="input" label="Amount">
        <inputExpression id="input-expression" typeRef="number">
          <text>amount</text>
        </inputExpression>
      </input>
      <output id="output" label="Outcome" name="outcome" typeRef="string" />
      <rule id="rule-1">
        <inputEntry id="rule-1-input">
          <text>&lt;= 20</text>
        </inputEntry>
        <outputEntry id="rule-1-output">
          <text>"small"</text>
        </outputEntry>
      </rule>
      <rule id="rule-2">
        <inputEntry id="rule-2-input">
          <text>&gt; 20</text>
        </inputEntry>
        <outputEntry id="rule-2-output">
          <text>"large"</text>
        </outputEntry>
      </rule>
    </decisionTable>
    <informationRequirement id="requirement">
      <requiredInput href="#amount" />
    </informationRequirement>
  </decision>
  <inputData id="amount" name="amount">
    <variable id="amount-variable" name="amount" typeRef="number" />
  </inputData>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="diagram">
      <dmndi:DMNShape id="decision-shape" dmnElementRef={key}>
        <dc:Bounds height="80" width="180" x="160" y="100" />
      </dmndi:DMNShape>
      <dmndi:DMNShape id="amount-shape" dmnElementRef="amount">
        <dc:Bounds height="45" width="125" x="188" y="260" />
      </dmndi:DMNShape>
      <dmndi:DMNEdge id="requirement-edge" dmnElementRef="requirement">
        <di:waypoint x="250" y="260" />
        <di:waypoint x="250" y="200" />
        <di:waypoint x="250" y="180" />
      </dmndi:DMNEdge>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""


def start_model(kind: ModelKind, key: str, name: str) -> bytes:
    """A small model of this kind (BPMN or DMN) with this id, which fits `NAME`, and this name, any text."""
    template = _PROCESS if kind is ModelKind.BPMN else _DECISION
    return template.format(key=quoteattr(key), name=quoteattr(name)).encode()
