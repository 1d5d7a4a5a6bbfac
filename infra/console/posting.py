"""A notice on paper, as the office in charge sends it: the copy, the post office, the number and the day."""

from infra.console.deciding import accepted
from infra.console.steps import until
from infra.console.visitor import Page, VisitError, Visitor
from services.chassis.clock import today

MEDIA_TYPE = "application/pdf"
TASK = "写しを印刷して送る"
REIWA_BEFORE, MODULUS = 2018, 7


def open_task(visitor: Visitor, number: str) -> Page:
    """From the case on the desk to the notice that is to be posted, as soon as the desk knows of it."""

    def found() -> Page | None:
        page = visitor.open(f"/desk/cases/{number}")
        return visitor.follow(TASK) if TASK in page.text else None

    return until(found, f"the task to post {number}")


def print_copy(visitor: Visitor) -> bytes:
    """The copy (写し).  Raises VisitError when it is no PDF."""
    page = visitor.follow("写し（PDF）")
    if page.media_type != MEDIA_TYPE:
        raise VisitError(f"not a PDF but {page.media_type}", page)
    return page.body


def write_down(visitor: Visitor, receipt: int) -> Page:
    """Enter the number of a receipt (its ten digits; the check digit follows) and today."""
    day = today()
    values = {
        "number": f"{receipt:010}{receipt % MODULUS}",
        "on-y": str(day.year - REIWA_BEFORE),
        "on-m": str(day.month),
        "on-d": str(day.day),
    }
    return accepted(visitor.submit(values, button="送ったことを記録する"))
