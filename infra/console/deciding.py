"""The staff's part of the journey: examine, draft, approve, decide, permit the seal."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from infra.console.steps import until
from infra.console.visitor import Page, VisitError, Visitor

APPROVE, DECIDE, PERMIT = "承認する", "決裁する", "承認して署名する"
CHECKED, CHECKED_CONTRACT = "施行できます", "結べます"
OPENED = "到達・開封"
WITHDRAWN = "取下げ"


def open_case(visitor: Visitor, number: str) -> Page:
    """The case's page, as soon as the desk has heard of it."""
    address = f"/desk/cases/{number}"
    return until(lambda: present(lambda: visitor.open(address)), f"case {number} on the desk of {visitor.name}")


def examine(visitor: Visitor, number: str) -> Page:
    """Take the case into examination (審査)."""
    open_case(visitor, number)
    return visitor.submit(button="審査を始める")


def draft(visitor: Visitor, number: str, outcome: str = "", values: Mapping[str, str] | None = None) -> Page:
    """Draft the decision (起案) with what the town's rules propose.  ``values``: what the officer enters instead."""
    open_case(visitor, number)
    if outcome:
        visitor.open(f"/desk/cases/{number}?outcome={outcome}")
    return accepted(visitor.submit(values, button="起案する"))


def see_checked(visitor: Visitor, number: str, words: str = CHECKED) -> Page:
    """Wait until the notice compiler has read the draft: 点検中 becomes ``words``."""

    def found() -> Page | None:
        page = visitor.open(f"/desk/cases/{number}")
        return page if words in page.text else None

    return until(found, f"the check of the notice of {number}")


def act(visitor: Visitor, number: str, button: str) -> Page:
    """Approve (承認) or decide (決裁) as the next post of the route."""
    open_case(visitor, number)
    return accepted(visitor.submit(button=button))


def open_document(visitor: Visitor, document_number: str) -> Page:
    """The document before the seal keeper, as soon as it is there."""

    def found() -> Page | None:
        page = visitor.open("/seal/")
        return visitor.follow(document_number) if document_number in page.text else None

    return until(found, f"{document_number} before the seal keeper")


def permit_seal(visitor: Visitor, document_number: str) -> Page:
    """Let the electronic seal be used on one document."""
    open_document(visitor, document_number)
    return accepted(visitor.submit(button=PERMIT))


def see_opened(visitor: Visitor, number: str) -> Page:
    """Wait until the desk knows that the resident has opened the notice."""

    def found() -> Page | None:
        page = open_case(visitor, number)
        return page if OPENED in page.text else None

    return until(found, f"the opening of {number} on the desk")


def see_withdrawn(visitor: Visitor, number: str) -> Page:
    """Wait until the desk knows that the application was taken back (取下げ)."""

    def found() -> Page | None:
        page = open_case(visitor, number)
        return page if WITHDRAWN in page.text else None

    return until(found, f"the withdrawal of {number} on the desk")


def present(open_page: Callable[[], Page]) -> Page | None:
    """The page, or None while a service has not heard of its subject."""
    try:
        return open_page()
    except VisitError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            return None
        raise


def accepted(page: Page) -> Page:
    """Raises VisitError with what a page refused."""
    if page.errors():
        raise VisitError("; ".join(page.errors()), page)
    return page
