"""What a page in the browser complained about."""

from playwright.sync_api import ConsoleMessage, Page, ViewportSize

PHONE: ViewportSize = {"width": 390, "height": 844}


class Complaints:
    """Errors and warnings that a page writes to its console, and exceptions that nobody caught."""

    def __init__(self, page: Page) -> None:
        self.found: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.found.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.found.append(f"{message.text} ({message.location.get('url', '')})")
