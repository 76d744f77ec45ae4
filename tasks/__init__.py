"""Task handlers: what our processes may do to our systems, one module per system.

Every public module here is loaded through the entry point ``bailiwick.tasks``; a new file with an ``@action`` in it is
enough. Handlers see their request and their context, and nothing else of the platform. Where the systems are is
configuration: ``[tasks.billing] base_url = "https://…"`` in `bailiwick.toml`, or in the environment
``BAILIWICK_TASKS__BILLING__BASE_URL``.
"""
