"""A resident without consent to digital delivery: the office prints the copy, posts it, writes down number and day."""

from collections.abc import Callable
from typing import ClassVar

from infra.console import applying, posting
from infra.console.journeys.grant import CHIEF, HEAD, OFFICER
from infra.console.journeys.journey import Journey
from infra.console.steps import until

KANA = "わたなべ ただし"
RECEIPT = 1_234_567_890
POSTED = "紙でお送りしました"


class Paper(Journey):
    """住宅リフォーム支援事業補助金, received on paper."""

    title: ClassVar[str] = "A result that goes on paper"
    procedure: ClassVar[str] = applying.PROCEDURE
    resident: ClassVar[str] = "r-watanabe"
    mail: ClassVar[str] = "tadashi@example.jp"
    SIGNED: ClassVar[int] = 6  # after so many acts the notice is signed, and waits to be posted

    def acts(self) -> tuple[Callable[[], None], ...]:
        """What happens, in order."""
        answers = applying.answers(KANA, self.mail) | {"delivery": {"how": "paper"}}
        return (
            lambda: self.apply(answers),
            lambda: self.examine(OFFICER),
            lambda: self.draft(OFFICER),
            lambda: self.approve(CHIEF),
            lambda: self.decide(HEAD),
            self.permit,
            self.post,
            self.learn,
            self.archive,
        )

    def post(self) -> None:
        """The officer's task: print, post, write down."""
        officer = self.visitors[OFFICER]
        with self.step("copy", OFFICER, "gets the task and prints the copy (写し)"):
            posting.open_task(officer, self.number)
            posting.print_copy(officer)
        with self.step("post", OFFICER, "posts it and writes down the number of 特定記録 and the day"):
            posting.write_down(officer, RECEIPT)
            self.wait_for("paper_posted")

    def learn(self) -> None:
        """The resident's page says that it was posted; the inbox stays empty."""
        resident = self.visitors[self.resident]
        with self.step("posted", self.resident, "reads that the notice was posted"):
            until(
                lambda: POSTED in resident.open(f"/apply/cases/{self.number}").text or None,
                f"{POSTED} on the page of {self.number}",
            )
        self.require({"the notice lies in the inbox, too": self.number not in resident.open("/inbox/").text})
