"""Residents who apply and staff who decide, all at once and over HTTP, as patient as people are."""

import io
import re
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

from PIL import Image
from requests import RequestException

from infra.console import applying, deciding
from infra.console.visitor import Page, VisitError, Visitor
from infra.local.layout import REPOSITORY
from infra.local.signin.people import everyone
from infra.local.system import System
from tests.chaos.tally import Tally

T = TypeVar("T")
PATIENCE = 150  # a whole town may stop and start meanwhile
RESIDENTS = ("r-takahashi", "r-tsuji", "r-watanabe")
# Who works down which list: its address, what a link to a piece of work looks like, what they press there.
STAFF = {
    "s-kanno": ("/desk/", r"/desk/cases/[^/]+", ("審査を始める", "起案する")),
    "s-endo": ("/desk/", r"/desk/cases/[^/]+", (deciding.APPROVE,)),
    "s-takeda": ("/desk/", r"/desk/cases/[^/]+", (deciding.DECIDE,)),
    "s-satake": ("/seal/", r"/seal/[0-9a-f-]{36}", (deciding.PERMIT,)),
}


class PatientVisitor(Visitor):
    """Reloads a page that did not come, and sends a form again whose answer did not come."""

    def open(self, address: str) -> Page:
        return self._insist(lambda: super(PatientVisitor, self).open(address))

    def submit(self, *values: Any, **how: Any) -> Page:
        return self._insist(lambda: super(PatientVisitor, self).submit(*values, **how))

    def _insist(self, act: Callable[[], T]) -> T:
        before, deadline = self.page, time.monotonic() + PATIENCE
        while True:
            try:
                return act()
            except (RequestException, VisitError) as error:
                is_outage = not isinstance(error, VisitError) or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
                if not is_outage or time.monotonic() > deadline:
                    raise
            self.page = before
            time.sleep(0.3)


class Crowd:
    """One town's people.  Inside ``with``, the staff work down their lists."""

    def __init__(self, system: System) -> None:
        self._url = system.layout.url
        self._people = everyone(REPOSITORY / "infra" / "town")
        self._over = threading.Event()
        self._pool = ThreadPoolExecutor(max_workers=len(RESIDENTS) + len(STAFF))
        self._staff: list[Future[None]] = []

    def __enter__(self) -> "Crowd":
        self._staff = [self._pool.submit(self._work_down, sub, *how) for sub, how in STAFF.items()]
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._pool.shutdown()
        for one in self._staff:
            one.result()

    def apply(self, count: int) -> list[Future[list[str]]]:
        """Let the residents send ``count`` applications; the reception numbers they will have got."""
        shares = [len(range(i, count, len(RESIDENTS))) for i in range(len(RESIDENTS))]
        return [self._pool.submit(self._apply, sub, share) for sub, share in zip(RESIDENTS, shares, strict=True)]

    def resident(self, sub: str) -> Visitor:
        """Somebody who is signed in."""
        return self._signed_in(sub, "/apply/cases")

    def member(self, sub: str) -> Visitor:
        """One of the staff, signed in once more."""
        return self._signed_in(sub, STAFF[sub][0])

    def wait_for_the_end(self, tally: Tally, count: int, seconds: float) -> None:
        """Until so many cases have come to their end.  Raises what went wrong with the staff, or AssertionError."""
        deadline = time.monotonic() + seconds
        while (ended := tally.ended()) < count:
            for one in self._staff:
                if one.done():
                    one.result()
            assert time.monotonic() < deadline, f"{ended} of {count} came to their end; {tally.strays()}"
            time.sleep(1)

    def _apply(self, sub: str, count: int) -> list[str]:
        resident = self.resident(sub)
        return [send_one(resident) for _ in range(count)]

    def _work_down(self, sub: str, address: str, work: str, buttons: Iterable[str]) -> None:
        visitor = self._signed_in(sub, address)
        while not self._over.is_set():
            found = links(visitor.open(address), work)
            for link in found:
                # Pressed already, before an answer that was lost; or not to be pressed yet.
                with suppress(VisitError):
                    press(visitor, link, buttons)
            self._over.wait(0.2 if found else 0.5)

    def _signed_in(self, sub: str, page: str) -> Visitor:
        visitor = PatientVisitor(self._url, self._people[sub].name)
        applying.sign_in(visitor, page)
        return visitor


def send_one(resident: Visitor) -> str:
    """One application; its reception number."""
    fill_in(resident)
    return applying.send(resident)


def fill_in(resident: Visitor) -> None:
    """Everything but the last button."""
    photo = {"photos": ("IMG_0412.jpg", small_photo(), "image/jpeg")}
    applying.apply(resident, applying.answers("たかはし みのり", "resident@example.jp"), photo)


def links(page: Page, pattern: str) -> list[str]:
    """Paths of the page's main part that look like this, each once."""
    found = (urlsplit(urljoin(page.url, a.get("href"))).path for a in page.tree.xpath("//main//a[@href]"))
    return list(dict.fromkeys(path for path in found if re.fullmatch(pattern, path)))


def press(visitor: Visitor, address: str, buttons: Iterable[str]) -> None:
    """Open a piece of work and press the first of these buttons that is there.  Raises VisitError."""
    page = visitor.open(address)
    for button in buttons:
        with suppress(VisitError):
            page.form(button=button)
            visitor.submit(button=button)
            return


def small_photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#bcd9ee").save(out, "JPEG")
    return out.getvalue()
