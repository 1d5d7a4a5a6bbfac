"""The resident takes the application back before anything is decided."""

from collections.abc import Callable
from typing import ClassVar

from infra.console import answering, applying, deciding
from infra.console.journeys.grant import OFFICER
from infra.console.journeys.journey import Journey


class Withdrawal(Journey):
    """住宅リフォーム補助金, taken back while it is examined."""

    title: ClassVar[str] = "An application that is taken back"
    procedure: ClassVar[str] = applying.PROCEDURE
    resident: ClassVar[str] = "r-watanabe"
    mail: ClassVar[str] = "tadashi@example.jp"

    def acts(self) -> tuple[Callable[[], None], ...]:
        """What happens, in order."""
        return (
            lambda: self.apply(applying.answers("わたなべ ただし", self.mail)),
            lambda: self.examine(OFFICER),
            self.withdraw,
            self.see_withdrawn,
        )

    def withdraw(self) -> None:
        """One page asks once more."""
        with self.step("withdraw", self.resident, "takes the application back"):
            page = answering.withdraw(self.visitors[self.resident], self.number)
            self.require({"the page does not say it is taken back": "申請を取り下げました" in page.text})

    def see_withdrawn(self) -> None:
        """Nothing is left to decide."""
        officer = self.visitors[OFFICER]
        with self.step("withdrawn", OFFICER, "sees that nothing is left to decide"):
            deciding.see_withdrawn(officer, self.number)
