"""``python -m app.cli`` is ``bailiwick``."""

from app.cli.main import main

main(prog_name="bailiwick")
