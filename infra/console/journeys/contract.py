"""A contract: drafted and approved at the desk, consented to by the contractor, sealed last by the town."""

from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar

from infra.console import consenting, contracting, deciding, report
from infra.console.journeys.journey import KEEPER, SIGNING_SECONDS, DemoError, Journey
from infra.console.visitor import Visitor
from services.chassis.clock import today
from services.chassis.web.filters import wareki_text

OFFICER, HEAD, VICE_MAYOR = "s-komatsu", "s-kuroda", "s-niinuma"
FILE, CERTIFICATE = "contract.pdf", "contract-certificate.pdf"
AMOUNT = 1_296_000


class Contract(Journey):
    """学校給食用食材購入, with the contractor's own will before the town's seal."""

    title: ClassVar[str] = "A contract, with the contractor's consent and the town's seal"
    procedure: ClassVar[str] = contracting.KIND

    def acts(self) -> tuple[Callable[[], None], ...]:
        """What happens, in order."""
        return (
            self.begin,
            lambda: self.approve(HEAD),
            lambda: self.decide(VICE_MAYOR),
            self.consent,
            self.permit,
            self.fetch,
            self.archive,
        )

    def document(self) -> report.Document:
        """The contract as the report tells it."""
        files = [report.folder(self.layout) / name for name in (FILE, CERTIFICATE)]
        seconds = self.steps.seconds
        return report.contract_document(self.number, self.procedure, self.case_id, seconds, files, self.layout)

    def begin(self) -> None:
        """The officer drafts, and sees the contract checked."""
        officer = self.sign_in(OFFICER, "/desk/contracts")
        with self.step("draft", OFFICER, "chooses kind and contractor, fills in the fields and drafts the contract"):
            contracting.choose(officer)
            self.number = contracting.draft(officer, values())
        self.show(f"contract number {self.number}")
        with self.step("check", OFFICER, "sees the contract as it will be, checked by the compiler"):
            contracting.see_listed(officer, self.number)
            deciding.see_checked(officer, self.number, deciding.CHECKED_CONTRACT)

    def decide(self, head: str) -> None:
        """The one whom the by-laws give this amount decides."""
        visitor = self.sign_in(head, "/desk/")
        with self.step("decide", head, "decides by the power that the by-laws delegate for this amount"):
            deciding.act(visitor, self.number, deciding.DECIDE)

    def consent(self) -> None:
        """The contractor reads the very document, and consents with a second factor."""
        person = self.sign_in(consenting.SUB, "/sign/")
        with self.step("read", consenting.SUB, "is told by mail, and reads the contract"):
            consenting.read_contract(person, self.number)
        with self.step("code", consenting.SUB, "asks for a one-time code and finds it in the mail"):
            code = consenting.ask_for_code(person, Visitor(self.layout.url))
        with self.step("consent", consenting.SUB, "consents; the consent gets a timestamp of its own"):
            consenting.consent(person, code)

    def permit(self) -> None:
        """The town seals last."""
        keeper = self.sign_in(KEEPER, "/seal/")
        with self.step("permit", KEEPER, "permits the seal"):
            deciding.permit_seal(keeper, self.number)
        with self.step("sign", "signing", "seals contract and certificate, checks them, stores them on both sites"):
            self.wait_for("contract_concluded", SIGNING_SECONDS)

    def fetch(self) -> None:
        """Both have the same two files.  Raises DemoError."""
        with self.step("pack", consenting.SUB, "fetches the contract and its certificate"):
            pack = consenting.fetch_pack(self.visitors[consenting.SUB], self.number)
        with self.step("concluded", OFFICER, "sees at the desk that the contract is concluded, and fetches both files"):
            contracting.see_concluded(self.visitors[OFFICER], self.number)
            files = contracting.fetch_files(self.visitors[OFFICER], self.number)
        if files != pack:
            raise DemoError(f"{self.number}: the desk has other files than the contractor")
        for name, pdf in zip((FILE, CERTIFICATE), files, strict=True):
            self.keep(name, pdf)


def values(amount: int = AMOUNT) -> dict[str, str]:
    """What the officer types who buys for the school kitchen; the rest is proposed."""
    start, end = today() + timedelta(days=20), today() + timedelta(days=110)
    return {
        "goods": "青果（じゃがいも、にんじん、たまねぎ）　仕様書のとおり",
        "amount": str(amount),
        "term": "から".join(wareki_text(day, year=True, weekday=False) for day in (start, end)) + "まで",
        "grounds": "3者から見積りを取り、最も低い価格でした。",
    }
