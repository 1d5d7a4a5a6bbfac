"""The officer asks, the resident corrects what was asked, and the town decides on that."""

from collections.abc import Callable
from typing import ClassVar

from infra.console import answering, applying, correcting, receiving
from infra.console.journeys.grant import CHIEF, HEAD, OFFICER
from infra.console.journeys.journey import Journey
from infra.console.visitor import Visitor

KANA = "わたなべ ただし"
TYPED, MEANT = 198_000, 1_980_000
ASKED = "work.cost"
NOTE = "見積書では198万円です。けたを確かめてください。"


class Correction(Journey):
    """住宅リフォーム補助金, asked for with a digit too few."""

    title: ClassVar[str] = "A grant, asked for with a mistake that the office has put right"
    procedure: ClassVar[str] = applying.PROCEDURE
    resident: ClassVar[str] = "r-watanabe"
    mail: ClassVar[str] = "tadashi@example.jp"

    def acts(self) -> tuple[Callable[[], None], ...]:
        """What happens, in order."""
        return (
            lambda: self.apply(applying.answers(KANA, self.mail, TYPED)),
            lambda: self.examine(OFFICER),
            self.ask,
            self.answer,
            self.see_corrected,
            lambda: self.draft(OFFICER),
            lambda: self.approve(CHIEF),
            lambda: self.decide(HEAD),
            self.permit,
            lambda: self.receive("corrected.pdf"),
            self.archive,
        )

    def ask(self) -> None:
        """The clock stops."""
        self.mail_before = receiving.newest_mail(Visitor(self.layout.url), self.mail)
        with self.step("ask", OFFICER, "asks the resident to look at one answer again"):
            correcting.ask(self.visitors[OFFICER], self.number, [ASKED], work__cost=NOTE)

    def answer(self) -> None:
        """The asked question only, with what was answered before."""
        resident = self.visitors[self.resident]
        with self.step("correction_mail", self.resident, "is told by a mail without personal data"):
            receiving.read_mail(Visitor(self.layout.url), self.mail, self.mail_before)
        with self.step("correct", self.resident, "reads what is asked, and corrects it"):
            self.wait_for("correction_requested")
            page = answering.read(resident, self.number)
            self.require(
                {
                    "the page does not show the officer's note": NOTE in page.text,
                    "the page asks more than was asked": "業者" not in page.text,
                }
            )
            answering.answer(resident, {"work__cost": str(MEANT)})

    def see_corrected(self) -> None:
        """The officer sees what has changed."""
        with self.step("corrected", OFFICER, "sees the old and the new answer"):
            correcting.see_answered(self.visitors[OFFICER], self.number)
