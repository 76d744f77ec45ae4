"""What each BPMN element does: one family, one file, named in the words of the specification.

Task specs of SpiffWorkflow live here and nothing else; building them from a diagram is `app.engine.compiler`'s work.
"""
