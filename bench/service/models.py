"""What is deployed for the measurement: the two processes of the targets, and a decision."""

from tests.runtime.diagrams import END, START, diagram, service_task, user_task

GROUP = "clerks"
DECISION_TASK = (
    '<bpmn:businessRuleTask id="decide"><bpmn:extensionElements>'
    '<zeebe:calledDecision decisionId="discount" resultVariable="discount" />'
    "</bpmn:extensionElements>{flows}</bpmn:businessRuleTask>"
)
DECISION = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="discounts" name="Discounts"
  namespace="https://bailiwick.example/bench">
  <inputData id="amount" name="amount"><variable name="amount" typeRef="number" /></inputData>
  <decision id="discount" name="Discount">
    <variable name="Discount" typeRef="number" />
    <informationRequirement id="needs"><requiredInput href="#amount" /></informationRequirement>
    <decisionTable hitPolicy="FIRST">
      <input id="in"><inputExpression typeRef="number"><text>amount</text></inputExpression></input>
      <output id="out" typeRef="number" />
      <rule id="r1"><inputEntry id="i1"><text>&gt;= 1000</text></inputEntry>
        <outputEntry id="o1"><text>10</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="i2"><text>[100..1000)</text></inputEntry>
        <outputEntry id="o2"><text>5</text></outputEntry></rule>
      <rule id="r3"><inputEntry id="i3"><text>-</text></inputEntry>
        <outputEntry id="o3"><text>0</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""
VARIABLES = {"amount": 250, "customer": "C-1001", "lines": [{"article": "A-1", "pieces": 2}]}

ORDER = "order"  # start, decision, service task, user task, end
ERRAND = "errand"  # start, user task, end


def models() -> dict[str, bytes]:
    return {
        "order.bpmn": diagram(
            ORDER, START, DECISION_TASK, service_task("bench.book"), user_task("confirm", groups=GROUP), END
        ),
        "errand.bpmn": diagram(ERRAND, START, user_task("confirm", groups=GROUP), END),
        "discounts.dmn": DECISION,
    }
