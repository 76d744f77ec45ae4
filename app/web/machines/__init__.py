"""What machines ask without being a program of the API: webhooks, probes of health, Prometheus' figures.

Not here: the JSON API (`api`), and pages.
"""
