"""A person at a browser, for scripts: opens pages, fills forms, presses buttons.  Real HTTP, cookies and redirects."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

import lxml.html
import requests

SECONDS = 30
Files = Mapping[str, tuple[str, bytes, str]]


class VisitError(Exception):
    """A page was not what a person would need.  ``status``: of the answer, 0 without one."""

    def __init__(self, what: str, page: "Page | None" = None) -> None:
        self.status = page.status if page else 0
        super().__init__(f"{what} (page: {page.title}, {page.url.split('?')[0]})" if page else what)


@dataclass
class Page:
    """One answer of the server."""

    url: str
    status: int
    body: bytes
    media_type: str
    tree: lxml.html.HtmlElement = field(repr=False)

    @property
    def title(self) -> str:
        """What the window's title says."""
        return str("".join(self.tree.xpath("//title/text()"))).strip()

    @property
    def text(self) -> str:
        """The readable text of the main part, spaces folded."""
        main = self.tree.xpath("//main") or [self.tree]
        return " ".join(main[0].text_content().split())

    def link(self, *words: str) -> str:
        """Address of the first link whose text holds all ``words``."""
        for found in self.tree.xpath("//a[@href]"):
            if all(word in found.text_content() for word in words):
                return str(urljoin(self.url, found.get("href")))
        raise VisitError(f"no link 「{' '.join(words)}」", self)

    def row_link(self, words: str) -> str:
        """Address of the link in the innermost element that holds ``words`` and a link."""
        for found in reversed(self.tree.xpath("//*[self::li or self::tr]")):
            links = found.xpath(".//a[@href]")
            if links and words in found.text_content():
                return str(urljoin(self.url, links[0].get("href")))
        raise VisitError(f"no row 「{words}」", self)

    def form(self, *, button: str = "", action: str = "") -> lxml.html.FormElement:
        """The form with a button that says ``button``, or whose address holds ``action``."""
        for found in self.tree.xpath("//form"):
            words = [(b.text_content() or "") + (b.get("value") or "") for b in buttons(found)]
            if action in (found.get("action") or "") and (not button or any(button in word for word in words)):
                return found
        raise VisitError(f"no form with the button 「{button or action}」", self)

    def errors(self) -> list[str]:
        """What the error summary says."""
        return [" ".join(item.text_content().split()) for item in self.tree.xpath("//*[@role='alert']//li")]


class Visitor:
    """One person with one browser."""

    def __init__(self, base: str, name: str = "") -> None:
        self.base, self.name = base, name
        self.session = requests.Session()
        self.session.trust_env = False
        self.page: Page | None = None

    def open(self, address: str) -> Page:
        """Open an address (a path, or whole)."""
        return self._see(self.session.get(urljoin(self.base, address), timeout=SECONDS))

    def follow(self, *words: str) -> Page:
        """Follow the link whose text holds all ``words``."""
        return self.open(self._here().link(*words))

    def follow_row(self, words: str) -> Page:
        """Follow the link of the row that holds ``words``."""
        return self.open(self._here().row_link(words))

    def submit(
        self,
        values: Mapping[str, str | Iterable[str]] | None = None,
        *,
        button: str = "",
        action: str = "",
        files: Files | None = None,
    ) -> Page:
        """Fill the form and press its button.  Raises VisitError when the form has no such field."""
        page = self._here()
        form = page.form(button=button, action=action)
        data = filled(form, values or {}, files or {}, page)
        data += pressed(form, button)
        url = urljoin(page.url, form.get("action") or page.url)
        if (form.get("method") or "get").lower() == "get":
            return self._see(self.session.get(url, params=data, timeout=SECONDS))
        uploads = [(name, file) for name, file in (files or {}).items()]
        return self._see(self.session.post(url, data=data, files=uploads or None, timeout=SECONDS))

    def _here(self) -> Page:
        if self.page is None:
            raise VisitError("no page is open")
        return self.page

    def _see(self, answer: requests.Response) -> Page:
        media_type = answer.headers.get("content-type", "").split(";")[0]
        source = answer.content if media_type == "text/html" and answer.content else b"<html></html>"
        tree = lxml.html.fromstring(source, parser=lxml.html.HTMLParser(encoding="utf-8"))
        page = Page(answer.url, answer.status_code, answer.content, media_type, tree)
        if media_type == "text/html":
            self.page = page
        if answer.status_code >= requests.codes.bad_request:
            raise VisitError("; ".join([f"the server answered {answer.status_code}", *page.errors()]), page)
        return page


def buttons(form: lxml.html.FormElement) -> list[lxml.html.HtmlElement]:
    """What can send the form."""
    found: list[lxml.html.HtmlElement] = form.xpath(
        ".//button[not(@type) or @type='submit'] | .//input[@type='submit']"
    )
    return found


def filled(
    form: lxml.html.FormElement, values: Mapping[str, str | Iterable[str]], files: Files, page: Page
) -> list[tuple[str, str]]:
    """The form's fields as they stand, with ``values`` in their place."""
    names = {found.get("name") for found in form.xpath(".//input | .//select | .//textarea")}
    unknown = sorted((set(values) | set(files)) - names)
    if unknown:
        raise VisitError(f"the form has no field {', '.join(unknown)}", page)
    data = [(name, value) for name, value in form.form_values() if name not in values]
    for name, value in values.items():
        data += [(name, value)] if isinstance(value, str) else [(name, one) for one in value]
    return data


def pressed(form: lxml.html.FormElement, words: str) -> list[tuple[str, str]]:
    """Name and value that the button itself sends."""
    for found in buttons(form):
        if words and words in (found.text_content() or "") + (found.get("value") or "") and found.get("name"):
            return [(found.get("name"), found.get("value") or "")]
    return []
