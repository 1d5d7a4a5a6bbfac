"""The checklist for every page in every state and width: what is wrong with the page that a person has open."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

HERE = Path(__file__).parent
AXE = (HERE / "vendor" / "axe.min.js").read_text("utf-8")
CHECKS = (HERE / "checklist.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Words of the office, which residents never read outside the notice itself.
OFFICE_WORDS = ("決裁", "起案", "施行", "収受", "補正", "教示", "専決")


def problems(page: Page, *, resident: bool = True) -> list[str]:
    """All that is wrong with the open page, at its present width.  Empty: nothing."""
    page.evaluate(AXE)
    found: list[str] = [*_ask(page, "structure"), *_ask(page, "axe", TAGS)]
    if resident:
        text = str(_ask(page, "words"))
        found += [f"a word of the office: {word}" for word in OFFICE_WORDS if word in text]
    return found


def focus_problems(page: Page, *, stops: int = 40) -> list[str]:
    """Walk the page by the tabulator: every stop is in view and has a ring."""
    page.evaluate("() => { window.scrollTo(0, 0); document.activeElement?.blur(); }")
    found = []
    for _ in range(stops):
        page.keyboard.press("Tab")
        found.append(str(_ask(page, "focus")))
    return [problem for problem in found if problem]


def _ask(page: Page, check: str, value: Any = None) -> Any:
    return page.evaluate(f"(value) => ({CHECKS}).{check}(value)", value)
