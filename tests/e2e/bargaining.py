"""A contract in every state, for looking at its pages."""

from urllib.parse import urlsplit

from rich.console import Console

from infra.console import consenting, deciding
from infra.console.journeys import Contract
from infra.console.journeys.contract import HEAD, OFFICER, VICE_MAYOR
from infra.console.journeys.journey import KEEPER
from infra.local.layout import Layout

STATES = ("drafted", "sent_back", "approved", "offered", "declined", "consented", "not_sealed", "concluded")
REASON = "納入できる量が、仕様書より少なくなりました。"


class Bargain(Contract):
    """One contract up to one state; each method is one act of one person."""

    def __init__(self, layout: Layout) -> None:
        super().__init__(layout, Console(quiet=True))

    def sent_back(self) -> None:
        """The head asks for more."""
        visitor = self.sign_in(HEAD, "/desk/")
        deciding.open_case(visitor, self.number)
        visitor.submit(button="差し戻す")
        visitor.submit({"comment": "納入の回数を書いてください。"}, button="差し戻す")

    def approved(self) -> None:
        """The decider's turn."""
        self.approve(HEAD)

    def offered(self) -> None:
        """The contractor's turn."""
        self.approved()
        self.decide(VICE_MAYOR)
        self.wait_for("contract_offered")

    def declined(self) -> None:
        """The contractor says no."""
        self.offered()
        person = self.sign_in(consenting.SUB, "/sign/")
        consenting.read_contract(person, self.number)
        person.follow("同意しない")
        person.submit({"reason": REASON}, button="同意しない")
        self.see("事業者が同意しませんでした")

    def consented(self) -> None:
        """The seal keeper's turn."""
        self.offered()
        self.consent()
        self.see("事業者が同意しました")

    def not_sealed(self) -> None:
        """The seal keeper says no."""
        self.consented()
        keeper = self.sign_in(KEEPER, "/seal/")
        deciding.open_document(keeper, self.number)
        keeper.open(f"{urlsplit(keeper.page.url).path if keeper.page else ''}/refuse")
        keeper.submit({"reason": "金額を確かめてください。"}, button="公印の使用を認めない")
        self.see("公印管守者が、公印の使用を承認しませんでした")

    def concluded(self) -> None:
        """All have agreed, and both have the files."""
        self.consented()
        self.permit()
        self.see("締結した書類")

    def see(self, words: str) -> None:
        """Wait until the desk's page says so."""
        consenting.see(self.visitors[OFFICER], f"/desk/cases/{self.number}", words)


def in_every_state(layout: Layout) -> dict[str, str]:
    """Contract numbers by ``contract_`` and the state."""
    found = {}
    for state in STATES:
        bargain = Bargain(layout)
        bargain.begin()
        if state != "drafted":
            getattr(bargain, state)()
        found[f"contract_{state}"] = bargain.number
    return found
