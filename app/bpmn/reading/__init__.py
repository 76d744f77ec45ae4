"""From bytes to `Definitions`, one stage or family per file: XML, roots, scopes, nodes, events, loops.

Nothing here judges a diagram beyond what cannot be represented; the rules live in `app.bpmn.rules`.
"""
