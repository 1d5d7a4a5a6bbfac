"""The whole town on servers and ports of its own, and a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from rich.console import Console

from infra.console.journeys import Grant
from infra.local.system import System

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def journey(town: System) -> Grant:
    """One case that has gone the whole way, by plain HTTP: no page needs a script."""
    walked = Grant(town.layout, Console())
    walked.run()
    return walked


@pytest.fixture(scope="session")
def browser(journey: Grant) -> Iterator[Browser]:
    """Debian's Chromium.  The plain journey comes first: it verifies with pyHanko, whose event loop cannot run beside
    the one that Playwright keeps in this thread.
    """
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()
