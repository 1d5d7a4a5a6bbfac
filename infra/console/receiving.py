"""The resident's last part of the journey: the mail, the inbox, the notice as a page and as a PDF."""

from infra.console.steps import until
from infra.console.visitor import Page, VisitError, Visitor

MEDIA_TYPE = "application/pdf"


def newest_mail(visitor: Visitor, address: str) -> str:
    """Where the newest mail to an address lies at the catcher; empty when there is none."""
    page = visitor.open("/dev/mail/")
    return page.link(address) if address in page.text else ""


def read_mail(visitor: Visitor, address: str, before: str) -> Page:
    """Open the mail that comes after ``before``; it holds nothing personal but the address."""

    def found() -> Page | None:
        newest = newest_mail(visitor, address)
        return visitor.open(newest) if newest != before else None

    return until(found, f"the mail to {address}")


def read_notice(visitor: Visitor, number: str) -> Page:
    """Open the inbox and there the notice of one application."""

    def found() -> Page | None:
        page = visitor.open("/inbox/")
        return visitor.follow_row(number) if number in page.text else None

    return until(found, f"the notice of {number} in the inbox")


def save_notice(visitor: Visitor) -> bytes:
    """Download the signed PDF from the notice's page.  Raises VisitError when it is none."""
    page = visitor.follow("PDF", "保存")
    if page.media_type != MEDIA_TYPE:
        raise VisitError(f"not a PDF but {page.media_type}", page)
    return page.body
