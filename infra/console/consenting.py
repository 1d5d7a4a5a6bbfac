"""The contractor's part of a contract: read it, get the code by mail, consent, fetch the files."""

import re
from urllib.parse import urlsplit

from infra.console.deciding import accepted
from infra.console.receiving import MEDIA_TYPE, newest_mail, read_mail
from infra.console.steps import until
from infra.console.visitor import Page, VisitError, Visitor

SUB, MAIL = "c-okitama", "ohnuma@okitama-seika.example.jp"
CODE = re.compile(r"確認コード：(\d{6})")
CONSENTED, CONCLUDED = "次に、町が電子署名をします", "契約を結びました"


def read_contract(visitor: Visitor, number: str) -> Page:
    """Wait until the contract lies before the contractor, and open it."""

    def found() -> Page | None:
        page = visitor.open("/sign/")
        return visitor.follow_row(number) if number in page.text else None

    return until(found, f"contract {number} before {visitor.name}")


def ask_for_code(visitor: Visitor, reader: Visitor, mail: str = MAIL) -> str:
    """From the contract's page: press for a code and read it in the caught mail.  ``reader``: anybody's browser."""
    visitor.follow("内容に同意する")
    before = newest_mail(reader, mail)
    visitor.submit(button="確認コードを送る")
    found = CODE.search(read_mail(reader, mail, before).text)
    if found is None:
        raise VisitError("the mail has no code", reader.page)
    return found[1]


def consent(visitor: Visitor, code: str) -> Page:
    """Enter the code, and wait until the consent has its timestamp."""
    page = visitor.page
    assert page is not None  # noqa: S101 - ask_for_code has opened it
    here = urlsplit(page.url).path.removesuffix("/consent")

    def sent() -> bool | None:
        return "同意して送る" in visitor.open(f"{here}/consent").text or None

    until(sent, "the field for the code")
    accepted(visitor.submit({"one_time_code": code}, button="同意して送る"))
    return see(visitor, here, CONSENTED)


def see(visitor: Visitor, here: str, words: str) -> Page:
    """Wait until the contract's page says so.  ``here``: its path."""

    def found() -> Page | None:
        page = visitor.open(here)
        return page if words in page.text else None

    return until(found, f"「{words}」 on {here}")


def fetch_pack(visitor: Visitor, number: str) -> tuple[bytes, bytes]:
    """Wait for the conclusion, and save the contract and its certificate."""
    page = read_contract(visitor, number)
    see(visitor, urlsplit(page.url).path, CONCLUDED)
    visitor.follow("契約書と証明書を受け取る")
    return _saved(visitor, "契約書（PDF）"), _saved(visitor, "合意締結証明書（PDF）")


def _saved(visitor: Visitor, words: str) -> bytes:
    page = visitor.follow(words)
    if page.media_type != MEDIA_TYPE:
        raise VisitError(f"not a PDF but {page.media_type}", page)
    return page.body
