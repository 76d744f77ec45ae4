"""What events catch and throw, one file per kind of event definition (BPMN 2.0.2, 10.5.5).

A `Catch` says what to wait for, a `Throw` what to do. Where an event stands (boundary, start, gateway …) and what
happens to the token belongs to `app.engine.elements`.
"""
