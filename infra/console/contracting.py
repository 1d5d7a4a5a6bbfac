"""The desk's part of a contract: draft it, see it concluded, fetch its files."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from infra.console.deciding import accepted, open_case
from infra.console.receiving import MEDIA_TYPE
from infra.console.steps import until
from infra.console.visitor import Page, VisitError, Visitor

KIND, CONTRACTOR = "school-lunch-ingredients", "okitama-seika"
CONCLUDED = "契約を結びました。この案件は終わりです。"


def choose(visitor: Visitor, kind: str = KIND, contractor: str = CONTRACTOR) -> Page:
    """Begin a contract: its kind, and with whom."""
    visitor.open("/desk/contracts/new")
    return accepted(visitor.submit({"kind": kind, "contractor": contractor}, button="内容を入力する"))


def draft(visitor: Visitor, values: Mapping[str, str]) -> str:
    """Fill in the fields, and draft; the contract number."""
    typed = {f"field-{name}": value for name, value in values.items()}
    page = accepted(visitor.submit(typed, button="起案する"))
    return urlsplit(page.url).path.rsplit("/", 1)[-1]


def see_listed(visitor: Visitor, number: str) -> Page:
    """The contract in the list, and then its page."""
    visitor.open("/desk/contracts")
    return visitor.follow_row(number)


def see_concluded(visitor: Visitor, number: str) -> Page:
    """Wait until the desk knows that all have agreed and the town has sealed."""

    def found() -> Page | None:
        page = open_case(visitor, number)
        return page if CONCLUDED in page.text else None

    return until(found, f"the conclusion of {number} on the desk")


def fetch_files(visitor: Visitor, number: str) -> tuple[bytes, bytes]:
    """The concluded contract and its certificate, as the desk has them."""
    open_case(visitor, number)
    return _file(visitor, "契約書をPDFで開く"), _file(visitor, "合意締結証明書をPDFで開く")


def _file(visitor: Visitor, words: str) -> bytes:
    page = visitor.follow(words)
    if page.media_type != MEDIA_TYPE:
        raise VisitError(f"not a PDF but {page.media_type}", page)
    return page.body
