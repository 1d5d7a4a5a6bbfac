"""The checklist for every page in every state and width: what is wrong with the page that a person has open."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

HERE = Path(__file__).parent
AXE = (HERE / "vendor" / "axe.min.js").read_text("utf-8")
CHECKS = (HERE / "checklist.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Words of the office, which residents never read outside the notice itself.
OFFICE_WORDS = ("決裁", "起案", "施行", "収受", "補正", "教示", "専決")
# 1280 x 1024 at 400 % (WCAG 1.4.10).
ZOOMED = {"width": 320, "height": 256}
MOST_STOPS = 250


def problems(page: Page, *, resident: bool = True, framed: bool = True) -> list[str]:
    """All that is wrong with the open page, at its present width.  Empty: nothing.

    ``framed``: whether it stands in the frame of a service, with a menu to skip.
    """
    page.evaluate(AXE)
    found: list[str] = [*_ask(page, "structure"), *_ask(page, "axe", TAGS)]
    if framed:
        found += _ask(page, "skip")
    if resident:
        text = str(_ask(page, "words"))
        found += [f"a word of the office: {word}" for word in OFFICE_WORDS if word in text]
    return found


def focus_problems(page: Page) -> list[str]:
    """Walk the page by the tabulator: every stop is in view, has a ring, and comes after the one before it."""
    _ask(page, "focusAgain")
    found: list[str] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = _ask(page, "focus")
        if stop["end"]:
            return found
        found += stop["found"]
    return [*found, f"more than {MOST_STOPS} stops"]


def summary_problems(page: Page) -> list[str]:
    """Just after a form came back: the summary of its errors has the focus."""
    return list(_ask(page, "summaryFocused"))


def zoom_problems(page: Page) -> list[str]:
    """At 320 px, which is 400 % of 1280: nothing scrolls sideways, every stop is in view, also with spaced text."""
    size = page.viewport_size
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    found = [*_ask(page, "sideways"), *_ask(page, "spaced"), *focus_problems(page)]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    return [f"at 320 px: {one}" for one in found]


def spacing_problems(page: Page) -> list[str]:
    """WCAG 1.4.12 at the present width."""
    return list(_ask(page, "spaced"))


def forced_colour_problems(page: Page) -> list[str]:
    """With the system's own colours every state is still seen."""
    page.emulate_media(forced_colors="active")
    found = list(_ask(page, "forced"))
    page.emulate_media(forced_colors="none")
    return found


class Watch:
    """Listens to a page from now on: requests to other hosts, breaches of its policy, errors of its scripts."""

    def __init__(self, page: Page) -> None:
        self.found: list[str] = []
        self._page = page
        page.on("request", self._on_request)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.found.append(f"script: {error.name}"))

    def _on_request(self, request: Request) -> None:
        here, host = urlsplit(self._page.url).netloc, urlsplit(request.url).netloc
        if here and host not in ("", here):
            self.found.append(f"another host: {host}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.found.append(f"against the policy: {message.text[:120]}")


def _ask(page: Page, check: str, value: Any = None) -> Any:
    return page.evaluate(f"(value) => ({CHECKS}).{check}(value)", value)
