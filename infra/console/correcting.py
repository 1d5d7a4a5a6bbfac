"""The staff's part of a correction (補正): ask the applicant to put some answers right, and see that they have come."""

from collections.abc import Mapping, Sequence

from infra.console.deciding import accepted, open_case
from infra.console.steps import until
from infra.console.visitor import Page, Visitor

ASK = "補正を求める"
WAITING, ANSWERED = "申請者の回答待ち", "回答あり"


def ask(visitor: Visitor, number: str, questions: Sequence[str], message: str = "", **notes: str) -> Page:
    """Ask for ``questions`` (topic.question) to be answered anew, until the day that the page offers.

    ``notes``: what is wrong with each, by topic__question.
    """
    open_case(visitor, number)
    visitor.follow(ASK)
    return accepted(visitor.submit(_values(questions, message, notes), button=ASK))


def see_answered(visitor: Visitor, number: str) -> Page:
    """Wait until the desk has the applicant's answer and the case is with the drafter again."""

    def found() -> Page | None:
        page = open_case(visitor, number)
        return page if WAITING not in page.text and ANSWERED in page.text else None

    return until(found, f"the corrected application of {number} on the desk")


def _values(questions: Sequence[str], message: str, notes: Mapping[str, str]) -> dict[str, str | Sequence[str]]:
    written = {f"note-{place.replace('__', '-')}": text for place, text in notes.items()}
    return {"ask": questions, "message": message, **written}
