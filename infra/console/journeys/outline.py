"""A subsidy under a mere 要綱 is granted: its grant is no 処分, so neither notice nor page speaks of an appeal."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import ClassVar

from infra.console import applying
from infra.console.journeys.journey import Journey
from services.chassis.clock import today

OFFICER, CHIEF, HEAD = "s-yokoyama", "s-abe", "s-ninomiya"
APPEAL = "審査請求"


class Outline(Journey):
    """生ごみ処理機購入補助金: the procedure's legal basis decides which 教示 its notice carries."""

    title: ClassVar[str] = "A subsidy under a mere outline, without appeal"
    procedure: ClassVar[str] = "kitchen-waste"
    resident: ClassVar[str] = "r-takahashi"
    mail: ClassVar[str] = "minori@example.jp"

    def acts(self) -> tuple[Callable[[], None], ...]:
        """What happens, in order."""
        return (
            lambda: self.apply(answers(self.mail)),
            lambda: self.examine(OFFICER),
            lambda: self.draft(OFFICER),
            lambda: self.approve(CHIEF),
            lambda: self.decide(HEAD),
            self.permit,
            lambda: self.receive("outline.pdf"),
            self.look_for_an_appeal,
            self.archive,
        )

    def look_for_an_appeal(self) -> None:
        """There is none."""
        page = self.visitors[self.resident].page
        with self.step("no_appeal", self.resident, "reads a notice that speaks of no appeal"):
            self.require({"a grant under a 要綱 speaks of an appeal": page is not None and APPEAL not in page.text})


def answers(mail: str) -> Mapping[str, applying.Values]:
    """What a resident answers who has bought a machine for kitchen waste."""
    usual = applying.answers("たかはし みのり", mail)
    return {
        "applicant": usual["applicant"],
        "machine": {
            "kind": "electric",
            "product": "まほろば電機 MK-300",
            "cost": "58000",
            "shop": "まほろば電機 高畠店",
            **applying.date_fields("bought", today() - timedelta(days=12)),
        },
        "files": {},
        "account": usual["account"],
        "delivery": usual["delivery"],
    }
