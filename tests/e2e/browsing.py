"""One person at one browser window."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, Locator, Page

Values = Mapping[str, str | list[str]]
PHONE, DESK = (390, 844), (1280, 900)


class Person:
    """``name``: as the sign-in page shows it."""

    def __init__(
        self, browser: Browser, base: str, name: str, size: tuple[int, int] = PHONE, *, scripts: bool = True
    ) -> None:
        self.base, self.name = base, name
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            accept_downloads=True,
            java_script_enabled=scripts,
        )
        self.page: Page = self.context.new_page()

    def open(self, address: str) -> None:
        """Open a path; sign in when the page asks for it."""
        self.page.goto(urljoin(self.base, address))
        self.pick_myself()

    def again(self) -> None:
        """Load the page anew."""
        self.page.wait_for_load_state()
        self.page.goto(self.page.url)

    def pick_myself(self) -> None:
        """Say who one is, when the sign-in asks."""
        if "/dev/signin" in self.page.url:
            self._go(self.page.get_by_role("button", name=self.name))

    def row(self, words: str) -> Locator:
        """The row of a list or table that holds ``words``."""
        return self.page.get_by_role("main").locator("tr, li").filter(has_text=words).first

    def close(self) -> None:
        """Close the browser window."""
        self.context.close()

    def press(self, words: str) -> None:
        """Press the button that says ``words``."""
        self._go(self.page.get_by_role("button", name=words).first)

    def tap(self, words: str) -> None:
        """Press a button whose script may stay on the page."""
        self.page.get_by_role("button", name=words).first.click()

    def follow(self, words: str) -> None:
        """Follow the link that says ``words``."""
        self._go(self.page.get_by_role("link", name=words).first)

    def open_row(self, words: str) -> None:
        """Follow the link of the row that holds ``words``."""
        self._go(self.row(words).get_by_role("link").first)

    def fill(self, values: Values) -> None:
        """Fill fields by name, as fingers do: type, pick, tick."""
        for name, value in values.items():
            self._fill_one(self.page.locator(f'[name="{name}"]'), value)

    def attach(self, name: str, file_name: str, media_type: str, data: bytes) -> None:
        """Choose a file."""
        self.page.locator(f'input[type=file][name="{name}"]').set_input_files(
            {"name": file_name, "mimeType": media_type, "buffer": data}
        )

    def text(self) -> str:
        """What the main part says."""
        return self.page.locator("main").inner_text()

    def picture(self, path: Path, *, whole: bool = True) -> None:
        """A screenshot."""
        self.page.screenshot(path=path, full_page=whole)

    def _go(self, way: Locator) -> None:
        """Click what leads to another page, and wait until that page is there."""
        with self.page.expect_navigation():
            way.click()

    def _fill_one(self, field: Locator, value: str | list[str]) -> None:
        kind = field.first.evaluate("one => one.type || one.tagName.toLowerCase()")
        if kind in ("radio", "checkbox"):
            for one in [value] if isinstance(value, str) else value:
                field.and_(self.page.locator(f'[value="{one}"]')).check()
        elif kind == "select-one":
            field.select_option(str(value))
        else:
            field.fill(str(value))
