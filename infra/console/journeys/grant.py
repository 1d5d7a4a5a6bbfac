"""A subsidy is granted: from the form to the notice that is opened, verified and archived."""

from collections.abc import Callable
from typing import ClassVar

from infra.console import applying, deciding
from infra.console.journeys.journey import Journey

RESIDENT, OFFICER, CHIEF, HEAD = "r-takahashi", "s-kanno", "s-endo", "s-takeda"
KANA = "たかはし みのり"


class Grant(Journey):
    """住宅リフォーム支援事業補助金, digitally received."""

    title: ClassVar[str] = "A subsidy, from the form to the signed notice"
    procedure: ClassVar[str] = applying.PROCEDURE
    resident: ClassVar[str] = RESIDENT
    mail: ClassVar[str] = "minori@example.jp"

    def acts(self) -> tuple[Callable[[], None], ...]:
        """What happens, in order."""
        return (
            lambda: self.apply(applying.answers(KANA, self.mail)),
            lambda: self.examine(OFFICER),
            lambda: self.draft(OFFICER),
            lambda: self.approve(CHIEF),
            lambda: self.decide(HEAD),
            self.permit,
            lambda: self.receive("notice.pdf"),
            self.look_back,
            self.archive,
        )

    def look_back(self) -> None:
        """The officer sees that the notice was opened."""
        with self.step("opened", OFFICER, "sees that the notice was opened"):
            deciding.see_opened(self.visitors[OFFICER], self.number)
