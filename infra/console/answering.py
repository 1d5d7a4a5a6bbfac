"""The resident's part after an application was sent: answer what the office asks, or take the application back."""

from infra.console import applying
from infra.console.visitor import Files, Page, VisitError, Visitor

ASKED = "確かめていただきたいことがあります"


def read(visitor: Visitor, number: str) -> Page:
    """The case's page leads to what the office asks.  Raises VisitError when nothing is asked."""
    page = visitor.open(f"/apply/cases/{number}")
    if ASKED not in page.text:
        raise VisitError(f"the page of {number} does not say that something is asked", page)
    return visitor.follow("内容を見て答える")


def answer(visitor: Visitor, values: applying.Values, files: Files | None = None) -> Page:
    """Fill in fields (topic__question) of what is asked, and send.  Raises VisitError with what the page refused."""
    page = visitor.submit(values, button="送る", files=files)
    if page.errors():
        raise VisitError("; ".join(page.errors()), page)
    return page


def withdraw(visitor: Visitor, number: str) -> Page:
    """Take an application back."""
    visitor.open(f"/apply/cases/{number}")
    visitor.follow("申請を取り下げる")
    return visitor.submit(button="申請を取り下げる")
